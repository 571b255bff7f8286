// SPDX-License-Identifier: Apache-2.0

/// What the TXT records at `_mta-sts.<domain>` say (RFC 8461 §3.1).
public enum STSRecordOutcome: String, Outcome {
    /// No record.
    case absent
    /// One record that follows the grammar.
    case valid
    /// More than one record begins `v=STSv1;`: senders must assume that there is no policy.
    case multiple
    /// Nothing begins with `v=STSv1` and a semicolon, though something was meant to: senders see no record.
    case badVersion = "bad_version"
    /// No `id`.
    case missingID = "missing_id"
    /// An `id` that is not 1 to 32 letters and digits.
    case badID = "bad_id"
    /// Another breach of the grammar.
    case syntax
    /// No conclusive answer.
    case dnsTempfail = "dns_tempfail"
    /// The answer fails DNSSEC validation.
    case dnsBogus = "dns_bogus"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "sts_record" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .dnsTempfail: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// What fetching `https://mta-sts.<domain>/.well-known/mta-sts.txt` came to (RFC 8461 §3.3).
public enum STSFetchOutcome: String, Outcome {
    /// Status 200, `text/plain`, within the limits.
    case ok
    /// The policy host does not exist.
    case hostNXDomain = "host_nxdomain"
    /// The policy host has no address, or none outside the special-use ranges.
    case hostNodata = "host_nodata"
    /// No conclusive answer about the policy host.
    case hostDNSTempfail = "host_dns_tempfail"
    /// Nobody listens on the port, or a filter says no.
    case tcpRefused = "tcp_refused"
    /// No answer to the connection.
    case tcpTimeout = "tcp_timeout"
    /// The connection was reset, or ended within the handshake.
    case tcpReset = "tcp_reset"
    /// No TLS.
    case tlsHandshake = "tls_handshake"
    /// The certificate, or one above it, is out of date.
    case certificateExpired = "cert_expired"
    /// The certificate leads to no trusted root.
    case certificateUntrusted = "cert_untrusted"
    /// The certificate is for other names.
    case certificateNameMismatch = "cert_name_mismatch"
    /// A redirect, which senders must not follow.
    case redirect = "http_3xx"
    /// 404.
    case notFound = "http_404"
    /// Another status from 400 to 499. 408, 425 and 429 ask to come again: with them the fetch came to no conclusion.
    case clientError = "http_4xx"
    /// A status from 500 up (RFC 9110 §15).
    case serverError = "http_5xx"
    /// A success other than 200.
    case otherSuccess = "http_other_2xx"
    /// Status 200 with another media type; the body is judged all the same.
    case contentTypeNotTextPlain = "content_type_not_text_plain"
    /// More than 64 KiB.
    case tooLarge = "too_large"
    /// Not complete within a minute.
    case timeout
    /// The connection ended before the response did, or it is no HTTP.
    case truncated
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "sts_fetch" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .hostDNSTempfail, .tcpRefused, .tcpTimeout, .tcpReset, .serverError, .timeout, .truncated: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }

    /// Statuses of `clientError` that say "not now": Request Timeout (RFC 9110 §15.5.9), Too Early (RFC 8470 §5.2), Too
    /// Many Requests (RFC 6585 §4).
    public static let passingStatuses: Set<Int> = [408, 425, 429]

    /// How far this word can be believed beside the status of the response.
    public func outcomeClass(status: Int?) -> OutcomeClass {
        self == .clientError && status.map(Self.passingStatuses.contains) == true ? .transient : outcomeClass
    }
}

/// What the policy file says (RFC 8461 §3.2).
public enum STSPolicyOutcome: String, Outcome {
    /// A policy of mode `enforce`.
    case validEnforce = "valid_enforce"
    /// A policy of mode `testing`.
    case validTesting = "valid_testing"
    /// A policy of mode `none`.
    case validNone = "valid_none"
    /// No `version`.
    case noVersion = "no_version"
    /// A `version` other than `STSv1`.
    case badVersion = "bad_version"
    /// No `mode`.
    case noMode = "no_mode"
    /// A `mode` that is none of the three.
    case badMode = "bad_mode"
    /// No `max_age`.
    case noMaxAge = "no_max_age"
    /// A `max_age` that is no number of seconds up to 31,557,600.
    case badMaxAge = "bad_max_age"
    /// No `mx`, in a mode other than `none`.
    case noMX = "no_mx"
    /// An `mx` that is no name and no `*.` name.
    case badMXPattern = "bad_mx_pattern"
    /// A line that is no `key: value`.
    case badLine = "bad_line"
    /// Octets that are no UTF-8 text.
    case notText = "not_text"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "sts_policy" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}
