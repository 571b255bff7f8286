// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Where trust begins: a key that is known beforehand, or the digest of one (RFC 4033 §2).
public struct TrustAnchor: Hashable, Sendable {
    /// The two forms.
    public enum Form: Hashable, Sendable {
        /// A digest.
        case ds(DS)
        /// The key itself.
        case dnskey(DNSKEY)
    }

    /// The zone.
    public let zone: DomainName
    /// Digest or key.
    public let form: Form

    /// Takes both.
    public init(zone: DomainName, form: Form) {
        self.zone = zone
        self.form = form
    }

    /// The root's key-signing keys of 2017 and 2024 as IANA publishes their digests (root-anchors.xml).
    public static let root: [TrustAnchor] = [
        (UInt16(20326), "e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"),
        (UInt16(38696), "683d2d0acb8c9b712a1948b27f741219298d0a450d612c483af444a4c0fb2b16"),
    ].map { tag, digest in
        let octets = PresentationFormat.hexadecimal(digest) ?? []
        return TrustAnchor(zone: .root, form: .ds(DS(keyTag: tag, algorithm: 8, digestType: 2, digest: octets)))
    }
}
