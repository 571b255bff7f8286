// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The grammars of the RFCs once more, as regular expressions over octets (Latin-1), written from their ABNF and from
/// nothing else: what a parser takes must be what they take.
enum Grammar {
    private static let name = "[A-Za-z0-9][-A-Za-z0-9_.]{0,31}"
    private static let value = "[\\x21-\\x3A\\x3C\\x3E-\\x7E]+"
    private static let delimiter = "[ \\t]*;[ \\t]*"

    /// RFC 8461 §3.1 `sts-text-record`, white space at the end allowed, without the values of `id`.
    static let stsRecord = expression(
        "v=STSv1\(delimiter)(?:id=[^;]*|(?!id=)\(name)=\(value))"
            + "(?:\(delimiter)(?:id=[^;]*|(?!id=)\(name)=\(value)))*[ \\t]*(?:\(delimiter))?")

    /// RFC 8460 §3 `tlsrpt-record`, white space at the end allowed; of URIs only the characters are looked at.
    static let tlsrptRecord = expression(
        "v=TLSRPTv1\(delimiter)(?:rua=\(uris)|(?!rua=)\(name)=\(value))"
            + "(?:\(delimiter)(?:rua=\(uris)|(?!rua=)\(name)=\(value)))*[ \\t]*(?:\(delimiter))?")
    private static let uris = "\(uri)(?:[ \\t]*,[ \\t]*\(uri))*"
    private static let uri = "[A-Za-z][-+.A-Za-z0-9]*:[\\x22-\\x2B\\x2D-\\x3A\\x3C-\\x7E]+"

    /// RFC 7208 §12: a record behind its version, as §4.6.1 splits it.
    static let spfRecord: NSRegularExpression = {
        let transformed = "(?:[0-9]*[1-9][0-9]*)?[rR]?[-.+,/_=]*\\}"
        let macro = "%\\{[slodiphvSLODIPHV]\(transformed)"
        let literal = "%%|%_|%-|[\\x21-\\x24\\x26-\\x7E]"
        let string = "(?:\(macro)|\(literal))*"
        // Names are built without `c`, `r` and `t` (§7.2); the value of a modifier that nobody knows is any macro-string.
        let anyString = "(?:%\\{[slodiphcrtvSLODIPHCRTV]\(transformed)|\(literal))*"
        let label = "(?:[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9]+-[-A-Za-z0-9]*[A-Za-z0-9])"
        let spec = "\(string)(?:\\.\(label)\\.?|\(macro)|%%|%_|%-)"
        let v4 = "/(?:[0-9]|[12][0-9]|3[0-2])"
        let v6 = "/(?:[0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])"
        let octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
        let mechanisms = [
            "all", "(?:include|exists):\(spec)", "(?:a|mx)(?::\(spec))?(?:\(v4))?(?:/\(v6))?", "ptr(?::\(spec))?",
            "ip4:\(octet)(?:\\.\(octet)){3}(?:\(v4))?", "ip6:[0-9a-f:.]+(?:\(v6))?",
        ]
        let modifier = "(?:redirect|exp)=\(spec)|(?!(?:redirect|exp)=)[a-z][-a-z0-9_.]*=\(anyString)"
        return expression(
            "v=spf1(?: +(?:[-+?~]?(?:\(mechanisms.joined(separator: "|")))|\(modifier)))* *",
            .caseInsensitive)
    }()

    /// RFC 8461 §3.2: what a line of a policy can be, and what the three keys that are there once can say.
    static let policyLine = expression(
        "(?:mx|version|mode|max_age):.*|(?!(?:mx|version|mode|max_age):)\(name):[ \\t]*"
            + "[\\x21-\\x7E\\x80-\\xFF](?:[\\x20-\\x7E\\x80-\\xFF]*[\\x21-\\x7E\\x80-\\xFF])?[ \\t]*")
    static let version = expression("STSv1")
    static let mode = expression("enforce|testing|none")
    static let seconds = expression("[0-9]{1,10}")
    static let mxPattern = expression(
        "(?=.{1,255}\\z)(?:\\*\\.)?(?![0-9]+(?:\\.[0-9]+){3}\\z)\(ldh)(?:\\.\(ldh))*")
    private static let ldh = "[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?"

    /// RFC 9989 §4.8: `dmarc-record`, values not looked at, white space at the end allowed.
    static let tagList = tagList(name: "[A-Za-z]+")
    /// The same with the names of RFC 6376 §3.2, which RFC 7489 takes its syntax from.
    static let oldTagList = tagList(name: "[A-Za-z][A-Za-z0-9_]*")

    private static func tagList(name: String) -> NSRegularExpression {
        expression(
            "[vV][ \\t]*=[ \\t]*DMARC1(?:\(delimiter)\(name)[ \\t]*=[ \\t]*[\\t\\x20-\\x3A\\x3C-\\x7E]*"
                + "[\\x21-\\x3A\\x3C-\\x7E])*[ \\t]*(?:\(delimiter))?")
    }

    /// What is beside the grammar of SPF: `redirect` and `exp` at most once (§6), and IPv6 addresses that are some.
    static func hasEachOnce(_ record: [UInt8]) -> Bool {
        let terms = String(decoding: record, as: UTF8.self).lowercased().split(separator: " ")
        let isOnce = ["redirect=", "exp="].allSatisfy { name in terms.count { $0.hasPrefix(name) } <= 1 }
        return isOnce
            && terms.allSatisfy { term in
                let mechanism = term.drop { "+-?~".contains($0) }
                guard mechanism.hasPrefix("ip6:") else { return true }
                let address = mechanism.dropFirst(4).prefix { $0 != "/" }
                var octets = in6_addr()
                return inet_pton(AF_INET6, String(address), &octets) == 1
            }
    }

    /// What the first group of the first match holds, without white space at its end.
    static func firstCapture(_ octets: [UInt8], _ expression: NSRegularExpression) -> ArraySlice<UInt8>? {
        let all = NSRange(location: 0, length: octets.count)
        guard let range = expression.firstMatch(in: latin1(octets), range: all)?.range(at: 1) else { return nil }
        var found = octets[range.location..<(range.location + range.length)]
        while let last = found.last, last == 0x20 || last == 0x09 { found.removeLast() }
        return found
    }

    private static func latin1(_ octets: [UInt8]) -> String {
        String(String.UnicodeScalarView(octets.map { Unicode.Scalar($0) }))
    }

    /// Whether all of the octets are what the expression describes.
    static func matches(_ octets: [UInt8], _ expression: NSRegularExpression) -> Bool {
        let all = NSRange(location: 0, length: octets.count)
        return expression.firstMatch(in: latin1(octets), range: all)?.range == all
    }

    private static func expression(
        _ pattern: String, _ options: NSRegularExpression.Options = []
    ) -> NSRegularExpression {
        do {
            return try NSRegularExpression(
                pattern: "\\A(?:\(pattern))\\z", options: options.union(.dotMatchesLineSeparators))
        } catch {
            preconditionFailure("\(pattern): \(error)")
        }
    }
}
