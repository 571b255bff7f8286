// SPDX-License-Identifier: Apache-2.0
import Foundation
import SMTP
import Scan

/// The page behind `--info-url`: what a person finds who looked up the address in their log. It says who asks and why,
/// what exactly is sent, how often at most, what is kept, and how to be left alone.
struct InfoPage {
    let ehloName: EHLOName
    let contact: String
    let infoURL: String?
    let addresses: [String]
    let operatorName: String?
    let pace: Pace

    /// The page as Markdown.
    var markdown: String {
        var parts = [
            "# This is a survey of mail servers",
            """
            You have probably come here because **\(ehloName)** has connected to your mail server. It belongs to a survey \
            by \(operatorName ?? contact) that measures how well mail between servers is protected on its way: DNSSEC, \
            STARTTLS, TLS versions, certificates, DANE and MTA-STS. It sends no mail, tries no password, looks for no \
            mailbox and exploits nothing.
            """,
        ]
        if !addresses.isEmpty { parts.append("It connects from " + addresses.joined(separator: ", ") + ".") }
        parts += ["## What is sent", sent, "## How often", often]
        parts += ["## What is kept", kept, "## How to be left alone", leave]
        if let infoURL { parts.append("This page: <\(infoURL)>") }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var sent: String {
        let dialogue = Transcript(ehloName: ehloName).lines
            .map { "    \($0.isOurs ? "C:" : "S:") \($0.text)" }.joined(separator: "\n")
        return """
            A visit is one connection to TCP port 25. The lines marked `C:` are ours, each ending in CR LF, and they are \
            all that is ever sent; the answers are an example. Nothing is said before the greeting is complete, and \
            after a 421 nothing more is said at all.

            \(dialogue)

            Further connections, mostly three, send behind STARTTLS another ClientHello, which asks for one TLS version \
            or group; they are closed without a handshake. Beside this, DNS is asked about the domain, and the policy \
            file of MTA-STS is fetched where the domain announces one.
            """
    }

    private var often: String {
        let address = pace[.address]
        let limits = [
            address.concurrent.map { "\($0) connection\($0 == 1 ? "" : "s") at a time" },
            address.spacing.map { "\(Self.number($0)) s between the beginnings of two" },
            address.perScan.map { "\($0) connections in a whole scan" },
        ].compactMap { $0 }
        return limits.isEmpty
            ? "No limits are set."
            : "For one address, under all the names that lead to it, at most: " + limits.joined(separator: ", ") + "."
    }

    private var kept: String {
        """
        Names and addresses of mail servers, their answers as listed above, their certificates and their DNS records. \
        Statistics and tables of these are published. Who runs a server whose protection fails is told before others.
        """
    }

    private var leave: String {
        """
        Write to <\(contact)> and name your domains, mail servers, addresses or networks. They are entered in the list \
        of those who are never asked, which takes effect within a minute, and what was already recorded in an unfinished \
        scan is removed.
        """
    }

    /// The page as HTML: the Markdown above knows headings, paragraphs and one block of preformatted lines.
    var html: String {
        let body = markdown.split(separator: "\n\n").map { block -> String in
            let text = Self.escaped(String(block))
            if block.hasPrefix("## ") { return "<h2>\(text.dropFirst(3))</h2>" }
            if block.hasPrefix("# ") { return "<h1>\(text.dropFirst(2))</h1>" }
            if block.hasPrefix("    ") { return "<pre>\(text)</pre>" }
            return "<p>\(text.replacing("**", with: "").replacing("`", with: ""))</p>"
        }
        return
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>A survey of mail servers</title>\n"
            + body.joined(separator: "\n") + "\n</html>\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
