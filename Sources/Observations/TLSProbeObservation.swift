// SPDX-License-Identifier: Apache-2.0

/// A protocol version as the tables name it (RFC 8446 §4.2.1 and its forerunners).
public enum TLSVersion: String, CaseIterable, Hashable, Sendable, Comparable {
    /// 0x0300 (RFC 6101).
    case ssl3 = "SSLv3"
    /// 0x0301 (RFC 2246).
    case tls10 = "TLSv1.0"
    /// 0x0302 (RFC 4346).
    case tls11 = "TLSv1.1"
    /// 0x0303 (RFC 5246).
    case tls12 = "TLSv1.2"
    /// 0x0304 (RFC 8446).
    case tls13 = "TLSv1.3"

    /// The number on the wire.
    public var wire: UInt16 {
        switch self {
        case .ssl3: 0x0300
        case .tls10: 0x0301
        case .tls11: 0x0302
        case .tls12: 0x0303
        case .tls13: 0x0304
        }
    }

    /// The version of a number on the wire; nil for numbers that no standard gives.
    public init?(wire: UInt16) {
        guard let version = Self.allCases.first(where: { $0.wire == wire }) else { return nil }
        self = version
    }

    /// Older is less.
    public static func < (left: TLSVersion, right: TLSVersion) -> Bool { left.wire < right.wire }
}

/// What one TLS handshake showed. Fields that the handshake did not reach, or that this build cannot see, are nil.
public struct TLSProbeObservation: Hashable, Sendable {
    /// The hello that was sent.
    public var profile: HelloProfile
    /// server_name that was sent (RFC 6066 §3); nil where none was.
    public var serverName: DomainName?
    /// What it came to.
    public var outcome: TLSOutcome
    /// The negotiated version.
    public var version: TLSVersion?
    /// The negotiated suite by its IANA name.
    public var cipher: String?
    /// The group of the key exchange by its IANA name (`x25519`, `secp256r1`, `ffdhe2048`).
    public var group: String?
    /// Bits of a finite-field Diffie-Hellman modulus.
    public var dhBits: Int?
    /// The signature scheme of the key exchange by its IANA name.
    public var signatureScheme: String?
    /// The alert received, or for `client_policy` the one that was sent.
    public var alert: Int?
    /// errno of a reset.
    public var errno: Int?
    /// Whether the server asked for another key share (RFC 8446 §4.1.4).
    public var helloRetryRequest: Bool = false
    /// Whose order of suites, or for `deep_groups` of groups, decides: true for the server's.
    public var serverPreference: Bool?
    /// Extended master secret (RFC 7627); for TLS 1.2 and older.
    public var extendedMasterSecret: Bool?
    /// Secure renegotiation (RFC 5746); for TLS 1.2 and older.
    public var secureRenegotiation: Bool?
    /// TLS compression in use (RFC 3749).
    public var compression: Bool?
    /// A session ticket was issued (RFC 5077, RFC 8446 §4.6.1).
    public var sessionTicket: Bool?
    /// The chain as presented, DER, the host's certificate first.
    public var chain: [[UInt8]] = []
    /// Whether the server said that it has no certificate: a list with nothing in it, which no version allows.
    public var showedNoCertificate = false
    /// From the first byte of the hello to the end of the handshake.
    public var durationMilliseconds: Int?
    /// The library's own words for a failure, for people; not published.
    public var detail: String?

    /// A probe that came to `outcome`, everything else unseen.
    public init(profile: HelloProfile, serverName: DomainName?, outcome: TLSOutcome) {
        self.profile = profile
        self.serverName = serverName
        self.outcome = outcome
    }
}
