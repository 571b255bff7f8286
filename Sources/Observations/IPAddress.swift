// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address as its octets in network order: 4 or 16 of them.
public struct IPAddress: Hashable, Sendable {
    /// The octets, most significant first.
    public let octets: [UInt8]

    /// The address family, as the tables write it.
    public enum Family: Int, Sendable, CaseIterable {
        /// IPv4, asked for with A.
        case v4 = 4
        /// IPv6, asked for with AAAA.
        case v6 = 6
    }

    /// The family, from the number of octets.
    public var family: Family { octets.count == 4 ? .v4 : .v6 }

    /// Takes 4 or 16 octets; nil for any other number.
    public init?(octets: some Sequence<UInt8>) {
        self.octets = Array(octets)
        guard self.octets.count == 4 || self.octets.count == 16 else { return nil }
    }

    /// Reads dotted decimal (four parts, no leading zeros) or IPv6 text (RFC 4291 §2.2), without brackets or zone.
    public init?(_ text: some StringProtocol) {
        guard let octets = text.utf8.contains(UInt8(ascii: ":")) ? Self.readV6(text) : Self.readV4(text) else {
            return nil
        }
        self.octets = octets
    }

    private static func readV4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = String(text).split(separator: "." as Character, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4 else { return nil }
        var octets: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 0x30, let octet = UInt8(part)
            else { return nil }
            octets.append(octet)
        }
        return octets
    }

    private static func readV6(_ text: some StringProtocol) -> [UInt8]? {
        var groups: [String] = []
        var gap: Int?
        let parts = String(text).split(separator: ":" as Character, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3 else { return nil }
        for (index, part) in parts.enumerated() {
            guard part.isEmpty else {
                groups.append(part)
                continue
            }
            // "::" yields one empty part inside, two at an end of the text; a lone colon at an end is an error.
            let atEdge = index == 0 || index == parts.count - 1
            if atEdge {
                guard (index == 0 ? parts[1] : parts[parts.count - 2]).isEmpty else { return nil }
            } else {
                guard gap == nil else { return nil }
                gap = groups.count
            }
        }
        var tail: [UInt8] = []
        if let last = groups.last, last.contains(".") {
            // RFC 4291 §2.2: the dotted form ends the text, no "::" may follow it.
            guard parts.last == last, let embedded = readV4(last) else { return nil }
            tail = embedded
            groups.removeLast()
        }
        var octets: [UInt8] = []
        for group in groups {
            guard (1...4).contains(group.utf8.count), let value = UInt16(group, radix: 16), !group.hasPrefix("+") else {
                return nil
            }
            octets.append(UInt8(value >> 8))
            octets.append(UInt8(value & 0xFF))
        }
        octets += tail
        if let gap {
            guard octets.count <= 14, gap * 2 <= octets.count else { return nil }
            octets.insert(contentsOf: [UInt8](repeating: 0, count: 16 - octets.count), at: gap * 2)
        }
        return octets.count == 16 ? octets : nil
    }
}

extension IPAddress: CustomStringConvertible {
    /// Canonical text: dotted decimal, or RFC 5952 for IPv6.
    public var description: String {
        family == .v4 ? octets.map(String.init).joined(separator: ".") : Self.compressed(groups)
    }

    private var groups: [Int] {
        stride(from: 0, to: 16, by: 2).map { Int(octets[$0]) << 8 | Int(octets[$0 + 1]) }
    }

    /// RFC 5952 §4.2: the longest run of at least two zero groups, the first of equals, becomes "::".
    private static func compressed(_ groups: [Int]) -> String {
        if groups.prefix(5).allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            let quad = groups.suffix(2).flatMap { [$0 >> 8, $0 & 0xFF] }
            return "::ffff:" + quad.map(String.init).joined(separator: ".")
        }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > best.count { best = start..<end }
            start = max(end, start + 1)
        }
        func text(_ part: some Sequence<Int>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard best.count >= 2 else { return text(groups) }
        return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }
}
