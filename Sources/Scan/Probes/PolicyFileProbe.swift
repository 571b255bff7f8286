// SPDX-License-Identifier: Apache-2.0
import Observations
import Policies
import TLS
import Verdicts

/// How a policy file is asked for.
public struct PolicyFetchSettings: Sendable, Hashable {
    /// The port of policy hosts; 443 but in tests.
    public var port = 443
    /// Who asks, and where one can complain.
    public var userAgent = "mxcensus"
    /// For the whole fetch, milliseconds (RFC 8461 §3.3: one minute).
    public var timeLimit = Int64(STSPolicyFetch.timeLimit)

    /// The defaults of a scan of the internet.
    public init() {}
}

/// Fetches a policy file once (RFC 8461 §3.3): TLS with a certificate that a public authority gave for the policy host,
/// one GET, no redirect. What the connection ends with becomes a word, and the response a word by `STSResponse`.
@NetworkLoop
struct PolicyFileProbe {
    let context: TLSContext
    let roots: TrustStore
    let settings: PolicyFetchSettings
    let connectTimeout: Int64
    /// The time for which certificates are judged.
    let moment: @Sendable () -> Timestamp

    /// One address of the policy host; `deadline` is the end of the whole fetch.
    func fetch(from host: DomainName, at address: IPAddress, deadline: Int64) async -> STSPolicyFetch {
        let opened = await NetworkLoop.connect(
            to: address, port: settings.port,
            timeoutMilliseconds: min(connectTimeout, max(1, deadline - NetworkLoop.monotonicMilliseconds)))
        guard let connection = opened.connection else { return STSPolicyFetch(outcome: .failing(opened.outcome)) }
        defer { connection.close() }
        guard let layer = try? TLSLayer(context: context, serverName: host) else { return .notMeasured }
        let isEstablished = await layer.handshake(
            on: connection, timeoutMilliseconds: max(0, deadline - NetworkLoop.monotonicMilliseconds))
        defer { layer.close(on: connection) }
        let seen = layer.observation(profile: .full, answer: .given)
        var fetch = STSPolicyFetch(outcome: .ok)
        fetch.certificateSHA256 = seen.chain.first.map(ChainDigest.sha256(of:))
        guard isEstablished, seen.outcome == .ok else {
            fetch.outcome = .failing(seen.outcome)
            return fetch
        }
        if let fault = fault(of: seen.chain, for: host) {
            fetch.outcome = fault
            return fetch
        }
        await get(from: host, through: layer, on: connection, deadline: deadline, into: &fetch)
        return fetch
    }

    /// What speaks against the certificate: the way to a root and the dates first, then the names (RFC 9525).
    private func fault(of chain: [[UInt8]], for host: DomainName) -> STSFetchOutcome? {
        guard let facts = try? ChainVerifier.facts(chain: chain, store: roots, at: moment()) else {
            return .notMeasured
        }
        switch PKIXVerdict.judge(facts).outcome {
        case .valid: break
        case .expiredLeaf, .expiredIssuer, .notYetValid: return .certificateExpired
        default: return .certificateUntrusted
        }
        let match = chain.first.flatMap(CertificateReader.read).map { NameVerdict.match($0, reference: host) }
        return match == .matchExact || match == .matchWildcard ? nil : .certificateNameMismatch
    }

    private func get(
        from host: DomainName, through layer: TLSLayer, on connection: TCPConnection, deadline: Int64,
        into fetch: inout STSPolicyFetch
    ) async {
        let authority = settings.port == 443 ? "\(host)" : "\(host):\(settings.port)"
        guard
            let exchange = try? HTTPExchange(
                host: authority, path: "/.well-known/mta-sts.txt", userAgent: settings.userAgent)
        else {
            fetch.outcome = .notMeasured
            return
        }
        layer.send(exchange.request, on: connection)
        var isLate = false
        // A status other than 200, or a body over the limit, decides the matter: the rest need not come.
        while exchange.state == .reading, !isLate, exchange.status ?? 200 == 200,
            exchange.body.count <= STSPolicyFetch.bodyLimit
        {
            let remaining = max(0, deadline - NetworkLoop.monotonicMilliseconds)
            switch await layer.receive(on: connection, timeoutMilliseconds: remaining) {
            case .bytes(let bytes): exchange.receive(bytes)
            case .timeout: isLate = true
            case .endOfStream, .failed: exchange.endOfStream(isDeclared: layer.isClosedByPeer)
            }
            // Who drips octets is late, too.
            if remaining == 0, exchange.state == .reading { isLate = true }
        }
        fetch.httpStatus = exchange.status
        fetch.contentType = exchange.contentType
        if let status = exchange.status, !isLate || status != 200 {
            fetch.outcome = STSResponse.outcome(
                status: status, contentType: exchange.contentType, bodySize: exchange.body.count,
                isComplete: exchange.state == .complete)
        } else {
            // Without a status the connection is all there is to tell. TLS 1.3 refuses only here.
            let end = layer.observation(profile: .full, answer: .missing).outcome
            fetch.outcome = isLate ? .timeout : end == .ok || end == .eof ? .truncated : .failing(end)
        }
        if [.ok, .contentTypeNotTextPlain].contains(fetch.outcome) {
            fetch.body = exchange.body
            fetch.bodySHA256 = ChainDigest.sha256(of: exchange.body)
        }
    }
}

extension STSFetchOutcome {
    /// The word for a connection that did not come about. That we could not open one is no fact about the host.
    fileprivate static func failing(_ outcome: TCPOutcome) -> STSFetchOutcome {
        switch outcome {
        case .refused, .adminProhibited: .tcpRefused
        case .reset: .tcpReset
        default: outcome.outcomeClass == .local ? .notMeasured : .tcpTimeout
        }
    }

    /// The word for a handshake that did not come to its end. What our own library will not do is no fact about the host.
    fileprivate static func failing(_ outcome: TLSOutcome) -> STSFetchOutcome {
        switch outcome {
        case .timeout: .timeout
        case .reset, .eof: .tcpReset
        default: outcome.outcomeClass == .local ? .notMeasured : .tlsHandshake
        }
    }
}
