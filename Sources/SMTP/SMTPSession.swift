// SPDX-License-Identifier: Apache-2.0

import Observations

/// The client's side of one survey visit to a mail server, without sockets and clocks: events in, actions out.
///
///     wait for the whole greeting (RFC 5321 §3.1)  →  EHLO, or HELO behind a refused EHLO (§3.2)
///     →  STARTTLS where offered (RFC 3207)  →  handshake, by the caller  →  EHLO inside TLS  →  QUIT (§4.1.1.10)
///
/// With implicit TLS (RFC 8314 §3.3) the handshake comes first; greeting and EHLO follow inside it, and STARTTLS has no
/// place.
///
/// It never speaks before the greeting is complete, sends one command at a time, names no sender or recipient, and obeys
/// 421 anywhere (§3.8). What each answer means is in `SMTPSession+Replies.swift`.
public struct SMTPSession: Sendable {
    /// What the first octets on the connection are.
    public enum Opening: Hashable, Sendable {
        /// The server's greeting: encryption is a matter of STARTTLS.
        case inClear
        /// Our ClientHello: implicit TLS, as on port 465.
        case inTLS
    }

    /// What happened on the connection.
    public enum Event: Hashable, Sendable {
        /// It is open. The first event, once.
        case connected
        /// Octets of the SMTP layer: in clear before the handshake, decrypted after it. During the handshake the octets
        /// are TLS's own, except any that arrive before the ClientHello has left: those belong here.
        case received([UInt8])
        /// The peer closed or reset it.
        case endOfStream
        /// What was waited for did not come in time.
        case timeout(Wait)
        /// The handshake that `startTLS` asked for is complete.
        case tlsEstablished
        /// The handshake failed, or TLS broke later.
        case tlsFailed
    }

    /// Which time limit applies. It runs from the action that first names this wait until another action ends it: a
    /// repeated `wait` does not start it anew, or a server could drip octets for ever.
    public enum Wait: Hashable, Sendable {
        /// For the greeting.
        case greeting
        /// For the answer to a command.
        case reply
        /// For the answer to QUIT.
        case quit
    }

    /// What to do next.
    public enum Action: Hashable, Sendable {
        /// Read on.
        case wait(Wait)
        /// Write these octets, then read.
        case send([UInt8], then: Wait)
        /// Begin the handshake, with no octets carried over from before; then report `tlsEstablished` or `tlsFailed`.
        /// With implicit TLS the first action, and all octets are TLS's.
        case startTLS
        /// Close the connection; the record is complete.
        case close
    }

    enum Stage: Hashable, Sendable {
        case connecting, greeting, ehlo, helo, starttls, handshake, ehloInTLS, quitting, finished

        var wait: Wait {
            switch self {
            case .connecting, .greeting: .greeting
            case .quitting, .finished: .quit
            default: .reply
            }
        }
    }

    /// What was seen so far.
    public internal(set) var record = SMTPRecord()
    /// How the connection opens.
    public let opening: Opening
    let ehloName: EHLOName
    var decoder = ReplyDecoder()
    var stage = Stage.connecting

    /// A session that will introduce itself by this name.
    public init(ehloName: EHLOName, opening: Opening = .inClear) {
        self.ehloName = ehloName
        self.opening = opening
    }

    /// Takes what happened, says what to do. After `close`, every further event is answered with `close`.
    public mutating func handle(_ event: Event) -> Action {
        switch (stage, event) {
        case (.finished, _):
            return .close
        case (.connecting, .connected) where opening == .inTLS:
            stage = .handshake
            return .startTLS
        case (.connecting, .connected):
            stage = .greeting
            return .wait(.greeting)
        case (.handshake, .received):
            // RFC 3207 §4 lets the server say nothing between its 220 and our ClientHello.
            return rejectTrailingPlaintext()
        case (_, .received(let octets)):
            decoder.append(octets)
            return read()
        case (.handshake, .tlsEstablished) where opening == .inTLS:
            stage = .greeting
            return .wait(.greeting)
        case (.handshake, .tlsEstablished):
            stage = .ehloInTLS
            decoder = ReplyDecoder()  // RFC 3207 §4.2: what was learned before TLS is forgotten
            return .send(Array("EHLO \(ehloName)\r\n".utf8), then: .reply)
        case (_, .timeout(let wait)) where wait != stage.wait:
            return .wait(stage.wait)
        case (_, .timeout):
            return end(by: .timeout)
        case (_, .endOfStream):
            return end(by: .endOfStream)
        case (_, .tlsFailed):
            return end(by: .tlsFailure)
        case (_, .connected), (_, .tlsEstablished):
            preconditionFailure("\(event) reported while the session is at \(stage)")
        }
    }

    private mutating func read() -> Action {
        switch decoder.next() {
        case .incomplete: .wait(stage.wait)
        case .reply(let reply): act(on: reply)
        case .malformed: end(by: .malformed)
        }
    }

    /// Sends a command. Octets that stand behind the last reply cannot be the answer to a command not yet sent, and
    /// taking them for it would shift every later answer: only a 421 may come unasked (RFC 5321 §3.8).
    mutating func send(_ command: String, next: Stage) -> Action {
        stage = next
        guard decoder.hasUnread else { return .send(Array("\(command)\r\n".utf8), then: .reply) }
        guard case .reply(let reply) = decoder.next(), reply.code == 421 else { return end(by: .malformed) }
        return act(on: reply)
    }

    /// Takes leave; after a 421 the server is closing already and is owed no QUIT.
    mutating func quit(after reply: SMTPReply) -> Action {
        guard reply.code != 421 else { return close() }
        stage = .quitting
        return .send(Array("QUIT\r\n".utf8), then: .quit)
    }

    mutating func close() -> Action {
        stage = .finished
        record.isFinished = true
        return .close
    }
}
