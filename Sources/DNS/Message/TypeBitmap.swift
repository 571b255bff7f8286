// SPDX-License-Identifier: Apache-2.0

/// The types that exist at a name, as NSEC and NSEC3 list them (RFC 4034 §4.1.2): windows of 256 types, each a number,
/// a length of 1...32 and that many octets, in rising order.
public struct TypeBitmap: Hashable, Sendable {
    private let octets: [UInt8]

    /// Reads the field; nil where windows are out of order, empty, too long or cut off.
    public init?(_ octets: some Collection<UInt8>) {
        self.octets = Array(octets)
        var at = 0
        var lastWindow = -1
        while at < self.octets.count {
            guard at + 1 < self.octets.count else { return nil }
            let window = Int(self.octets[at])
            let length = Int(self.octets[at + 1])
            guard window > lastWindow, (1...32).contains(length), at + 2 + length <= self.octets.count else {
                return nil
            }
            lastWindow = window
            at += 2 + length
        }
    }

    /// Whether the type is listed.
    public func contains(_ type: RecordType) -> Bool {
        let window = UInt8(type.rawValue >> 8)
        let bit = Int(type.rawValue & 0xFF)
        var at = 0
        while at < octets.count, octets[at] <= window {
            let length = Int(octets[at + 1])
            if octets[at] == window {
                return bit / 8 < length && octets[at + 2 + bit / 8] & (0x80 >> UInt8(bit % 8)) != 0
            }
            at += 2 + length
        }
        return false
    }
}
