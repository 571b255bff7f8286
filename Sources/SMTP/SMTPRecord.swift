// SPDX-License-Identifier: Apache-2.0

public import Observations

/// What one SMTP session showed, stage by stage, in the words of the tables; stages not reached say so.
public struct SMTPRecord: Hashable, Sendable {
    /// What the server said first inside TLS: to the EHLO that follows the handshake or, with implicit TLS, its greeting.
    public enum ReplyInTLS: Hashable, Sendable {
        /// The session did not come so far.
        case notReached
        /// A complete reply with this code.
        case reply(code: Int)
        /// The stream ended instead. In TLS 1.3 a refused handshake shows only here, after our side thought it complete
        /// (RFC 8446 §4.4.2.4, §6.2), so this is a failure of TLS; an alert that came with it says which.
        case endOfStream
        /// TLS itself failed while the reply was awaited: an alert, or a broken record.
        case tlsFailure
        /// No complete reply in time.
        case timeout
        /// Not a reply.
        case malformed
    }

    /// The greeting.
    public internal(set) var greeting: GreetingOutcome = .notReached
    /// Its reply code.
    public internal(set) var greetingCode: Int?
    /// Its text, at most 200 characters.
    public internal(set) var banner: String?
    /// The answer to EHLO, or to HELO behind a refused EHLO.
    public internal(set) var ehlo: EHLOOutcome = .notReached
    /// Its reply code: HELO's where HELO was answered.
    public internal(set) var ehloCode: Int?
    /// Keyword in capitals and parameters, in the server's order; nil where there was no positive answer to EHLO.
    public internal(set) var extensions: [String]?
    /// Whether STARTTLS was offered, and the answer to it. Behind `helo_only` the word is `not_reached`: a server
    /// without extensions offers nothing, and `ehlo` says so. With implicit TLS it is `not_reached` too: nobody asks.
    public internal(set) var starttls: STARTTLSOutcome = .notReached
    /// The reply code to the command.
    public internal(set) var starttlsCode: Int?
    /// The answer to EHLO inside TLS; with implicit TLS the greeting.
    public internal(set) var replyInTLS: ReplyInTLS = .notReached
    /// The extensions inside TLS, as `extensions`.
    public internal(set) var extensionsInTLS: [String]?
    /// Code and text of the refusal that ended the matter, at most 200 characters, for people.
    public internal(set) var refusal: String?
    /// Whether the session is over, so that nothing here changes any more.
    public internal(set) var isFinished = false

    /// A record in which nothing was reached.
    public init() {}
}
