// SPDX-License-Identifier: Apache-2.0

import Observations

/// A signed zone whose keys a chain of trust leads to.
final class Zone {
    let name: DomainName
    /// Keys that may sign the zone's data.
    let keys: [ZoneKey]
    /// The others of its DNSKEY RRset.
    let unfit: [DNSKEY]
    /// Whether some link of the chain has nothing but SHA-1 signatures.
    let sha1Only: Bool
    /// The steps from the anchor to here.
    let path: [ProofStep]
    /// When the chain must be followed anew.
    let expires: Timestamp

    init(name: DomainName, keys: [ZoneKey], unfit: [DNSKEY] = [], sha1Only: Bool, path: [ProofStep], expires: Timestamp)
    {
        self.name = name
        self.keys = keys
        self.unfit = unfit
        self.sha1Only = sha1Only
        self.path = path
        self.expires = expires
    }
}

/// What lies at a name when one looks down from the anchor.
enum Territory {
    /// The name belongs to a signed zone.
    case secure(Zone)
    /// The name lies in an unsigned part, in a zone that fails validation, or under no anchor at all.
    case other(Finding, path: [ProofStep])
}

/// An RRset that was verified, and what must still be shown for it.
struct VerifiedRRset {
    /// Seconds for which it can be believed (RFC 4035 §5.3.3).
    var ttl: UInt32
    /// Whether nothing but SHA-1 signatures speak for it.
    var sha1Only: Bool
    /// The key that made the signature.
    var key: DNSKEY
    /// Where the RRset was expanded from a wildcard: the name that the `*` stands under. That no closer name exists must
    /// then be shown too (RFC 4035 §5.3.4).
    var wildcardParent: DomainName?
}
