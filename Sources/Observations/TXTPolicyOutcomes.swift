// SPDX-License-Identifier: Apache-2.0

/// What the TXT records at `_smtp._tls.<domain>` say (RFC 8460 §3).
public enum TLSRPTOutcome: String, Outcome {
    /// No record.
    case absent
    /// One record with somewhere to send reports.
    case valid
    /// More than one record: senders must assume none.
    case multiple
    /// No `rua`, or an empty one.
    case noRUA = "no_rua"
    /// Every `rua` is of a kind other than `mailto:` and `https:`.
    case badRUAScheme = "bad_rua_scheme"
    /// A breach of the grammar, `v=TLSRPTv1;` at the start included.
    case syntax
    /// No conclusive answer, or one that fails DNSSEC validation.
    case dnsTempfail = "dns_tempfail"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "tlsrpt" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .dnsTempfail: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// What the SPF record and all records that it leads to say (RFC 7208), for every sender at once.
public enum SPFOutcome: String, Outcome {
    /// No record.
    case absent
    /// No sender gets a permanent error.
    case valid
    /// More than one record (§4.5).
    case multiple
    /// A breach of the grammar (§4.6).
    case syntax
    /// More than 10 terms that ask DNS, or more than 10 hosts behind an `mx` (§4.6.4).
    case tooManyLookups = "too_many_lookups"
    /// More than two look-ups that find nothing (§4.6.4).
    case voidLookups = "void_lookups"
    /// An included domain has no usable record (§5.2).
    case includeError = "include_error"
    /// The domain of a `redirect` has no usable record (§6.1).
    case redirectError = "redirect_error"
    /// A record leads back to itself.
    case loop
    /// No conclusive answer, or one that fails DNSSEC validation.
    case dnsTempfail = "dns_tempfail"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "spf" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .dnsTempfail: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// What the DMARC record says (RFC 9989, RFC 7489).
public enum DMARCOutcome: String, Outcome {
    /// No record that applies to the domain.
    case absent
    /// One record that follows the grammar.
    case valid
    /// More than one record: all of them are discarded.
    case multiple
    /// A breach of the grammar; what is sound in the record counts all the same.
    case syntax
    /// No `p`.
    case noPolicy = "no_p"
    /// A `p`, `sp` or `np` that is no policy.
    case badPolicy = "bad_p"
    /// Reports go to a domain that does not say that it wants them (RFC 9990 §4, RFC 7489 §7.1).
    case externalRUAUnauthorised = "external_rua_unauthorised"
    /// No conclusive answer, or one that fails DNSSEC validation.
    case dnsTempfail = "dns_tempfail"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "dmarc" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .dnsTempfail: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// Whether there can be DKIM keys (RFC 6376 §3.6.2.1): selectors cannot be listed, but the node above them is told from nothing (RFC 8020).
public enum DKIMHintOutcome: String, Outcome {
    /// `_domainkey` exists: there is something below it.
    case entPresent = "ent_present"
    /// `_domainkey` does not exist: no selector can.
    case nxdomain
    /// `_domainkey` exists only because a wildcard, or a server that denies nothing, answers for it.
    case nodataWildcard = "nodata_wildcard"
    /// No conclusive answer, or one that fails DNSSEC validation.
    case dnsTempfail = "dns_tempfail"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "dkim_hint" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .dnsTempfail: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}
