// SPDX-License-Identifier: Apache-2.0

import Observations

/// What a positive reply to EHLO says (RFC 5321 §4.1.1.1).
///
///     250-mx.example.net greets you      the first line is free text: no keyword stands there
///     250-SIZE 10240000                  each later line is a keyword and its parameters
///     250 STARTTLS
struct EHLOReply {
    /// Keyword in capitals and parameters, in the server's order.
    let extensions: [String]
    private let keywords: [String]

    init(_ reply: SMTPReply) {
        var extensions: [String] = []
        var keywords: [String] = []
        for line in reply.lines.dropFirst() {
            let words = SMTPReply.clipped(line).utf8.split(separator: UInt8(ascii: " "))
            guard let keyword = words.first.map(Self.inCapitals) else { continue }
            keywords.append(keyword)
            extensions.append(words.dropFirst().reduce(keyword) { "\($0) \(Substring($1))" })
        }
        self.extensions = extensions
        self.keywords = keywords
    }

    /// Capitals of ASCII alone: letters beyond it are no keyword's (RFC 5321 §4.1.1.1), and some have capitals within it.
    private static func inCapitals(_ word: Substring.UTF8View) -> String {
        String(decoding: word.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
    }

    /// The keyword of RFC 3207 §2, which like all keywords has no case (RFC 5321 §2.4).
    var offersSTARTTLS: Bool { keywords.contains("STARTTLS") }

    /// Whether a keyword as long as `STARTTLS` has been overwritten on the way: middleboxes that strip TLS keep the
    /// length and write `XXXXXXXX` or, counting, `XXXXXXXA`, `XXXXXXXB` (Durumeric et al., IMC 2015). Masks of another
    /// length stand over other keywords and say nothing about TLS.
    var hasMaskedKeyword: Bool {
        keywords.contains { keyword in
            keyword.utf8.count == "STARTTLS".utf8.count
                && keyword.utf8.dropLast().allSatisfy { $0 == UInt8(ascii: "X") }
                && keyword.utf8.last.map { (0x41...0x5A).contains($0) } == true
        }
    }
}
