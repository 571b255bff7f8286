// SPDX-License-Identifier: Apache-2.0

/// A group for the key exchange by its number on the wire (RFC 8446 §4.2.7; IANA registry "TLS Supported Groups").
public struct NamedGroup: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The two octets on the wire.
    public let rawValue: UInt16

    /// Takes the number, known or not.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// X25519 and ML-KEM-768 together (draft-ietf-tls-ecdhe-mlkem): what mail servers deploy against quantum computers.
    public static let x25519MLKEM768 = NamedGroup(rawValue: 0x11EC)

    /// The IANA name; the number in hex for one that has none here.
    public var name: String { Self.names[rawValue] ?? RegistryNumber.hex(rawValue) }
    /// The name.
    public var description: String { name }

    /// What a hello offers that is not about groups: the curves that are in use, then those on which nothing but a
    /// certificate may be (RFC 8422 §5.1.1), and none of the finite-field groups, beside which a server with a modulus of
    /// its own must not choose DHE at all (RFC 7919 §4).
    static let usual = [0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0016, 0x001A, 0x001B, 0x001C, 0x0015, 0x0013].map {
        NamedGroup(rawValue: $0)
    }

    /// What `--deep` asks for one by one: the hybrids with ML-KEM, the curves and the finite fields that are in use.
    static let measured: [NamedGroup] =
        [0x11EC, 0x11EB, 0x11ED, 0x001D, 0x0017, 0x0018, 0x0019, 0x001E].map { NamedGroup(rawValue: $0) }
        + (0x0100...0x0104).map { NamedGroup(rawValue: $0) }

    /// Of TLS 1.3 alone.
    var isHybrid: Bool { (0x11EB...0x11EE).contains(rawValue) }

    /// Over a finite field: negotiated by the suites with DHE before TLS 1.3 (RFC 7919 §2).
    var isFiniteField: Bool { (0x0100...0x01FF).contains(rawValue) }

    /// The group of RFC 7919 with this modulus. All five begin with the digits of e behind 64 ones, and no other
    /// well-known modulus does; those of RFC 2409 and 3526 begin with the digits of π.
    init?(finiteFieldModulus modulus: ArraySlice<UInt8>, bits: Int) {
        let start: [UInt8] = [UInt8](repeating: 0xFF, count: 8) + [0xAD, 0xF8, 0x54, 0x58, 0xA2, 0xBB, 0x4A, 0x9A]
        let sizes = [2048: 0x0100, 3072: 0x0101, 4096: 0x0102, 6144: 0x0103, 8192: 0x0104] as [Int: UInt16]
        guard let number = sizes[bits], modulus.drop(while: { $0 == 0 }).starts(with: start) else { return nil }
        rawValue = number
    }

    private static let names: [UInt16: String] = [
        0x0001: "sect163k1", 0x0002: "sect163r1", 0x0003: "sect163r2", 0x0004: "sect193r1", 0x0005: "sect193r2",
        0x0006: "sect233k1", 0x0007: "sect233r1", 0x0008: "sect239k1", 0x0009: "sect283k1", 0x000A: "sect283r1",
        0x000B: "sect409k1", 0x000C: "sect409r1", 0x000D: "sect571k1", 0x000E: "sect571r1", 0x000F: "secp160k1",
        0x0010: "secp160r1", 0x0011: "secp160r2", 0x0012: "secp192k1", 0x0013: "secp192r1", 0x0014: "secp224k1",
        0x0015: "secp224r1", 0x0016: "secp256k1", 0x0017: "secp256r1", 0x0018: "secp384r1", 0x0019: "secp521r1",
        0x001A: "brainpoolP256r1", 0x001B: "brainpoolP384r1", 0x001C: "brainpoolP512r1", 0x001D: "x25519",
        0x001E: "x448", 0x001F: "brainpoolP256r1tls13", 0x0020: "brainpoolP384r1tls13",
        0x0021: "brainpoolP512r1tls13", 0x0029: "curveSM2", 0x0100: "ffdhe2048", 0x0101: "ffdhe3072",
        0x0102: "ffdhe4096", 0x0103: "ffdhe6144", 0x0104: "ffdhe8192", 0x0200: "MLKEM512", 0x0201: "MLKEM768",
        0x0202: "MLKEM1024", 0x11EB: "SecP256r1MLKEM768", 0x11EC: "X25519MLKEM768", 0x11ED: "SecP384r1MLKEM1024",
        0x11EE: "curveSM2MLKEM768", 0x6399: "X25519Kyber768Draft00", 0x639A: "SecP256r1Kyber768Draft00",
    ]
}
