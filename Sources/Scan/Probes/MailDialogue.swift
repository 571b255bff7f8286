// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import TLS

/// One conversation on one connection: runs the session's actions and feeds it what happens, in clear and inside TLS.
final class MailDialogue: Conversation {
    private let context: TLSContext
    private let serverName: DomainName?
    private let settings: ProbeSettings
    private var session: SMTPSession
    private var deadline = StageDeadline()
    private var layer: TLSLayer?
    private var isShakingHands = false
    private var handshakeEnds: Int64 = 0
    private var libraryError: String?

    init(context: TLSContext, serverName: DomainName?, port: Int, settings: ProbeSettings) {
        self.context = context
        self.serverName = serverName
        self.settings = settings
        session = settings.session(on: port)
    }

    func proceed(after event: TCPEvent, on connection: TCPConnection) -> TCPStep {
        guard let layer else {
            guard let event = SMTPSession.Event(event, waitingFor: deadline.wait) else {
                return startTLS(on: connection)
            }
            return act(on: session.handle(event), connection)
        }
        if isShakingHands {
            layer.take(event, on: connection)
            guard !layer.isShakingHands else { return .listen(until: handshakeEnds) }
            isShakingHands = false
            return act(on: session.handle(layer.isEstablished ? .tlsEstablished : .tlsFailed), connection)
        }
        if case .timeout = event { return act(on: session.handle(.timeout(deadline.wait)), connection) }
        layer.take(event, on: connection)
        return act(on: .wait(deadline.wait), connection)
    }

    private func act(on first: SMTPSession.Action, _ connection: TCPConnection) -> TCPStep {
        var action = first
        while true {
            switch action {
            case .wait(let wait):
                // More may have been decrypted already than was asked for.
                guard let heard = heardInTLS() else { return .listen(until: deadline.moment(for: wait, settings)) }
                action = session.handle(heard)
            case .send(let bytes, let wait):
                deadline.restart()
                if let layer { layer.send(bytes, on: connection) } else { connection.send(bytes) }
                action = .wait(wait)
            case .startTLS:
                // What is here before our hello has left is in clear, whatever segment it came in: TLS never sees it.
                return session.opening == .inClear ? .look : startTLS(on: connection)
            case .close:
                layer?.close(on: connection)
                return .close
            }
        }
    }

    private func startTLS(on connection: TCPConnection) -> TCPStep {
        do {
            let layer = try TLSLayer(context: context, serverName: serverName)
            self.layer = layer
            isShakingHands = true
            handshakeEnds = NetworkLoop.monotonicMilliseconds + settings.replyTimeout
            layer.start(on: connection)
            return .listen(until: handshakeEnds)
        } catch {
            libraryError = error.description
            return act(on: session.handle(.tlsFailed), connection)
        }
    }

    /// What has come inside TLS and was not heard yet.
    private func heardInTLS() -> SMTPSession.Event? {
        guard let layer else { return nil }
        let plaintext = layer.takePlaintext()
        guard plaintext.isEmpty else { return .received(plaintext) }
        guard !layer.isOpen else { return nil }
        return layer.isBroken ? .tlsFailed : .endOfStream
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

    /// The handshake as the table has it.
    private func handshakeObservation(_ reply: SMTPRecord.ReplyInTLS) -> TLSProbeObservation? {
        if let libraryError {
            var probe = TLSProbeObservation(profile: .full, serverName: nil, outcome: .localError)
            probe.detail = libraryError
            return probe
        }
        // A refusal would have come long before a greeting is overdue.
        return layer?.observation(profile: .full, silenceIsConsent: reply == .timeout && session.opening == .inTLS)
    }
}
