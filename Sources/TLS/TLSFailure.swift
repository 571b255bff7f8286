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

    init(outcome: TLSOutcome, alert: Int?, detail: String) {
        self.outcome = outcome
        self.alert = alert
        self.detail = detail
    }

    init(errors: [ErrorQueue.Entry], notes: HandshakeNotes, isBehindHandshake: Bool) {
        detail = errors.isEmpty ? "no reason given" : errors.map(\.text).joined(separator: ", ")
        if let alert = notes.alertReceived {
            self.alert = alert
            outcome = Self.outcome(alert: alert, afterOurCertificate: notes.sentCertificate)
            return
        }
        alert = notes.alertSent
        if errors.contains(where: { Self.isOurOwnTrouble($0, isBehindHandshake: isBehindHandshake) }) {
            outcome = .localError
        } else if errors.contains(where: Self.isOurOwnRule) {
            outcome = .clientPolicy
        } else {
            outcome = errors.contains(where: { $0.library == ERR_LIB_SSL }) ? .badRecord : .localError
        }
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
    private static func isOurOwnTrouble(_ entry: ErrorQueue.Entry, isBehindHandshake: Bool) -> Bool {
        guard entry.library == ERR_LIB_SSL else { return false }
        return entry.reason == ERR_R_MALLOC_FAILURE || entry.reason == ERR_R_INTERNAL_ERROR && !isBehindHandshake
    }

    /// What the server did is legal, or was once, and this library will not have it.
    private static func isOurOwnRule(_ entry: ErrorQueue.Entry) -> Bool {
        let rules: Set<Int32> = [
            SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW,
            SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM,
            SSL_R_UNKNOWN_DIGEST, SSL_R_DH_KEY_TOO_SMALL, SSL_R_EE_KEY_TOO_SMALL, SSL_R_CA_KEY_TOO_SMALL,
            SSL_R_CA_MD_TOO_WEAK, SSL_R_UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS, SSL_R_UNKNOWN_CERTIFICATE_TYPE,
            SSL_R_WRONG_SIGNATURE_TYPE, SSL_R_WRONG_CURVE, SSL_R_EXCESSIVE_MESSAGE_SIZE, SSL_R_MISSING_DSA_SIGNING_CERT,
        ]
        // What the library says about a Diffie-Hellman modulus comes from below its TLS part.
        return entry.library == ERR_LIB_DH || entry.library == ERR_LIB_SSL && rules.contains(entry.reason)
    }
}
