// SPDX-License-Identifier: Apache-2.0

/// The product that a greeting names (RFC 5321 §4.2 leaves the text behind 220 to the server): a hint for statistics,
/// which any operator can change. Only products that are listed here are named, so that no free text is published.
public enum BannerSoftware {
    /// What a greeting says, in lower case, and the product's name.
    private static let products: [(mark: String, name: String)] = [
        ("postfix", "Postfix"), ("exim", "Exim"), ("microsoft esmtp mail service", "Microsoft Exchange"),
        ("sendmail", "Sendmail"), ("opensmtpd", "OpenSMTPD"), ("qmail", "qmail"), ("gsmtp", "Google"),
        ("haraka", "Haraka"), ("kumomta", "KumoMTA"), ("ecelerity", "Ecelerity"), ("momentum", "Momentum"),
        ("powermta", "PowerMTA"), ("mdaemon", "MDaemon"), ("mailenable", "MailEnable"),
        ("communigate", "CommuniGate Pro"),
        ("lotus domino", "Domino"), ("domino release", "Domino"), ("groupwise", "GroupWise"),
        ("kerio", "Kerio Connect"),
        ("icewarp", "IceWarp"), ("merak", "IceWarp"), ("zimbra", "Zimbra"), ("stalwart", "Stalwart"), ("mox", "mox"),
        ("maddy", "maddy"), ("apache james", "James"), ("james smtp", "James"), ("courier", "Courier"),
        ("imail", "IMail"), ("smartermail", "SmarterMail"), ("hmailserver", "hMailServer"), ("axigen", "Axigen"),
        ("surgemail", "SurgeMail"), ("mercury", "Mercury"), ("barracuda", "Barracuda"), ("ironport", "IronPort"),
        ("fortimail", "FortiMail"), ("sophos", "Sophos"), ("proofpoint", "Proofpoint"), ("mimecast", "Mimecast"),
        ("messagelabs", "MessageLabs"), ("xmail", "XMail"), ("argosoft", "ArGoSoft"), ("scalix", "Scalix"),
        ("openvms", "OpenVMS"), ("nginx", "nginx"),
    ]

    /// The marks as octets, each with its place in the list, by their first octet: every greeting is looked through once.
    private static let marks: [UInt8: [(place: Int, octets: [UInt8])]] = Dictionary(
        grouping: products.enumerated().map { (place: $0.offset, octets: Array($0.element.mark.utf8)) },
        by: { $0.octets[0] })

    /// `Postfix`, `Exim 4.96`; nil where the greeting names no product that is known here. Of several, the one that comes
    /// first in the list.
    public static func name(in banner: String) -> String? {
        let octets = banner.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        var found: (place: Int, end: Int)?
        for start in octets.indices where start == 0 || !isLetter(octets[start - 1]) {
            for mark in marks[octets[start]] ?? [] where found.map({ mark.place < $0.place }) ?? true {
                guard let end = wordEnd(of: mark.octets, at: start, in: octets) else { continue }
                found = (mark.place, end)
            }
        }
        return found.map { place, end in
            let name = products[place].name
            return version(in: String(decoding: octets[end...], as: UTF8.self)).map { "\(name) \($0)" } ?? name
        }
    }

    /// Where the mark ends, if it stands there and is a whole word.
    private static func wordEnd(of mark: [UInt8], at start: Int, in octets: [UInt8]) -> Int? {
        let end = start + mark.count
        guard end <= octets.count, octets[start..<end].elementsEqual(mark) else { return nil }
        guard end < octets.count else { return end }
        // A host name such as postfix.example.org says nothing about the software.
        return isLetter(octets[end]) || octets[end] == UInt8(ascii: ".") ? nil : end
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte)
    }

    /// The first word behind the mark that reads like a version: digits with at least one dot between them.
    private static func version(in rest: String) -> String? {
        let words = rest.split { " (),;:".contains($0) }.prefix(4)
        for word in words {
            let digits = word.drop { $0 == "v" }.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard digits.contains("."), digits.first != ".", digits.last != "." else { continue }
            return String(digits)
        }
        return nil
    }
}
