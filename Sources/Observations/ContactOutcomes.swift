// SPDX-License-Identifier: Apache-2.0

/// What opening a connection came to.
public enum TCPOutcome: String, Outcome {
    /// Connected.
    case open
    /// ECONNREFUSED.
    case refused
    /// No answer in time, or ETIMEDOUT.
    case timeout
    /// ECONNRESET while connecting.
    case reset
    /// EHOSTUNREACH.
    case hostUnreachable = "host_unreachable"
    /// ENETUNREACH.
    case netUnreachable = "net_unreachable"
    /// EACCES, EPERM: a filter says no.
    case adminProhibited = "admin_prohibited"
    /// No descriptor, port or memory of ours.
    case localResource = "local_resource"
    /// The canary says that our own network blocks the port.
    case port25EgressBlocked = "port25_egress_blocked"
    /// The address has had all the connections that it may have in one scan.
    case budgetExhausted = "budget_exhausted"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "tcp" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .localResource, .port25EgressBlocked, .budgetExhausted: .local
        case .open: .conclusive
        case .notReached, .notMeasured: .none
        default: .transient
        }
    }
}

/// What the server said first (RFC 5321 §3.1).
public enum GreetingOutcome: String, Outcome {
    /// Ready.
    case ready = "220"
    /// Closing now, try later.
    case closing = "421"
    /// Another temporary refusal.
    case temporaryRefusal = "4xx"
    /// Nothing complete in time.
    case timeout
    /// The connection ended first.
    case eof
    /// This host accepts no mail (RFC 7504).
    case noMail = "521"
    /// No SMTP service here (RFC 5321 §3.1).
    case noService = "554"
    /// Another permanent refusal.
    case permanentRefusal = "5xx_other"
    /// Not an SMTP reply: TLS, HTTP, binary or other text.
    case notSMTP = "not_smtp"
    /// We spoke first, which must never happen.
    case pregreetViolation = "pregreet_violation"
    /// A refusal that names a block list or a policy against our address.
    case blockedByReputation = "blocked_by_reputation"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "greeting" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .closing, .temporaryRefusal, .timeout, .eof: .transient
        case .pregreetViolation, .blockedByReputation: .local
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// What the answer to EHLO was (RFC 5321 §4.1.1.1).
public enum EHLOOutcome: String, Outcome {
    /// A complete list of extensions.
    case ok = "250"
    /// EHLO refused with 5xx, HELO accepted: a server without extensions.
    case heloOnly = "helo_only"
    /// Not a reply.
    case malformed
    /// Closing now, try later.
    case closing = "421"
    /// Another temporary refusal.
    case temporaryRefusal = "4xx"
    /// Nothing complete in time.
    case timeout
    /// The connection ended first.
    case eof
    /// EHLO and HELO refused.
    case permanentRefusal = "5xx"
    /// A refusal that names a block list or a policy against our address.
    case blockedByReputation = "blocked_by_reputation"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "ehlo" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .closing, .temporaryRefusal, .timeout, .eof: .transient
        case .blockedByReputation: .local
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}
