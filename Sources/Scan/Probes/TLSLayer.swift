// SPDX-License-Identifier: Apache-2.0
import Observations
import TLS

/// TLS between a dialogue and its connection: plain text on one side, records on the other.
final class TLSLayer {
    private let tls: TLSConnection
    private let began = NetworkLoop.monotonicMilliseconds
    private var handshakeMilliseconds: Int?
    /// Nothing more comes from the network, or it has not come in time.
    private var isOver = false
    private var errno: Int?

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
            isOver = true
        case .timeout: isOver = true
        case .failed(let errno):
            tls.endOfInput(isReset: true)
            isOver = true
            self.errno = Int(errno)
        case .opened, .quiet: break
        }
        flush(to: connection)
        if wasShakingHands, !isShakingHands {
            handshakeMilliseconds = Int(NetworkLoop.monotonicMilliseconds - began)
        }
    }

    /// Whether the handshake is neither complete nor over.
    var isShakingHands: Bool {
        if case .handshaking = tls.state { !isOver } else { false }
    }

    /// Whether the handshake is complete, and nothing has ended TLS since.
    var isEstablished: Bool {
        if case .established = tls.state { true } else { false }
    }

    /// Whether more plain text may come.
    var isOpen: Bool {
        isEstablished && !isOver
    }

    /// Whether TLS itself has failed: an alert, or a broken record.
    var isBroken: Bool {
        if case .failed = tls.state { true } else { false }
    }

    /// Whether the server has said in TLS that it is done (close_notify, RFC 8446 §6.1), rather than being gone.
    var isClosedByPeer: Bool {
        if case .closed = tls.state { !isOver } else { false }
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

    /// What the handshake showed; see `TLSConnection.observation`.
    func observation(profile: HelloProfile, silenceIsConsent: Bool = false) -> TLSProbeObservation {
        var seen = tls.observation(profile: profile, silenceIsConsent: silenceIsConsent)
        seen.durationMilliseconds = handshakeMilliseconds
        // What came behind the handshake is the conversation's.
        if seen.outcome != .ok { seen.errno = errno }
        return seen
    }

    private func flush(to connection: TCPConnection) {
        let output = tls.takeOutput()
        if !output.isEmpty { connection.send(output) }
    }
}
