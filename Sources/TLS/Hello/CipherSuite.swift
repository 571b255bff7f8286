// SPDX-License-Identifier: Apache-2.0

/// A cipher suite by its number on the wire (RFC 5246 §A.5, RFC 8446 §B.4).
///
/// The name says everything about a suite, so its properties are read from there.
public struct CipherSuite: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The two octets on the wire.
    public let rawValue: UInt16

    /// Takes the number, known or not.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Says that the client knows RFC 5746, in hellos that have no extensions (§3.3).
    static let emptyRenegotiationInfoSCSV = CipherSuite(rawValue: 0x00FF)

    /// The IANA name; the number in hex for one that has none here.
    public var name: String { Self.names[rawValue] ?? RegistryNumber.hex(rawValue) }
    /// The name.
    public var description: String { name }

    /// How the keys are agreed upon, as far as it decides what the server sends.
    enum KeyExchange {
        /// RSA key transport, static Diffie-Hellman, TLS 1.3: no ServerKeyExchange, or none that is read here.
        case other
        /// Ephemeral over a finite field.
        case dhe
        /// Ephemeral over a curve.
        case ecdhe
    }

    var keyExchange: KeyExchange {
        switch true {
        case name.hasPrefix("TLS_ECDHE_"), name.hasPrefix("TLS_ECDH_anon_"): .ecdhe
        case name.hasPrefix("TLS_DHE_"), name.hasPrefix("TLS_DH_anon_"): .dhe
        default: .other
        }
    }

    /// Without authentication: the server shows no certificate and signs nothing.
    var isAnonymous: Bool { name.contains("_anon_") }

    /// For a certificate with an RSA key that signs or decrypts.
    var needsRSACertificate: Bool {
        ["TLS_RSA_", "TLS_DHE_RSA_", "TLS_ECDHE_RSA_"].contains { name.hasPrefix($0) }
    }

    /// For a certificate with an ECDSA key.
    var needsECDSACertificate: Bool { name.hasPrefix("TLS_ECDHE_ECDSA_") }

    /// Of TLS 1.3, where it says nothing about keys and certificates.
    var isTLS13: Bool { !name.contains("_WITH_") }

    /// Without authentication, encryption, or a key of a length that was ever enough.
    var isWeak: Bool { ["_anon_", "_NULL_", "_EXPORT_", "_DES_CBC_"].contains { name.contains($0) } }

    /// The oldest version whose server may choose it: TLS 1.3 has suites of its own; what authenticates by more than
    /// MD5 or SHA-1 came with TLS 1.2; curves came with TLS 1.0 (RFC 4492 §2).
    var oldestVersion: UInt16 {
        switch true {
        case isTLS13: 0x0304
        case !name.hasSuffix("_SHA") && !name.hasSuffix("_MD5"): 0x0303
        case name.hasPrefix("TLS_ECDH"): 0x0301
        default: 0x0300
        }
    }
}

/// How a number of an IANA registry is written where it has no name.
enum RegistryNumber {
    static func hex(_ number: UInt16) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
