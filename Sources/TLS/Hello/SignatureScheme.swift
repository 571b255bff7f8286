// SPDX-License-Identifier: Apache-2.0

/// A signature algorithm by its number on the wire (RFC 8446 §4.2.3; before TLS 1.3 a hash and a signature, RFC 5246
/// §7.4.1.4.1).
public struct SignatureScheme: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The two octets on the wire.
    public let rawValue: UInt16

    /// Takes the number, known or not.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The IANA name, or one in the same manner for TLS 1.2's pairs; the number in hex where there is neither.
    public var name: String { Self.names[rawValue] ?? RegistryNumber.hex(rawValue) }
    /// The name.
    public var description: String { name }

    /// What our hellos offer: all but MD5, since a server takes its pick and what counts is that it finds one.
    static let offered = [
        0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601,
        0x081A, 0x081B, 0x081C, 0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0302, 0x0202,
    ].map { SignatureScheme(rawValue: $0) }

    private static let names: [UInt16: String] = [
        0x0101: "rsa_pkcs1_md5", 0x0201: "rsa_pkcs1_sha1", 0x0301: "rsa_pkcs1_sha224", 0x0401: "rsa_pkcs1_sha256",
        0x0501: "rsa_pkcs1_sha384", 0x0601: "rsa_pkcs1_sha512", 0x0202: "dsa_sha1", 0x0302: "dsa_sha224",
        0x0402: "dsa_sha256", 0x0502: "dsa_sha384", 0x0602: "dsa_sha512", 0x0203: "ecdsa_sha1",
        0x0303: "ecdsa_sha224", 0x0403: "ecdsa_secp256r1_sha256", 0x0503: "ecdsa_secp384r1_sha384",
        0x0603: "ecdsa_secp521r1_sha512", 0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384",
        0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448", 0x0809: "rsa_pss_pss_sha256",
        0x080A: "rsa_pss_pss_sha384", 0x080B: "rsa_pss_pss_sha512", 0x081A: "ecdsa_brainpoolP256r1tls13_sha256",
        0x081B: "ecdsa_brainpoolP384r1tls13_sha384", 0x081C: "ecdsa_brainpoolP512r1tls13_sha512",
    ]
}
