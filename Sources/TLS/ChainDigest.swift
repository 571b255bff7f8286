// SPDX-License-Identifier: Apache-2.0

/// Names for certificates and chains: lower-case hex SHA-256.
public enum ChainDigest {
    /// Of one certificate, its key in the tables.
    public static func sha256(of certificate: [UInt8]) -> String {
        certificate.withUnsafeBytes { Hex.sha256($0) }
    }

    /// Of a chain as presented: over the DER of its certificates, one behind the other. DER says its own length, so
    /// that two different chains of certificates never give the same octets. What a server shows need not be DER, though:
    /// two certificates sent as one would share the name of the chain that they are, and whoever shows such a thing first
    /// would decide what is recorded of others. Such chains are told apart by a length before each item.
    public static func sha256(ofChain chain: [[UInt8]]) -> String {
        let saysItsLength = chain.allSatisfy(isOneSequence)
        var octets: [UInt8] = []
        octets.reserveCapacity(chain.reduce(0) { $0 + $1.count + 3 })
        for item in chain {
            // Zeros, since no item is that long: a certificate never begins so.
            if !saysItsLength { octets += (0..<8).reversed().map { UInt8(truncatingIfNeeded: item.count >> ($0 * 8)) } }
            octets += item
        }
        return sha256(of: octets)
    }

    /// Whether the octets are one SEQUENCE with its length, and nothing behind it (X.690 §8.1.3).
    private static func isOneSequence(_ octets: [UInt8]) -> Bool {
        guard octets.count >= 2, octets[0] == 0x30 else { return false }
        let lengthOctets = octets[1] < 0x80 ? 0 : Int(octets[1] & 0x7F)
        guard octets[1] != 0x80, lengthOctets <= 4, octets.count >= 2 + lengthOctets else { return false }
        let length = lengthOctets == 0 ? Int(octets[1]) : octets[2..<(2 + lengthOctets)].reduce(0) { $0 << 8 | Int($1) }
        return octets.count == 2 + lengthOctets + length
    }
}
