// SPDX-License-Identifier: Apache-2.0

/// A public key of a zone (RFC 4034 §2.1).
public struct DNSKEY: Hashable, Sendable {
    /// Flags: zone key 0x0100, secure entry point 0x0001, revoked 0x0080 (RFC 5011 §7).
    public let flags: UInt16
    /// Always 3.
    public let protocolNumber: UInt8
    /// Algorithm number.
    public let algorithm: UInt8
    /// The key in the format of its algorithm.
    public let publicKey: [UInt8]
    /// The tag by which RRSIG and DS point to it; not unique (RFC 4034 appendix B).
    public let keyTag: UInt16

    /// Reads RDATA; nil where it is too short.
    public init?(rdata: [UInt8]) {
        guard rdata.count >= 4 else { return nil }
        flags = UInt16(rdata[0]) << 8 | UInt16(rdata[1])
        protocolNumber = rdata[2]
        algorithm = rdata[3]
        publicKey = Array(rdata[4...])
        keyTag = Self.keyTag(of: rdata)
    }

    /// Whether it may sign zone data: the zone-key flag and protocol 3 (RFC 4034 §2.1.1).
    public var isZoneKey: Bool { flags & 0x0100 != 0 && protocolNumber == 3 }
    /// Whether its owner has revoked it: then it signs nothing but its own revocation (RFC 5011 §2.1).
    public var isRevoked: Bool { flags & 0x0080 != 0 }

    /// RDATA again.
    var rdata: [UInt8] {
        [UInt8(flags >> 8), UInt8(flags & 0xFF), protocolNumber, algorithm] + publicKey
    }

    /// RFC 4034 appendix B: a ones' complement sum; of algorithm 1 (B.1), which nobody here uses, likewise.
    private static func keyTag(of rdata: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for (index, octet) in rdata.enumerated() {
            sum &+= index & 1 == 0 ? UInt32(octet) << 8 : UInt32(octet)
        }
        sum &+= sum >> 16 & 0xFFFF
        return UInt16(sum & 0xFFFF)
    }
}
