// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What `check` says about policies that are broken.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LivePolicyAdviceTests {
    /// Whatever is wrong in the lab: what it is, by which RFC, what others make of it, and a record or a file that is right.
    /// About what is sound nothing is said.
    @Test func checkHasAWayOutOfEverythingThatIsBroken() throws {
        let lab = try Lab.required()
        let policies = try lab.description()["policies"] as? [String: [String: Any]] ?? [:]
        let page = try Program.run(["check", "--format", "json"] + policies.keys.sorted() + lab.options)
        let reports = try #require(
            try JSONSerialization.jsonObject(with: Data(page.output.utf8)) as? [[String: Any]], "\(page.errors)")
        #expect(reports.count == policies.count)
        var broken = 0
        for report in reports {
            let domain = report["domain"] as? String ?? ""
            let expect = policies[domain] ?? [:]
            for (kind, title, rfc) in [
                ("mta_sts", "MTA-STS", "RFC 8461"), ("tlsrpt", "TLS-RPT", "RFC 8460"), ("spf", "SPF", "RFC 7208"),
                ("dmarc", "DMARC", "RFC 9"),
            ] {
                guard let stated = expect[kind] as? [String: Any] else { continue }
                let lines = (report["advice"] as? [String] ?? []).filter { $0.contains(title) }
                let isBroken = kind == "mta_sts" ? Self.isBroken(stated) : Self.isBroken(outcome: stated["outcome"])
                let isRemarkable =
                    (expect["flags"] as? [String] ?? []).contains { $0 != "unknown_key" }
                    || stated["effective"] as? String == "+"
                #expect(isBroken || isRemarkable || lines.isEmpty, "\(domain): \(lines)")
                guard isBroken else { continue }
                broken += 1
                #expect(lines.count == 1, "\(domain): \(lines)")
                let text = lines.joined()
                #expect(
                    text.contains(rfc) && ["Right: ", "Without it: "].contains(where: text.contains),
                    "\(domain): \(text)")
                #expect(kind != "mta_sts" || text.contains("senders"), "\(domain): \(text)")
            }
        }
        #expect(broken > 80)
    }

    private static func isBroken(_ stated: [String: Any]) -> Bool {
        let word = { (column: String) in stated[column] as? String ?? "" }
        guard word("record") == "valid" else { return word("record") != "absent" }
        return word("fetch") != "ok" || !word("policy").hasPrefix("valid_")
            || ["some", "none"].contains(word("match_domain"))
    }

    /// Of what is only not known now, nothing is to be mended in these records.
    private static func isBroken(outcome: Any?) -> Bool {
        !["valid", "absent", "dns_tempfail"].contains(outcome as? String ?? "absent")
    }

    /// The broken part, what the RFC says of it, and what would be right.
    @Test func checkSaysWhichPartIsBrokenAndWhatWouldBeRight() throws {
        let lab = try Lab.required()
        let broken = [
            ("several.sts.beta", "more than one MTA-STS record", "_mta-sts.several.sts.beta. TXT"),
            ("nxhost.sts.beta", "a host that does not exist (RFC 8461 §3.3)", "record at `mta-sts.nxhost.sts.beta.`"),
            ("wrongname.sts.beta", "certificate is for other names", "DNS names include `mta-sts.wrongname.sts.beta`"),
            (
                "redirect.sts.beta", "a redirect, which senders must not follow",
                "status 200, `Content-Type: text/plain`"
            ),
            ("nomode.sts.beta", "has no `mode` (RFC 8461 §3.2)", "mode: testing"),
            ("mismatch.sts.beta", "senders deliver no mail to them", "mx: mx1.good.alpha"),
        ]
        for (domain, fault, right) in broken {
            let page = try Program.run(["check", domain] + lab.options).output
            #expect(page.contains(fault) && page.contains(right), "\(page)")
        }
    }
}
