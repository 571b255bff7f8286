// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import TLS

/// One conversation for a raw hello: greeting, EHLO and STARTTLS as the session says, or nothing of it with implicit TLS,
/// then the hello, then whatever comes back until the reader has its answer. There is no TLS to say QUIT in afterwards, so the connection is closed.
@NetworkLoop
struct HelloDialogue {
    private let connection: TCPConnection
    private let settings: ProbeSettings
    private let offer: ClientHello
    private var session: SMTPSession
    private var reader: ServerHelloReader
    private var ending: HelloEnding?
    private var answerMilliseconds: Int?
    private var deadline = StageDeadline()

    init(
        connection: TCPConnection, port: Int, settings: ProbeSettings, offer: ClientHello,
        depth: ServerHelloReader.Depth
    ) {
        self.connection = connection
        self.settings = settings
        self.offer = offer
        session = settings.session(on: port)
        reader = ServerHelloReader(depth: depth)
    }

    /// Talks until there is nothing more to hear.
    mutating func run() async {
        var action = session.handle(.connected)
        while true {
            switch action {
            case .wait(let wait):
                action = session.handle(await event(for: wait))
            case .send(let bytes, let wait):
                deadline.restart()
                connection.send(bytes)
                action = session.handle(await event(for: wait))
            case .startTLS:
                // What is here before our hello has left is in clear: it belongs to the session, not to TLS.
                let early = session.opening == .inClear ? connection.takeArrived() : []
                guard early.isEmpty else {
                    action = session.handle(.received(early))
                    continue
                }
                await ask()
                return
            case .close:
                return
            }
        }
    }

    private mutating func ask() async {
        let began = NetworkLoop.monotonicMilliseconds
        connection.send(offer.record)
        while ending == nil {
            let remaining = began + settings.replyTimeout - NetworkLoop.monotonicMilliseconds
            switch await connection.receive(timeoutMilliseconds: max(0, remaining)) {
            case .bytes(let bytes): if reader.receive(bytes) != nil { ending = .answered }
            case .endOfStream: ending = .endOfStream
            case .timeout: ending = .timeout
            case .failed(let errno): ending = .reset(errno: errno == 0 ? nil : Int(errno))
            }
        }
        answerMilliseconds = Int(NetworkLoop.monotonicMilliseconds - began)
    }

    private mutating func event(for wait: SMTPSession.Wait) async -> SMTPSession.Event {
        let remaining = deadline.remaining(for: wait, settings)
        return switch await connection.receive(timeoutMilliseconds: remaining) {
        case .bytes(let bytes): .received(bytes)
        case .endOfStream, .failed: .endOfStream
        case .timeout: .timeout(wait)
        }
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
