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

    /// `Postfix`, `Exim 4.96`; nil where the greeting names no product that is known here.
    public static func name(in banner: String) -> String? {
        let text = banner.lowercased()
        for product in products {
            guard let end = wordEnd(of: product.mark, in: text) else { continue }
            return version(in: text[end...]).map { "\(product.name) \($0)" } ?? product.name
        }
        return nil
    }

    /// Where the mark ends, if it stands there as a word of its own.
    private static func wordEnd(of mark: String, in text: String) -> String.Index? {
        let bytes = Array(text.utf8)
        let wanted = Array(mark.utf8)
        guard bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count) where bytes[start..<(start + wanted.count)].elementsEqual(wanted)
        {
            let startsWord = start == 0 || !isLetter(bytes[start - 1])
            let end = start + wanted.count
            let endsWord = end == bytes.count || !isLetter(bytes[end])
            // A host name such as postfix.example.org says nothing about the software.
            let inHostName = end < bytes.count && bytes[end] == UInt8(ascii: ".")
            if startsWord, endsWord, !inHostName { return text.utf8.index(text.startIndex, offsetBy: end) }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte)
    }

    /// The first word behind the mark that reads like a version: digits with at least one dot between them.
    private static func version(in rest: Substring) -> String? {
        let words = rest.split { " (),;:".contains($0) }.prefix(4)
        for word in words {
            let digits = word.drop { $0 == "v" }.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard digits.contains("."), digits.first != ".", digits.last != "." else { continue }
            return String(digits)
        }
        return nil
    }
}
