// SPDX-License-Identifier: Apache-2.0

/// The text of a published policy as it is kept: what was published, and never more than 2 KiB of it.
///
/// TXT records hold octets (RFC 1035 §3.3.14). UTF-8 stays as it is; control characters and octets that are no UTF-8 are
/// written as `\DDD` (RFC 1035 §5.1), so that the text fits a database and a terminal.
public struct PolicyText: Hashable, Sendable {
    /// Octets of UTF-8 that are kept.
    public static let limit = 2_048

    /// The text, cut at the edge of a character.
    public let text: String
    /// Whether there was more.
    public let isTruncated: Bool

    /// Reads what was published.
    public init(_ octets: some Collection<UInt8>) {
        // Nearly all that is published is ASCII, and short.
        guard octets.count > Self.limit || !octets.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            (text, isTruncated) = (String(decoding: octets, as: UTF8.self), false)
            return
        }
        var kept = ""
        var size = 0
        var remaining = octets[...]
        var isTruncated = false
        while let first = remaining.first {
            let length = Self.sequenceLength(first)
            let piece = remaining.prefix(length)
            let character = piece.count == length ? String(validating: piece, as: UTF8.self) : nil
            let isPlain = character.map { $0 != "\u{7F}" && first >= 0x20 } ?? false
            let written = isPlain ? character ?? "" : Self.escaped(first)
            size += written.utf8.count
            guard size <= Self.limit else {
                isTruncated = true
                break
            }
            kept += written
            remaining = remaining.dropFirst(isPlain ? length : 1)
        }
        text = kept
        self.isTruncated = isTruncated
    }

    /// Several records, with a bar between them.
    public init(records: [[UInt8]]) {
        self.init(Array(records.joined(separator: [0x20, 0x7C, 0x20])))
    }

    /// Octets of the UTF-8 sequence that this octet begins (RFC 3629 §3); 1 where it begins none.
    private static func sequenceLength(_ first: UInt8) -> Int {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }

    private static func escaped(_ octet: UInt8) -> String {
        "\\" + (octet < 100 ? "0" : "") + (octet < 10 ? "0" : "") + "\(octet)"
    }
}
