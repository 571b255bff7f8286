// SPDX-License-Identifier: Apache-2.0

/// One reply of an SMTP server: three digits and the text of its lines (RFC 5321 §4.2).
public struct SMTPReply: Hashable, Sendable {
    /// 200...599. Of a reply whose lines differ in code, the last line's: a teaser that says `220-` may be followed by
    /// a refusal, and it is the last line that the server means.
    public let code: Int
    /// The text behind code and separator, line by line; octets that are not UTF-8 have become U+FFFD.
    public let lines: [String]

    /// Takes the code and the text of each line, at least one.
    public init(code: Int, lines: [String]) {
        self.code = code
        self.lines = lines
    }

    /// 4yz: refused for now (RFC 5321 §4.2.1).
    public var isTransientRefusal: Bool { code / 100 == 4 }
    /// 5yz: refused for good (RFC 5321 §4.2.1).
    public var isPermanentRefusal: Bool { code / 100 == 5 }

    /// The lines on one line, at most 200 characters, with control characters shown as `?`: fit for a table.
    public var clippedText: String {
        Self.clipped(lines.joined(separator: " "))
    }

    /// At most 200 characters of a text from the network, control characters shown as `?`, spaces at the ends removed.
    public static func clipped(_ text: some StringProtocol) -> String {
        var clipped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.drop(while: { $0 == " " }) {
            guard clipped.count < 200 else { break }
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            clipped.append(isControl ? "?" : scalar)
        }
        while clipped.last == " " { clipped.removeLast() }
        return String(clipped)
    }
}
