// SPDX-License-Identifier: Apache-2.0

/// Where reports go to: one URI of a `rua` or `ruf`.
public struct ReportURI: Hashable, Sendable {
    /// What kind of place it is.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// A mailbox (RFC 6068).
        case mailto
        /// A POST over HTTPS (RFC 8460 §3).
        case https
        /// A URI of another scheme, which nobody has to support.
        case other
    }

    /// The kind.
    public var kind: Kind
    /// As published, without a size limit behind it.
    public var text: String
    /// The domain of the mailbox, or the host; nil where it is not to be read.
    public var host: DomainName?

    /// Takes all of it.
    public init(kind: Kind, text: String, host: DomainName?) {
        self.kind = kind
        self.text = text
        self.host = host
    }
}

/// What a domain's TLS reporting record says (RFC 8460 §3).
public struct TLSRPTObservation: Hashable, Sendable {
    /// The word.
    public var outcome: TLSRPTOutcome
    /// Where reports go, in their order.
    public var reportURIs: [ReportURI]
    /// What was published at `_smtp._tls`.
    public var raw: PolicyText?
    /// How the question ended.
    public var status: LookupStatus

    /// Takes all of it.
    public init(
        outcome: TLSRPTOutcome, reportURIs: [ReportURI] = [], raw: PolicyText? = nil, status: LookupStatus
    ) {
        self.outcome = outcome
        self.reportURIs = reportURIs
        self.raw = raw
        self.status = status
    }
}

/// How an SPF record ends: what becomes of a sender that no mechanism matched.
public enum SPFAll: String, CaseIterable, Hashable, Sendable {
    /// `+all`: everybody may.
    case pass = "+"
    /// `?all`: nothing is said.
    case neutral = "?"
    /// `~all`: probably not allowed.
    case softfail = "~"
    /// `-all`: not allowed.
    case fail = "-"
    /// No `all`: another record says it.
    case redirect
    /// No `all` and no `redirect`: neutral (RFC 7208 §4.7).
    case missing
}

/// What a domain's SPF record comes to for every sender at once (RFC 7208).
public struct SPFObservation: Hashable, Sendable {
    /// The word: the first permanent error on the way through the tree, in the order in which a receiver would go.
    public var outcome: SPFOutcome
    /// How the domain's own record ends; nil where there is none.
    public var all: SPFAll?
    /// Terms that ask DNS, as a receiver counts them for a sender that nothing matches (§4.6.4). Counting ends at
    /// `Policies.SPFEvaluation.countingLimit`; nil where no record could be read.
    public var lookups: Int?
    /// Of these, the ones that find nothing for any sender.
    public var voidLookups: Int?
    /// Whose record has the error: the domain itself, or one that it leads to.
    public var problemAt: DomainName?
    /// The term that is wrong, as published.
    public var problemTerm: String?
    /// Whether a term names a domain that only a sender would complete, so that nobody can follow it here.
    public var hasSenderMacros: Bool
    /// What was published at the domain: the record, or all records where there are several.
    public var raw: PolicyText?
    /// How the question for the record ended.
    public var status: LookupStatus

    /// Takes all of it.
    public init(
        outcome: SPFOutcome, all: SPFAll? = nil, lookups: Int? = nil, voidLookups: Int? = nil,
        problemAt: DomainName? = nil, problemTerm: String? = nil, hasSenderMacros: Bool = false,
        raw: PolicyText? = nil, status: LookupStatus
    ) {
        self.outcome = outcome
        self.all = all
        self.lookups = lookups
        self.voidLookups = voidLookups
        self.problemAt = problemAt
        self.problemTerm = problemTerm
        self.hasSenderMacros = hasSenderMacros
        self.raw = raw
        self.status = status
    }
}

/// Whether there can be DKIM keys.
public struct DKIMHintObservation: Hashable, Sendable {
    /// The word.
    public var outcome: DKIMHintOutcome
    /// How the question for `_domainkey` ended.
    public var status: LookupStatus

    /// Takes both.
    public init(outcome: DKIMHintOutcome, status: LookupStatus) {
        self.outcome = outcome
        self.status = status
    }
}
