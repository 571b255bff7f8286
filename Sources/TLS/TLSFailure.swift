// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import Observations

/// Why a TLS connection ended: in the word of the published vocabulary, with the evidence beside it.
///
/// The question to settle is whose fault it is. An alert that the peer sent is the peer's word (RFC 8446 §6.2). A rule
/// of our own library that the peer did not know about is `client_policy`, a fact about us. Records or messages that
/// break the protocol are `bad_record`.
public struct TLSFailure: Hashable, Sendable {
    /// What it comes to.
    public let outcome: TLSOutcome
    /// The alert received; without one, the alert that we sent.
    public let alert: Int?
    /// The library's own words, for people.
    public let detail: String

    /// Where the library was when it gave up.
    enum Place {
        case handshake
        /// At the server's Certificate message.
        case certificate
        case behindHandshake
    }

    init(outcome: TLSOutcome, alert: Int?, detail: String) {
        self.outcome = outcome
        self.alert = alert
        self.detail = detail
    }

    /// A peer that ended the connection: one that hangs up behind a warning has said why.
    init(hangingUp outcome: TLSOutcome, after notes: HandshakeNotes, detail: String) {
        self.detail = detail
        alert = notes.warningReceived
        self.outcome =
            alert.map { Self.outcome(alert: $0, afterOurCertificate: notes.sentCertificate) } ?? outcome
    }

    init(errors: [ErrorQueue.Entry], notes: HandshakeNotes, at place: Place) {
        let detail = errors.isEmpty ? "no reason given" : errors.map(\.text).joined(separator: ", ")
        switch notes.alertReceived {
        case Int(SSL3_AD_CLOSE_NOTIFY):
            // Fatal by its level, and still only a leave-taking.
            self.init(hangingUp: .eof, after: notes, detail: detail)
        case let alert?:
            let outcome = Self.outcome(alert: alert, afterOurCertificate: notes.sentCertificate)
            self.init(outcome: outcome, alert: alert, detail: detail)
        case nil:
            self.init(outcome: Self.outcome(errors, notes, at: place), alert: notes.alertSent, detail: detail)
        }
    }

    /// The word where no alert came.
    private static func outcome(_ errors: [ErrorQueue.Entry], _ notes: HandshakeNotes, at place: Place) -> TLSOutcome {
        if errors.contains(where: { isOurOwnTrouble($0, at: place) }) { return .localError }
        if errors.contains(where: { isOurOwnRule($0, at: place, notes) }) { return .clientPolicy }
        return errors.contains(where: { $0.library == ERR_LIB_SSL }) ? .badRecord : .localError
    }

    /// The alert's word (RFC 8446 §6.2). After we have answered a CertificateRequest with an empty list, a refusal that
    /// speaks of certificates, or just of failure as TLS 1.2 servers do, means that they insist (RFC 5246 §7.4.6).
    static func outcome(alert: Int, afterOurCertificate: Bool) -> TLSOutcome {
        let insists: Set<Int32> = [
            SSL3_AD_HANDSHAKE_FAILURE, SSL3_AD_NO_CERTIFICATE, SSL3_AD_BAD_CERTIFICATE, SSL3_AD_UNSUPPORTED_CERTIFICATE,
            SSL3_AD_CERTIFICATE_REVOKED, SSL3_AD_CERTIFICATE_EXPIRED, SSL3_AD_CERTIFICATE_UNKNOWN, TLS1_AD_UNKNOWN_CA,
            TLS1_AD_ACCESS_DENIED, TLS13_AD_CERTIFICATE_REQUIRED,
        ]
        if alert == TLS13_AD_CERTIFICATE_REQUIRED { return .clientCertRequired }
        if afterOurCertificate, insists.contains(Int32(alert)) { return .clientCertRequired }
        return switch Int32(alert) {
        case SSL3_AD_HANDSHAKE_FAILURE: .alertHandshakeFailure
        case TLS1_AD_PROTOCOL_VERSION: .alertProtocolVersion
        case TLS1_AD_INSUFFICIENT_SECURITY: .alertInsufficientSecurity
        case TLS1_AD_UNRECOGNIZED_NAME: .alertUnrecognizedName
        case TLS1_AD_INTERNAL_ERROR: .alertInternalError
        default: .alertOther
        }
    }

    /// Behind the handshake nothing is left but to open records, and of one that is too short for its cipher some
    /// versions of the library (3.0.19 among them) say "internal error".
    private static func isOurOwnTrouble(_ entry: ErrorQueue.Entry, at place: Place) -> Bool {
        guard entry.library == ERR_LIB_SSL else { return false }
        if entry.reason == ERR_R_INTERNAL_ERROR { return place != .behindHandshake }
        return entry.reason == ERR_R_MALLOC_FAILURE
    }

    /// What the server did is legal, or was once, and this library will not have it. A version is legal where a standard
    /// gives it, and a message of any length where it holds certificates: the library has a limit of its own for those.
    private static func isOurOwnRule(_ entry: ErrorQueue.Entry, at place: Place, _ notes: HandshakeNotes) -> Bool {
        let rules: Set<Int32> = [
            SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED, SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED,
            SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_UNKNOWN_DIGEST, SSL_R_DH_KEY_TOO_SMALL, SSL_R_EE_KEY_TOO_SMALL,
            SSL_R_CA_KEY_TOO_SMALL,
            SSL_R_CA_MD_TOO_WEAK, SSL_R_UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS, SSL_R_UNKNOWN_CERTIFICATE_TYPE,
            SSL_R_WRONG_SIGNATURE_TYPE, SSL_R_WRONG_CURVE, SSL_R_MISSING_DSA_SIGNING_CERT,
        ]
        // What the library says about a Diffie-Hellman modulus comes from below its TLS part.
        guard entry.library == ERR_LIB_SSL else { return entry.library == ERR_LIB_DH }
        return switch entry.reason {
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW: notes.serverHello?.version == .ssl3
        case SSL_R_EXCESSIVE_MESSAGE_SIZE: place == .certificate
        default: rules.contains(entry.reason)
        }
    }
}
