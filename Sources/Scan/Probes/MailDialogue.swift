// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import TLS

/// One conversation on one connection: runs the session's actions and feeds it what happens, in clear and inside TLS.
@NetworkLoop
struct MailDialogue {
    private let connection: TCPConnection
    private let settings: ProbeSettings
    private var session: SMTPSession
    private var layer: TLSLayer?
    private var libraryError: String?
    private var deadline = StageDeadline()

    init(connection: TCPConnection, port: Int, settings: ProbeSettings) {
        self.connection = connection
        self.settings = settings
        session = settings.session(on: port)
    }

    /// Talks until the session wants to close.
    mutating func run(context: TLSContext, serverName: DomainName?) async {
        var action = session.handle(.connected)
        while true {
            switch action {
            case .wait(let wait):
                action = session.handle(await event(for: wait))
            case .send(let bytes, let wait):
                deadline.restart()
                transmit(bytes)
                action = session.handle(await event(for: wait))
            case .startTLS:
                action = session.handle(await handshake(context: context, serverName: serverName))
            case .close:
                layer?.close(on: connection)
                return
            }
        }
    }

    private func transmit(_ bytes: [UInt8]) {
        if let layer { layer.send(bytes, on: connection) } else { connection.send(bytes) }
    }

    private mutating func event(for wait: SMTPSession.Wait) async -> SMTPSession.Event {
        let remaining = deadline.remaining(for: wait, settings)
        let received =
            if let layer {
                await layer.receive(on: connection, timeoutMilliseconds: remaining)
            } else {
                await connection.receive(timeoutMilliseconds: remaining)
            }
        return switch received {
        case .bytes(let bytes): .received(bytes)
        case .endOfStream, .failed: layer?.isBroken == true ? .tlsFailed : .endOfStream
        case .timeout: .timeout(wait)
        }
    }

    private mutating func handshake(context: TLSContext, serverName: DomainName?) async -> SMTPSession.Event {
        // What is here before our hello has left is in clear, whatever segment it came in: TLS never sees it.
        let early = session.opening == .inClear ? connection.takeArrived() : []
        guard early.isEmpty else { return .received(early) }
        do {
            let layer = try TLSLayer(context: context, serverName: serverName)
            self.layer = layer
            return await layer.handshake(on: connection, timeoutMilliseconds: settings.replyTimeout)
                ? .tlsEstablished : .tlsFailed
        } catch {
            libraryError = error.description
            return .tlsFailed
        }
    }
}

extension MailDialogue {
    /// Writes what was seen into the endpoint's observation.
    func describe(in observation: inout EndpointObservation) {
        observation.take(session)
        guard let probe = handshakeObservation(session.record.replyInTLS) else { return }
        observation.probes = [probe]
        observation.tls = probe.outcome
        // A handshake that was refused after all says why there was no greeting behind it.
        if observation.opensInTLS, probe.outcome != .ok { observation.greeting = .notReached }
    }

    /// The handshake as the table has it: complete only when the server has also answered inside TLS (RFC 8446 §4.4.2.4
    /// lets a client believe in a handshake that the server then refuses).
    private func handshakeObservation(_ reply: SMTPRecord.ReplyInTLS) -> TLSProbeObservation? {
        if let libraryError {
            var probe = TLSProbeObservation(profile: .full, serverName: nil, outcome: .localError)
            probe.detail = libraryError
            return probe
        }
        let answered: TLSLayer.Answer =
            switch reply {
            case .reply, .malformed: .given
            // A refusal would have come long before a greeting is overdue.
            case .timeout: session.opening == .inTLS ? .given : .late
            case .notReached, .endOfStream, .tlsFailure: .missing
            }
        return layer?.observation(profile: .full, answer: answered)
    }
}
