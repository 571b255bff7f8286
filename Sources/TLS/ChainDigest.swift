// SPDX-License-Identifier: Apache-2.0

/// Names for certificates and chains: lower-case hex SHA-256.
public enum ChainDigest {
    /// Of one certificate, its key in the tables.
    public static func sha256(of certificate: [UInt8]) -> String {
        certificate.withUnsafeBytes { Hex.sha256($0) }
    }

    /// Of a chain as presented: over the DER of its certificates, one behind the other. DER says its own length, so
    /// that two different chains never give the same octets.
    public static func sha256(ofChain chain: [[UInt8]]) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(chain.reduce(0) { $0 + $1.count })
        for certificate in chain { octets += certificate }
        return sha256(of: octets)
    }
}
