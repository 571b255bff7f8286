// SPDX-License-Identifier: Apache-2.0

/// What one DNS question came to (RFC 1035, 2308, 8914).
public enum DNSOutcome: String, Outcome {
    /// An answer with records of the type asked for.
    case noerrorData = "noerror_data"
    /// The name exists, the type does not (RFC 2308 §2.2).
    case noerrorNodata = "noerror_nodata"
    /// The name does not exist (RFC 2308 §2.1).
    case nxdomain
    /// RCODE 2 from every resolver asked.
    case servfail
    /// RCODE 5 from every resolver asked.
    case refused
    /// No answer in time.
    case timeout
    /// RCODE 1: the server did not understand the question.
    case formerr
    /// RCODE 4: the server does not do this.
    case notimp
    /// Truncated over UDP and not to be had over TCP.
    case truncatedTcpFailed = "truncated_tcp_failed"
    /// The operating system refused to send, or a port was unreachable.
    case networkError = "network_error"
    /// The answer fails DNSSEC validation, and did so when asked again (RFC 4035 §5).
    case bogus
    /// The aliases lead back to where they began.
    case cnameLoop = "cname_loop"
    /// More than 16 aliases in a row.
    case cnameTooLong = "cname_too_long"
    /// The name cannot be asked for.
    case nameIllegal = "name_illegal"
    /// No resolver of ours answers anything.
    case resolverDown = "resolver_down"
    /// An error of our own.
    case localError = "local_error"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "dns" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .servfail, .refused, .timeout, .formerr, .notimp, .truncatedTcpFailed, .networkError: .transient
        case .resolverDown, .localError: .local
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// What DNSSEC says about an RRset or its denial (RFC 4033 §5, RFC 4035 §4.3).
public enum Security: String, Outcome {
    /// A chain of signatures leads from the trust anchor to the data, or to the proof of its absence.
    case secure
    /// A proof from the trust anchor shows that the data lies in an unsigned part of the tree, or is signed
    /// with algorithms that nobody here knows.
    case insecure
    /// The data should be signed and does not validate.
    case bogus
    /// Whether the data should be signed cannot be found out: no answer, or a limit on work was reached.
    case indeterminate
    /// Validation was switched off.
    case notValidated = "not_validated"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "dnssec" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .indeterminate: .transient
        case .notValidated: .local
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// What the look-up of one family of addresses of an MX host came to.
public enum AddressOutcome: String, Outcome {
    /// At least one address that may be contacted.
    case resolved
    /// The host has no address of this family.
    case nodata
    /// The host's name does not exist.
    case nxdomain
    /// Every address is special-use (RFC 6890).
    case specialUseOnly = "special_use_only"
    /// No conclusive answer.
    case dnsTempfail = "dns_tempfail"
    /// The answer fails DNSSEC validation.
    case bogus
    /// This scan does not use the family.
    case familyDisabled = "family_disabled"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "address" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .dnsTempfail: .transient
        case .familyDisabled: .local
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}
