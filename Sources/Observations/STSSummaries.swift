// SPDX-License-Identifier: Apache-2.0

/// What MTA-STS comes to for a domain: record, file and content in one word.
public enum STSDomainOutcome: String, Outcome {
    /// No record that a sender would see.
    case none
    /// A record, and no policy that a sender could use.
    case invalid
    /// A policy that takes an earlier one back.
    case validNone = "valid_none"
    /// A policy that is only reported on.
    case validTesting = "valid_testing"
    /// A policy that senders enforce.
    case validEnforce = "valid_enforce"
    /// Not to be told.
    case unknown
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "sts_domain" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .unknown: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// Whether the policy of a domain names one of its mail hosts (RFC 8461 §4.1).
public enum STSMatch: String, Outcome {
    /// A pattern is the host's name.
    case matchExact = "match_exact"
    /// A pattern with `*` covers the host's left-most label.
    case matchWildcard = "match_wildcard"
    /// No pattern fits: senders that enforce the policy skip the host.
    case noMatch = "no_match"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "sts_match" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// How many mail hosts of a domain its policy names.
public enum STSDomainMatch: String, Outcome {
    /// All of them.
    case all
    /// Some of them.
    case some
    /// None of them.
    case none
    /// The policy names nobody, or the domain has no mail hosts.
    case notApplicable = "na"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "sts_match_domain" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .notApplicable, .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}
