// SPDX-License-Identifier: Apache-2.0

/// A range of addresses written as `192.0.2.0/24` or `2001:db8::/32` (RFC 4632).
public struct IPPrefix: Hashable, Sendable {
    /// The first address of the range.
    public let base: IPAddress
    /// How many leading bits are fixed: 0...32 or 0...128.
    public let length: Int

    /// Reads `address/length`; a bare address is a prefix of full length. Nil where it is neither. Host bits are
    /// allowed and ignored, since opt-out lists are written by people.
    public init?(_ text: some StringProtocol) {
        let parts = String(text).split(separator: "/" as Character, omittingEmptySubsequences: false).map(String.init)
        guard let base = parts.first.flatMap({ IPAddress($0) }), parts.count <= 2 else { return nil }
        let bits = base.octets.count * 8
        if parts.count == 2 {
            // Digits alone: `/-0` read as a number would be the whole internet.
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
        }
        guard let length = parts.count == 2 ? Int(parts[1]) : bits, (0...bits).contains(length) else { return nil }
        self.base = base
        self.length = length
    }

    /// Whether the address is of the same family and inside the range.
    public func contains(_ address: IPAddress) -> Bool {
        guard address.octets.count == base.octets.count else { return false }
        let whole = length / 8
        guard address.octets[..<whole].elementsEqual(base.octets[..<whole]) else { return false }
        let rest = length % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - rest))
        return address.octets[whole] & mask == base.octets[whole] & mask
    }
}

extension IPPrefix: CustomStringConvertible {
    /// As it is written: `192.0.2.0/24`.
    public var description: String { "\(base)/\(length)" }

    /// The same range, written with the first address of it.
    public var withoutHostBits: IPPrefix { IPPrefix(base: base.masked(to: length), length: length) }

    private init(base: IPAddress, length: Int) {
        self.base = base
        self.length = length
    }
}

extension IPAddress {
    /// The address with all bits behind the first `length` cleared.
    public func masked(to length: Int) -> IPAddress {
        let masked = octets.enumerated().map { index, octet in
            let kept = min(max(length - index * 8, 0), 8)
            return octet & UInt8(truncatingIfNeeded: 0xFF << (8 - kept))
        }
        return IPAddress(octets: masked) ?? self
    }
}
