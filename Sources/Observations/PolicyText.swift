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
        self.init(Array(records.joined(separator: Self.bar)))
    }

    private static let bar: [UInt8] = [0x20, 0x7C, 0x20]

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

extension PolicyText {
    /// The octets that a text stands for, as it was kept; nil where it is so long that it may have been cut.
    ///
    /// A backslash is kept as it was published. One with the digits of an octet that would be escaped behind it is taken
    /// for that octet.
    public static func octets(of kept: String) -> [UInt8]? {
        var remaining = Array(kept.utf8)[...]
        // The piece that no longer fitted had four octets at most.
        guard remaining.count <= limit - 4 else { return nil }
        var octets: [UInt8] = []
        while let first = remaining.popFirst() {
            let digits = remaining.prefix(3)
            if first == UInt8(ascii: "\\"), let octet = escapedOctet(digits) {
                octets.append(octet)
                remaining = remaining.dropFirst(3)
            } else {
                octets.append(first)
            }
        }
        return octets
    }

    /// The records of which a text was made, as it was kept; nil where it may have been cut.
    public static func records(of kept: String) -> [[UInt8]]? {
        octets(of: kept).map { $0.split(separator: bar, omittingEmptySubsequences: false).map(Array.init) }
    }

    private static func escapedOctet(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let octet = UInt8(String(decoding: digits, as: UTF8.self)), octet < 0x20 || octet >= 0x7F
        else { return nil }
        return octet
    }
}
