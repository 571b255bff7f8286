// SPDX-License-Identifier: Apache-2.0

/// What to believe of algorithms 5 and 7, whose signatures are over SHA-1 (RFC 9905).
public enum SHA1Policy: String, Sendable, CaseIterable {
    /// They validate, and the answer is flagged: what most resolvers still do.
    case validate
    /// Zones with nothing else count as unsigned: what RFC 9905 §2 asks for.
    case insecure
}

/// How much work one answer may cost before it is `indeterminate`.
///
/// An attacker's zone can ask for enormous work with one packet: colliding key tags (KeyTrap, CVE-2023-50387), costly
/// NSEC3 hashes (CVE-2023-50868), long chains of aliases. No honest zone comes near these numbers.
public struct ValidationLimits: Hashable, Sendable {
    /// Keys of one zone that may share a tag and algorithm; more are not tried.
    public var keysPerTag = 4
    /// Signatures checked for one RRset.
    public var signaturesPerRRset = 8
    /// Signatures checked for one answer.
    public var signatures = 96
    /// SHA-1 blocks hashed for NSEC3 in one answer: one name is `iterations + 1` hashes of one block or more.
    public var nsec3Blocks = 6_000
    /// Above this many iterations NSEC3 counts as insecure (RFC 9276 §3.2; 150 as resolvers have it).
    public var nsec3Iterations = 150
    /// DS records of one delegation that are looked at.
    public var delegationSigners = 32
    /// Keys of one zone that are looked at.
    public var keys = 64
    /// Aliases followed.
    public var aliases = 16
    /// Questions asked of the source for one answer.
    public var queries = 64
    /// Milliseconds after which nothing more is asked of the source for one answer: a zone whose every label has a slow
    /// server of its own would hold a place for minutes.
    public var milliseconds: Int64 = 60_000
    /// Records of one RRset that are put into canonical order.
    public var recordsPerRRset = 4_096
    /// Zones whose keys, or whose lack of them, are remembered.
    public var cachedZones = 4_096
    /// Opt-out gaps that are remembered, some 60 octets each.
    public var cachedRanges = 131_072
    /// Opt-out gaps of one zone that are remembered.
    public var cachedRangesPerZone = 16_384

    /// The defaults.
    public init() {}
}

/// What an answer cost, or all answers together.
public struct ValidationWork: Hashable, Sendable {
    /// Signatures checked.
    public var signatures = 0
    /// SHA-1 blocks hashed for NSEC3.
    public var nsec3Blocks = 0
    /// Digests of keys compared with DS records.
    public var digests = 0
    /// Questions asked of the source.
    public var queries = 0

    /// Nothing done.
    public init() {}

    static func += (left: inout ValidationWork, right: ValidationWork) {
        left.signatures += right.signatures
        left.nsec3Blocks += right.nsec3Blocks
        left.digests += right.digests
        left.queries += right.queries
    }
}
