// SPDX-License-Identifier: Apache-2.0
import DNS
public import Observations
public import Store
public import TLS
import Verdicts

/// The last wave: pure verdicts over what is in the database, for a stated moment. It can be run again at any time,
/// with another root store or another date, without asking anybody anything.
@NetworkLoop
public final class Judge {
    let session: ScanSession
    let roots: TrustStore
    let moment: Timestamp
    let stop: StopSignal
    static let batch = 500
    /// Certificates of authorities that the scan has seen, once they were asked for.
    var knownAuthorities: KnownAuthorities?
    private var knownIntermediates: IntermediatePool?

    /// Judges the scan of `session` against these roots, as of `moment`.
    public init(session: ScanSession, roots: TrustStore, at moment: Timestamp, stop: StopSignal) {
        self.session = session
        self.roots = roots
        self.moment = moment
        self.stop = stop
    }

    /// Judges chains, then names, then DANE, then domains; what is there already is replaced. Told to stop, it leaves the scan as
    /// unfinished, and the next run judges again.
    public func run() async throws {
        let name = roots.name.split(separator: "/").last.map(String.init) ?? roots.name
        try await session.setJudgement(rootStore: name, sha256: roots.sha256, asOf: moment)
        try await judgeChains()
        try await judgeNames()
        try await judgeDANE()
        try await judgeDomains()
    }

    /// One verification for each distinct chain. A chain whose issuer nobody knows is tried again with every CA
    /// certificate that the whole scan has seen: whether somebody forgot to send it must not depend on who came first.
    private func judgeChains() async throws {
        knownIntermediates = nil
        var last: String?
        while !stop.isRaised {
            let chains = try await session.chains(after: last, limit: Self.batch)
            guard let end = chains.last else { return }
            for chain in chains {
                let facts = try ChainVerifier.facts(chain: chain.certificates, store: roots, at: moment)
                var verdict = PKIXVerdict.judge(facts)
                if verdict.outcome == .unknownCA {
                    let completions = try ChainVerifier.completions(
                        of: facts, chain: chain.certificates, with: try await intermediates(), store: roots, at: moment)
                    verdict = PKIXVerdict.judge(facts, completions: completions)
                }
                try await session.setPKIX(
                    chain: chain.sha256, verdict.outcome, codes: verdict.codes.map(\.rawValue),
                    daysLeft: facts.path.first?.notAfter.map(daysLeft))
            }
            last = end.sha256
        }
    }

    private func intermediates() async throws -> IntermediatePool {
        if let known = knownIntermediates { return known }
        let known = IntermediatePool(try await session.issuerCertificates())
        knownIntermediates = known
        return known
    }

    private func daysLeft(until end: Timestamp) -> Int {
        let seconds = end.seconds - moment.seconds
        return Int((seconds - (seconds < 0 ? 86_399 : 0)) / 86_400)
    }

    private func judgeNames() async throws {
        var last: StoredProbe?
        while !stop.isRaised {
            let probes = try await session.probes(after: last, limit: Self.batch)
            guard let end = probes.last else { return }
            for probe in probes {
                func match(_ name: DomainName) -> NameMatch {
                    NameVerdict.match(
                        dnsNames: probe.leafDNSNames, commonNames: probe.leafCommonNames, reference: name)
                }
                let withoutBase: NameMatch = probe.tlsaOutcome == .notMeasured ? .notMeasured : .notReached
                try await session.setNameMatch(
                    probe, mx: match(probe.endpoint.host), base: probe.tlsaBase.map(match) ?? withoutBase)
            }
            last = end
        }
    }

    private func judgeDomains() async throws {
        var last: DomainName?
        while !stop.isRaised {
            let domains = try await session.domainsToJudge(after: last, limit: Self.batch)
            guard let end = domains.last else { return }
            for domain in domains {
                try await session.setAggregates(DomainAggregates(judging: domain), of: domain.domain)
            }
            last = end.domain
        }
    }
}
