// SPDX-License-Identifier: Apache-2.0

/// Which hello was sent: the names in the data.
///
/// `full` is a whole handshake by the library. All others are raw: a ClientHello whose answer is read and not carried
/// on, so that what our library cannot speak can be measured too. For them `ok` means that the version, the group or
/// the certificate type that the name says is accepted.
public enum HelloProfile: Hashable, Sendable {
    /// All versions and suites that the library has: the truth for the endpoint's `tls`.
    case full
    /// TLS 1.3 with X25519MLKEM768 alone and an empty key_share: HelloRetryRequest is yes, alert 40 is no, and
    /// anything else is unknown.
    case pq
    /// TLS 1.2 alone.
    case tls12
    /// TLS 1.1 alone.
    case tls11
    /// TLS 1.0 alone.
    case tls10
    /// TLS 1.1 and 1.0 together.
    case legacy
    /// SSLv3 alone.
    case deepSSL3
    /// One group alone (RFC 8446 §4.2.7), by its number.
    case deepGroup(UInt16)
    /// All groups that the server has accepted one by one: which it prefers.
    case deepGroups
    /// One version with every suite there ever was for it.
    case deepSuites(TLSVersion)
    /// TLS 1.2 with suites for RSA certificates alone.
    case deepRSA
    /// TLS 1.2 with suites for ECDSA certificates alone.
    case deepECDSA
}

extension HelloProfile {
    /// Whether the presented chain is kept: where the handshake is whole, or a kind of certificate was asked for.
    public var wantsChain: Bool { self == .full || self == .deepRSA || self == .deepECDSA }
}

extension HelloProfile: RawRepresentable {
    private static let plain: [String: HelloProfile] = [
        "full": .full, "pq": .pq, "tls12": .tls12, "tls11": .tls11, "tls10": .tls10, "legacy": .legacy,
        "deep_ssl3": .deepSSL3, "deep_rsa": .deepRSA, "deep_ecdsa": .deepECDSA,
        "deep_groups": .deepGroups,
    ]
    private static let groupPrefix = "deep_group_0x"
    private static let suitesPrefix = "deep_suites_"

    /// The name in the data; groups as four hex digits in capitals, versions as the tables have them:
    /// `deep_group_0x11EC`, `deep_suites_TLSv1.2`.
    public var rawValue: String {
        switch self {
        case .full: return "full"
        case .pq: return "pq"
        case .tls12: return "tls12"
        case .tls11: return "tls11"
        case .tls10: return "tls10"
        case .legacy: return "legacy"
        case .deepSSL3: return "deep_ssl3"
        case .deepRSA: return "deep_rsa"
        case .deepECDSA: return "deep_ecdsa"
        case .deepGroups: return "deep_groups"
        case .deepGroup(let number):
            let digits = String(number, radix: 16, uppercase: true)
            return Self.groupPrefix + String(repeating: "0", count: 4 - digits.count) + digits
        case .deepSuites(let version):
            return Self.suitesPrefix + version.rawValue
        }
    }

    /// The profile of a name; nil for a name that `rawValue` never gives.
    public init?(rawValue: String) {
        var candidate = Self.plain[rawValue]
        if rawValue.hasPrefix(Self.groupPrefix) {
            candidate = UInt16(rawValue.dropFirst(Self.groupPrefix.count), radix: 16).map(HelloProfile.deepGroup)
        } else if rawValue.hasPrefix(Self.suitesPrefix) {
            let version = TLSVersion(rawValue: String(rawValue.dropFirst(Self.suitesPrefix.count)))
            candidate = version.map(HelloProfile.deepSuites)
        }
        guard let candidate, candidate.rawValue == rawValue else { return nil }
        self = candidate
    }
}
