// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import TLS

/// One conversation for a raw hello: greeting, EHLO and STARTTLS as the session says, or nothing of it with implicit TLS,
/// then the hello, then whatever comes back until the reader has its answer. There is no TLS to say QUIT in afterwards, so
/// the connection is closed.
final class HelloDialogue: Conversation {
    private let settings: ProbeSettings
    private let offer: ClientHello
    private var session: SMTPSession
    private var deadline = StageDeadline()
    private var reader: ServerHelloReader
    private var askedAt: Int64?
    private var ending: HelloEnding?
    private var answerMilliseconds: Int?

    init(port: Int, settings: ProbeSettings, offer: ClientHello, depth: ServerHelloReader.Depth) {
        self.settings = settings
        self.offer = offer
        session = settings.session(on: port)
        reader = ServerHelloReader(depth: depth)
    }

    func proceed(after event: TCPEvent, on connection: TCPConnection) -> TCPStep {
        guard askedAt == nil else { return hear(event) }
        guard let event = SMTPSession.Event(event, waitingFor: deadline.wait) else { return ask(on: connection) }
        switch session.handle(event) {
        case .wait(let wait):
            return .listen(until: deadline.moment(for: wait, settings))
        case .send(let bytes, let wait):
            deadline.restart()
            connection.send(bytes)
            return .listen(until: deadline.moment(for: wait, settings))
        case .startTLS:
            // What is here before our hello has left is in clear: it belongs to the session, not to TLS.
            return session.opening == .inClear ? .look : ask(on: connection)
        case .close:
            return .close
        }
    }

    private func ask(on connection: TCPConnection) -> TCPStep {
        let now = NetworkLoop.monotonicMilliseconds
        askedAt = now
        connection.send(offer.record)
        return .listen(until: now + settings.replyTimeout)
    }

    private func hear(_ event: TCPEvent) -> TCPStep {
        let askedAt = askedAt ?? 0
        switch event {
        case .received(let bytes): if reader.receive(bytes) != nil { ending = .answered }
        case .endOfStream: ending = .endOfStream
        case .timeout: ending = .timeout
        case .failed(let errno): ending = .reset(errno: errno == 0 ? nil : Int(errno))
        case .opened, .quiet: break
        }
        guard ending != nil else { return .listen(until: askedAt + settings.replyTimeout) }
        answerMilliseconds = Int(NetworkLoop.monotonicMilliseconds - askedAt)
        return .close
    }
}

extension HelloDialogue {
    /// Writes what was seen into the endpoint's observation; the probe is `not_reached` where STARTTLS did not come to
    /// the hello.
    func describe(profile: HelloProfile, in observation: inout EndpointObservation) {
        observation.take(session)
        guard let ending else { return }
        var probe = TLSProbeObservation(profile: profile, offer: offer, reader: reader, ending: ending)
        probe.durationMilliseconds = answerMilliseconds
        observation.probes = [probe]
        observation.tls = probe.outcome
    }
}

extension SMTPSession.Event {
    /// What an event on the connection is to the session before TLS; nil where it is the sign that TLS may begin.
    init?(_ event: TCPEvent, waitingFor wait: SMTPSession.Wait) {
        switch event {
        case .opened: self = .connected
        case .received(let bytes): self = .received(bytes)
        case .timeout: self = .timeout(wait)
        case .endOfStream, .failed: self = .endOfStream
        case .quiet: return nil
        }
    }
}
