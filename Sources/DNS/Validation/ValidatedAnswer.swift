// SPDX-License-Identifier: Apache-2.0

public import Observations

/// An answer and what DNSSEC says of it.
public struct ValidatedAnswer: Sendable {
    /// Outcome, security, reason and error code. The security is that of the weakest part: of each alias on the way, and
    /// of the records or the proof of absence at its end (RFC 4035 §4.3).
    public var status: LookupStatus
    /// The records of the type asked for, at the end of the aliases: one RRset at most, or all that a server chose to send
    /// where the type is ANY (RFC 8482).
    public var rrsets: [RRset]
    /// The name at the end of the aliases; the name asked for where there are none.
    public var canonicalName: DomainName
    /// The aliases on the way, in order.
    public var aliases: [Alias]
    /// Seconds for which the answer holds: the least TTL of its parts, never beyond the end of a signature
    /// (RFC 4035 §5.3.3); for a negative answer that of RFC 2308 §5.
    public var ttl: UInt32
    /// The zones that were passed, from the trust anchor down, for people.
    public var proof: [ProofStep]
    /// Whether a resolver said what is there or what is not, whatever could be made of that.
    public var wasAnswered: Bool
    /// The records of the type asked for; nil where there are none.
    public var rrset: RRset? { rrsets.first }

    /// Takes all of it.
    public init(
        status: LookupStatus, rrset: RRset? = nil, canonicalName: DomainName, aliases: [Alias] = [], ttl: UInt32 = 0,
        proof: [ProofStep] = [], wasAnswered: Bool = true
    ) {
        self.status = status
        rrsets = rrset.map { [$0] } ?? []
        self.wasAnswered = wasAnswered
        self.canonicalName = canonicalName
        self.aliases = aliases
        self.ttl = ttl
        self.proof = proof
    }
}

/// One step of a chain of aliases: a CNAME (RFC 1034 §3.6.2), or one made from a DNAME (RFC 6672 §3).
public struct Alias: Hashable, Sendable {
    /// The name that is an alias.
    public var owner: DomainName
    /// The name that it stands for.
    public var target: DomainName
    /// The owner of the DNAME that the step was made from; nil for a CNAME of the zone's own.
    public var dname: DomainName?
    /// What validation says of this step alone.
    public var security: Security

    /// Takes all of it.
    public init(owner: DomainName, target: DomainName, dname: DomainName? = nil, security: Security) {
        self.owner = owner
        self.target = target
        self.dname = dname
        self.security = security
    }
}

/// One zone on the way from a trust anchor to an answer.
public struct ProofStep: Hashable, Sendable {
    /// The zone's apex; where a delegation is proven unsigned, the name below it.
    public var zone: DomainName
    /// What was found there.
    public var security: Security
    /// Tag and algorithm of the key whose signature over the DNSKEY RRset made the step; nil without keys.
    public var keyTag: UInt16?
    /// See `keyTag`.
    public var algorithm: UInt8?
    /// The step in a few words.
    public var note: String

    /// Takes all of it.
    public init(
        zone: DomainName, security: Security, keyTag: UInt16? = nil, algorithm: UInt8? = nil, note: String
    ) {
        self.zone = zone
        self.security = security
        self.keyTag = keyTag
        self.algorithm = algorithm
        self.note = note
    }
}
