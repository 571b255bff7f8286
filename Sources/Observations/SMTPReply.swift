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

    /// At most 200 characters of a text from the network, control characters shown as `?` and tabs as spaces, spaces
    /// at the ends removed.
    public static func clipped(_ text: some StringProtocol) -> String {
        let limit = 200
        // Nearly every reply is plain ASCII, where octets are characters.
        var octets = Array(text.utf8)[...]
        if octets.allSatisfy({ (0x20...0x7E).contains($0) }) {
            octets = octets.drop { $0 == 0x20 }.prefix(limit)
            while octets.last == 0x20 { octets.removeLast() }
            return String(decoding: octets, as: UTF8.self)
        }
        var kept = text.unicodeScalars.drop { $0 == " " || $0 == "\t" }.prefix(limit).map { scalar in
            if scalar == "\t" { return " " as Unicode.Scalar }
            return scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "?" : scalar
        }
        while kept.last == " " { kept.removeLast() }
        var clipped = String.UnicodeScalarView()
        clipped.append(contentsOf: kept)
        return String(clipped)
    }
}
