// SPDX-License-Identifier: Apache-2.0
import Observations
import TLS

/// TLS between a dialogue and its connection: plain text on one side, records on the other.
final class TLSLayer {
    /// Whether the server answered EHLO inside TLS.
    enum Answer {
        case given, late, missing
    }

    private let tls: TLSConnection
    private let began = NetworkLoop.monotonicMilliseconds
    private var handshakeMilliseconds: Int?
    private var networkEnd: (outcome: TLSOutcome, errno: Int?)?

    init(context: TLSContext, serverName: DomainName?) throws(TLSLibraryError) {
        tls = try TLSConnection(context: context, serverName: serverName)
    }

    /// Sends the hello.
    func start(on connection: TCPConnection) {
        tls.start()
        flush(to: connection)
    }

    /// Takes what happened on the connection, and sends what TLS has to say to it.
    func take(_ event: TCPEvent, on connection: TCPConnection) {
        let wasShakingHands = isShakingHands
        switch event {
        case .received(let bytes): tls.receive(bytes)
        case .endOfStream:
            tls.endOfInput()
            networkEnd = (.eof, nil)
        case .timeout: networkEnd = (.timeout, nil)
        case .failed(let errno): networkEnd = (.reset, Int(errno))
        case .opened, .quiet: break
        }
        flush(to: connection)
        if wasShakingHands, !isShakingHands {
            handshakeMilliseconds = Int(NetworkLoop.monotonicMilliseconds - began)
        }
    }

    /// Whether the handshake is neither complete nor over.
    var isShakingHands: Bool {
        if case .handshaking = tls.state { networkEnd == nil } else { false }
    }

    /// Whether the handshake is complete, and nothing has ended TLS since.
    var isEstablished: Bool {
        if case .established = tls.state { true } else { false }
    }

    /// Whether more plain text may come.
    var isOpen: Bool {
        isEstablished && networkEnd == nil
    }

    /// Whether TLS itself has failed: an alert, or a broken record.
    var isBroken: Bool {
        if case .failed = tls.state { true } else { false }
    }

    /// Whether the server has said in TLS that it is done (close_notify, RFC 8446 §6.1), rather than being gone.
    var isClosedByPeer: Bool {
        if case .closed = tls.state { networkEnd == nil } else { false }
    }

    /// The plain text that has come since the last time.
    func takePlaintext() -> [UInt8] {
        tls.takePlaintext()
    }

    /// Sends plain text.
    func send(_ plaintext: [UInt8], on connection: TCPConnection) {
        tls.send(plaintext)
        flush(to: connection)
    }

    /// Says goodbye in TLS; the caller closes the connection.
    func close(on connection: TCPConnection) {
        tls.close()
        flush(to: connection)
    }

    /// What the handshake showed. TLS 1.3 refuses only after the client believes that it is done, so that a connection
    /// without a word inside TLS is a failed handshake; an alert or a broken record says more than its end. Half an answer
    /// is word enough.
    func observation(profile: HelloProfile, answer: Answer) -> TLSProbeObservation {
        var seen = tls.observation(profile: profile)
        seen.durationMilliseconds = handshakeMilliseconds
        switch (tls.state, answer) {
        case (.failed, _):
            // After the first words inside TLS a failure no longer concerns the handshake.
            break
        case (.handshaking, _),
            (_, .missing) where !tls.hasReceivedPlaintext:
            seen.outcome = networkEnd?.outcome ?? (tls.hasCompletedHandshake ? .eof : .timeout)
            seen.errno = networkEnd?.errno
        case (_, .late): seen.outcome = .timeout
        case (_, .given), (_, .missing): break
        }
        return seen
    }

    private func flush(to connection: TCPConnection) {
        let output = tls.takeOutput()
        if !output.isEmpty { connection.send(output) }
    }
}
