// SPDX-License-Identifier: Apache-2.0

public import Observations

/// A signature over one RRset (RFC 4034 §3.1).
public struct RRSIG: Hashable, Sendable {
    /// Type of the RRset that is signed.
    public let typeCovered: RecordType
    /// Algorithm number (IANA DNS Security Algorithm Numbers).
    public let algorithm: UInt8
    /// Labels of the owner when it was signed, a leading `*` and the root not counted: fewer than the owner has means
    /// that a wildcard was expanded.
    public let labels: Int
    /// TTL when it was signed.
    public let originalTTL: UInt32
    /// Not valid after: seconds since 1970 modulo 2^32, compared as RFC 1982 serial numbers.
    public let expiration: UInt32
    /// Not valid before, likewise.
    public let inception: UInt32
    /// Tag of the key that made it: a hint, not a name.
    public let keyTag: UInt16
    /// The zone whose key made it.
    public let signer: DomainName
    /// The signature itself.
    public let signature: [UInt8]
    /// TTL of the RRSIG record.
    public let ttl: UInt32

    /// Reads RDATA without compression; nil where it is too short or the signer is no name.
    public init?(rdata: [UInt8], ttl: UInt32) {
        var reader = WireReader(rdata)
        do {
            typeCovered = RecordType(rawValue: try reader.readUInt16())
            algorithm = try reader.readUInt8()
            labels = Int(try reader.readUInt8())
            originalTTL = try reader.readUInt32()
            expiration = try reader.readUInt32()
            inception = try reader.readUInt32()
            keyTag = try reader.readUInt16()
            signer = try reader.readName()
            signature = reader.readRest()
            self.ttl = ttl
        } catch {
            return nil
        }
    }
}
