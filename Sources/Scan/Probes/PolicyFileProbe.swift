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
        let authority = settings.port == 443 ? "\(host)" : "\(host):\(settings.port)"
        guard let layer = try? TLSLayer(context: context, serverName: host),
            let exchange = try? HTTPExchange(
                host: authority, path: "/.well-known/mta-sts.txt", userAgent: settings.userAgent)
        else { return STSPolicyFetch(outcome: .notMeasured) }
        let dialogue = PolicyFileDialogue(layer: layer, exchange: exchange, deadline: deadline) { chain in
            fault(of: chain, for: host)
        }
        let opened = await NetworkLoop.converse(
            dialogue, with: address, port: settings.port,
            connectTimeout: min(connectTimeout, max(1, deadline - NetworkLoop.monotonicMilliseconds)))
        return opened.outcome == .open ? dialogue.fetch : STSPolicyFetch(outcome: .failing(opened.outcome))
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
}
