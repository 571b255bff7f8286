// SPDX-License-Identifier: Apache-2.0

/// A domain name as DNS compares it (RFC 1035 §3.1, RFC 4343): labels of octets, ASCII letters folded to lower case.
///
/// Held in uncompressed wire form, so that a question is built by copying and two names are equal when their bytes are.
/// The text form is that of the published tables: lower-case A-labels, no trailing dot, `.` for the root; octets that
/// are not printable, and dots inside a label, are written as `\DDD` (RFC 1035 §5.1).
public struct DomainName: Hashable, Sendable {
    /// The name as length-prefixed labels ending in the zero octet of the root; at most 255 octets.
    public let wire: [UInt8]

    /// The root of the tree.
    public static let root = DomainName(validated: [0])

    /// Why a text or a byte sequence is not a domain name.
    public enum Malformed: Error, Hashable, Sendable {
        /// Nothing was written.
        case empty
        /// Two dots in a row, or a leading dot.
        case emptyLabel
        /// A label of more than 63 octets (RFC 1035 §2.3.4).
        case labelTooLong
        /// More than 255 octets on the wire, that is 253 characters of text (RFC 1035 §2.3.4).
        case nameTooLong
        /// A backslash that is not followed by a character or by three digits up to 255.
        case badEscape
        /// Wire octets that end early, go on after the root, or hold a compression pointer.
        case badWire
    }

    init(validated wire: [UInt8]) {
        self.wire = wire
    }

    /// Reads uncompressed wire form; the whole sequence must be one name.
    public init(wire octets: some Sequence<UInt8>) throws(Malformed) {
        var octets = Array(octets)
        guard octets.count <= 255 else { throw .nameTooLong }
        var at = 0
        while at < octets.count, octets[at] != 0 {
            guard octets[at] <= 63 else { throw .badWire }
            at += Int(octets[at]) + 1
        }
        guard at == octets.count - 1 else { throw .badWire }
        for index in octets.indices where octets[index] != Self.lowered(octets[index]) {
            octets[index] = Self.lowered(octets[index])
        }
        wire = octets
    }

    /// Reads presentation form, with or without the final dot. Escapes (`\.`, `\046`) are understood.
    public init(_ text: some StringProtocol) throws(Malformed) {
        let characters = Array(text.utf8)
        guard !characters.isEmpty else { throw .empty }
        if characters == [UInt8(ascii: ".")] {
            wire = [0]
            return
        }
        var wire: [UInt8] = [0]
        wire.reserveCapacity(characters.count + 2)
        var lengthAt = 0
        var at = 0
        while at < characters.count {
            let octet: UInt8
            switch characters[at] {
            case UInt8(ascii: "."):
                guard wire.count - lengthAt > 1 else { throw .emptyLabel }
                lengthAt = wire.count
                wire.append(0)
                at += 1
                continue
            case UInt8(ascii: "\\"):
                octet = try Self.unescape(characters, &at)
            default:
                octet = characters[at]
                at += 1
            }
            wire.append(Self.lowered(octet))
            guard wire.count - lengthAt <= 64 else { throw .labelTooLong }
            wire[lengthAt] += 1
        }
        if wire[lengthAt] != 0 { wire.append(0) }
        guard wire.count <= 255 else { throw .nameTooLong }
        self.wire = wire
    }

    private static func unescape(_ characters: [UInt8], _ at: inout Int) throws(Malformed) -> UInt8 {
        guard at + 1 < characters.count else { throw .badEscape }
        let digits = characters[(at + 1)...].prefix(3)
        guard let first = digits.first, (0x30...0x39).contains(first) else {
            at += 2
            return characters[at - 1]
        }
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { throw .badEscape }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard value <= 255 else { throw .badEscape }
        at += 4
        return UInt8(value)
    }

    private static func lowered(_ octet: UInt8) -> UInt8 {
        (0x41...0x5A).contains(octet) ? octet | 0x20 : octet
    }
}

extension DomainName {
    /// Eight octets at a time: names are the keys of everything that is looked up.
    public func hash(into hasher: inout Hasher) {
        var word: UInt64 = 0
        for (index, octet) in wire.enumerated() {
            word = word << 8 | UInt64(octet)
            if index & 7 == 7 {
                hasher.combine(word)
                word = 0
            }
        }
        hasher.combine(word)
    }
}

extension DomainName: CustomStringConvertible, Comparable {
    /// Presentation form without the final dot; `.` for the root.
    public var description: String {
        guard !isRoot else { return "." }
        var text: [UInt8] = []
        text.reserveCapacity(wire.count)
        var at = 0
        while wire[at] != 0 {
            if at > 0 { text.append(UInt8(ascii: ".")) }
            for octet in wire[(at + 1)...(at + Int(wire[at]))] { Self.escape(octet, into: &text) }
            at += Int(wire[at]) + 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func escape(_ octet: UInt8, into text: inout [UInt8]) {
        switch octet {
        case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: ";"), UInt8(ascii: "@"), UInt8(ascii: "$"):
            text.append(UInt8(ascii: "\\"))
            text.append(octet)
        case 0x21...0x7E:
            text.append(octet)
        default:
            text.append(UInt8(ascii: "\\"))
            text.append(0x30 + octet / 100)
            text.append(0x30 + octet / 10 % 10)
            text.append(0x30 + octet % 10)
        }
    }

    /// Order by text, as the published tables are sorted.
    public static func < (left: DomainName, right: DomainName) -> Bool {
        left.description < right.description
    }
}
