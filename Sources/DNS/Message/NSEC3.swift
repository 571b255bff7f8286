// SPDX-License-Identifier: Apache-2.0

/// Says that no hashed name lies between its owner and the next, and which types its owner has (RFC 5155 §3).
public struct NSEC3: Hashable, Sendable {
    /// Hash algorithm: 1 is SHA-1, there is no other.
    public let hashAlgorithm: UInt8
    /// Opt-out: unsigned delegations may lie in the gap (RFC 5155 §6).
    public let optOut: Bool
    /// Whether flags are set that no RFC defines: such a record must be ignored (RFC 5155 §8.2).
    public let hasUnknownFlags: Bool
    /// How many times the hash is hashed again.
    public let iterations: Int
    /// Octets that go into each hash.
    public let salt: [UInt8]
    /// The next hash of the zone, as octets.
    public let nextHash: [UInt8]
    /// The types at the owner.
    public let types: TypeBitmap

    /// Reads RDATA; nil where it breaks the format.
    public init?(rdata: [UInt8]) {
        var reader = WireReader(rdata)
        do {
            hashAlgorithm = try reader.readUInt8()
            let flags = try reader.readUInt8()
            optOut = flags & 1 != 0
            hasUnknownFlags = flags & 0xFE != 0
            iterations = Int(try reader.readUInt16())
            salt = try reader.readBytes(Int(try reader.readUInt8()))
            nextHash = try reader.readBytes(Int(try reader.readUInt8()))
            guard !nextHash.isEmpty, let types = TypeBitmap(reader.readRest()) else { return nil }
            self.types = types
        } catch {
            return nil
        }
    }
}
