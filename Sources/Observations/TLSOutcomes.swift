// SPDX-License-Identifier: Apache-2.0

/// Whether STARTTLS was offered, and what the command came to (RFC 3207).
public enum STARTTLSOutcome: String, Outcome {
    /// Offered, and 220 to the command.
    case offered = "offered_220"
    /// A complete EHLO reply without the keyword.
    case notOffered = "not_offered"
    /// The keyword overwritten on the way (`XXXXXXXA`).
    case notOfferedMasked = "not_offered_masked"
    /// Offered, and the command refused for good.
    case refused = "offered_5xx"
    /// Offered, and 454: TLS not available for a temporary reason (RFC 3207 §4).
    case unavailable = "offered_454"
    /// Offered, and another temporary refusal.
    case temporaryRefusal = "offered_4xx"
    /// Offered, and no answer in time.
    case timeout = "offered_timeout"
    /// Offered, and the connection ended instead.
    case eof = "offered_eof"
    /// Offered, and the answer is no reply.
    case malformed = "offered_malformed"
    /// Offered, 220, and bytes in clear behind it: response injection. Never fed to TLS.
    case trailingPlaintext = "offered_trailing_plaintext"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "starttls" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .unavailable, .temporaryRefusal, .timeout, .eof: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// What the handshake came to.
public enum TLSOutcome: String, Outcome {
    /// Completed, and accepted by the server: in TLS 1.3 it has also answered inside TLS.
    case ok
    /// Alert 40.
    case alertHandshakeFailure = "alert_handshake_failure"
    /// Alert 70.
    case alertProtocolVersion = "alert_protocol_version"
    /// Alert 71.
    case alertInsufficientSecurity = "alert_insufficient_security"
    /// Alert 112.
    case alertUnrecognizedName = "alert_unrecognized_name"
    /// Alert 80.
    case alertInternalError = "alert_internal_error"
    /// Another fatal alert; its number stands beside.
    case alertOther = "alert_other"
    /// TLS records that break the protocol.
    case badRecord = "bad_record"
    /// Bytes that are no TLS record.
    case notTLS = "not_tls"
    /// The server will not go on without a certificate of ours.
    case clientCertRequired = "client_cert_required"
    /// The handshake did not end in time.
    case timeout
    /// The connection ended during the handshake.
    case eof
    /// ECONNRESET during the handshake.
    case reset
    /// Our own library refused what the server does.
    case clientPolicy = "client_policy"
    /// An error of our own.
    case localError = "local_error"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "tls" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .timeout, .eof, .reset: .transient
        case .clientPolicy, .localError: .local
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}
