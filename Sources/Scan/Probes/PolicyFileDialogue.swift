// SPDX-License-Identifier: Apache-2.0
import Observations
import Policies
import TLS

/// One fetch of a policy file on one connection: the handshake, the certificate, one GET, the response.
final class PolicyFileDialogue: Conversation {
    /// What came of it, so far.
    private(set) var fetch = STSPolicyFetch(outcome: .ok)
    private let layer: TLSLayer
    private let exchange: HTTPExchange
    private let deadline: Int64
    private let fault: ([[UInt8]]) -> STSFetchOutcome?
    private var isLate = false
    private var hasAsked = false

    /// - Parameters:
    ///   - deadline: the end of the whole fetch, by `NetworkLoop.monotonicMilliseconds`.
    ///   - fault: what speaks against a chain, its leaf first.
    init(
        layer: TLSLayer, exchange: HTTPExchange, deadline: Int64, fault: @escaping ([[UInt8]]) -> STSFetchOutcome?
    ) {
        self.layer = layer
        self.exchange = exchange
        self.deadline = deadline
        self.fault = fault
    }

    func proceed(after event: TCPEvent, on connection: TCPConnection) -> TCPStep {
        if case .opened = event {
            layer.start(on: connection)
            return .listen(until: deadline)
        }
        if case .timeout = event, hasAsked { isLate = true } else { layer.take(event, on: connection) }
        guard !layer.isShakingHands else { return .listen(until: deadline) }
        guard hasAsked || ask(on: connection), !read() else {
            layer.close(on: connection)
            return .close
        }
        return .listen(until: deadline)
    }

    /// Sends the request, where nothing speaks against the server.
    private func ask(on connection: TCPConnection) -> Bool {
        let seen = layer.observation(profile: .full, silenceIsConsent: layer.isEstablished)
        fetch.certificateSHA256 = seen.chain.first.map(ChainDigest.sha256(of:))
        guard layer.isEstablished, seen.outcome == .ok else {
            fetch.outcome = .failing(seen.outcome)
            return false
        }
        if let fault = fault(seen.chain) {
            fetch.outcome = fault
            return false
        }
        hasAsked = true
        layer.send(exchange.request, on: connection)
        return true
    }

    /// Reads what has come; whether that is all there is to read.
    private func read() -> Bool {
        // A status other than 200, or a body over the limit, decides the matter: the rest need not come.
        while exchange.state == .reading, !isLate, exchange.status ?? 200 == 200,
            exchange.body.count <= STSPolicyFetch.bodyLimit
        {
            let plaintext = layer.takePlaintext()
            if !plaintext.isEmpty {
                exchange.receive(plaintext)
            } else if !layer.isOpen {
                exchange.endOfStream(isDeclared: layer.isClosedByPeer)
            } else if deadline <= NetworkLoop.monotonicMilliseconds {
                // Who drips octets is late, too.
                isLate = true
            } else {
                return false
            }
        }
        judge()
        return true
    }

    private func judge() {
        fetch.httpStatus = exchange.status
        fetch.contentType = exchange.contentType
        if let status = exchange.status, !isLate || status != 200 {
            fetch.outcome = STSResponse.outcome(
                status: status, contentType: exchange.contentType, bodySize: exchange.body.count,
                isComplete: exchange.state == .complete)
        } else {
            // Without a status the connection is all there is to tell. TLS 1.3 refuses only here.
            let end = layer.observation(profile: .full).outcome
            fetch.outcome = isLate ? .timeout : end == .ok || end == .eof ? .truncated : .failing(end)
        }
        if [.ok, .contentTypeNotTextPlain].contains(fetch.outcome) {
            fetch.body = exchange.body
            fetch.bodySHA256 = ChainDigest.sha256(of: exchange.body)
        }
    }
}

extension STSFetchOutcome {
    /// The word for a handshake that did not come to its end. What our own library will not do is no fact about the host.
    fileprivate static func failing(_ outcome: TLSOutcome) -> STSFetchOutcome {
        switch outcome {
        case .timeout: .timeout
        case .reset, .eof: .tcpReset
        default: outcome.outcomeClass == .local ? .notMeasured : .tlsHandshake
        }
    }
}
