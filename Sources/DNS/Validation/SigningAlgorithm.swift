// SPDX-License-Identifier: Apache-2.0

/// The signing algorithms that count here (IANA DNS Security Algorithm Numbers, RFC 8624 §3.1).
///
/// Zones signed with others only are insecure (RFC 4035 §5.2), among them 1 (RSA/MD5), 3 and 6 (DSA), which are to be
/// refused, and 12 (GOST), which nobody has.
enum SigningAlgorithm: UInt8 {
    /// RFC 3110; by RFC 9905 a thing of the past.
    case rsaSHA1 = 5
    /// The same, with NSEC3 (RFC 5155 §2).
    case rsaSHA1NSEC3 = 7
    /// RFC 5702.
    case rsaSHA256 = 8
    /// RFC 5702.
    case rsaSHA512 = 10
    /// RFC 6605.
    case ecdsaP256 = 13
    /// RFC 6605.
    case ecdsaP384 = 14
    /// RFC 8080.
    case ed25519 = 15
    /// RFC 8080.
    case ed448 = 16

    /// Whether its signatures are over SHA-1.
    var usesSHA1: Bool { self == .rsaSHA1 || self == .rsaSHA1NSEC3 }

    /// The algorithm of a number under a policy; nil where it is unknown or counts as such.
    init?(number: UInt8, policy: SHA1Policy) {
        self.init(rawValue: number)
        if usesSHA1, policy == .insecure { return nil }
    }
}
