// SPDX-License-Identifier: Apache-2.0
import Observations
import Store
import TLS
import Verdicts

/// DANE, host by host: the DNS answers decide, or where there are usable records, what each endpoint has shown.
extension Judge {
    func judgeDANE() async throws {
        knownAuthorities = nil
        try await session.forgetTLSAMatches()
        var last: DomainName?
        while !stop.isRaised {
            let hosts = try await session.hostsToJudge(after: last, limit: Self.batch)
            guard let end = hosts.last else { return }
            for host in hosts { try await session.setDANE(try await judge(host)) }
            last = end.name
        }
    }

    private func judge(_ host: HostToJudge) async throws -> HostJudgement {
        let decided = DANEVerdict.beforeConnection(
            addresses: host.trustedAddressSecurity, tlsa: host.tlsa, records: host.records)
        if let decided { return HostJudgement(host: host.name, state: decided) }
        guard let base = host.base else { return HostJudgement(host: host.name, state: .notReached) }
        let names = DANEReferenceNames(base: base, mxHost: host.name)
        let known = try await authorities(for: host.records)
        var judgement = HostJudgement(host: host.name, state: .unknown)
        var shown: [RolloverVerdict.Shown] = []
        var states: [(outcome: DANEOutcome, acceptsConnections: Bool)] = []
        var matches: [TLSARecord: [IPAddress]] = [:]
        // The records are about port 25.
        judgement.probes = host.otherEndpoints.flatMap { endpoint in
            endpoint.profiles.map { .init(endpoint: endpoint.outcomes.endpoint, profile: $0, outcome: .notMeasured) }
        }
        for endpoint in host.mailEndpoints {
            let stages = DomainVerdict.EndpointOutcomes(endpoint.outcomes)
            let place = endpoint.outcomes.endpoint
            var outcomes: [DANEOutcome] = []
            for chain in endpoint.chains {
                let facts = try DANEChain.facts(chain: chain.certificates, records: host.records, known: known)
                let verdict = DANEVerdict.judge(records: host.records, chain: facts, names: names, at: moment)
                shown.append(RolloverVerdict.Shown(chain: facts, keyType: chain.keyType))
                for (index, record) in host.records.enumerated() where record.usability == .usable {
                    let isMatched = verdict.matched.contains(index) && !(matches[record] ?? []).contains(place.address)
                    matches[record, default: []] += isMatched ? [place.address] : []
                }
                let outcome = DANEVerdict.afterConnection(stages, shown: verdict)
                outcomes.append(outcome)
                judgement.probes.append(.init(endpoint: place, profile: chain.profile, outcome: outcome))
            }
            if endpoint.chains.isEmpty {
                let outcome = DANEVerdict.afterConnection(stages, shown: nil)
                outcomes.append(outcome)
                judgement.probes.append(.init(endpoint: place, profile: "full", outcome: outcome))
            }
            states += outcomes.map { ($0, endpoint.outcomes.tcp == .open) }
        }
        judgement.state = states.isEmpty ? .unknown : DANEVerdict.host(states)
        judgement.rollover = RolloverVerdict.judge(records: host.records, shown: shown, names: names, at: moment)
        judgement.base = base
        judgement.matches = matches
        return judgement
    }

    /// Who may have signed what a server forgot to send: asked for only where a record is about a trust anchor.
    private func authorities(for records: [TLSARecord]) async throws -> KnownAuthorities {
        guard records.contains(where: \.namesTrustAnchor) else { return .none }
        if let known = knownAuthorities { return known }
        let known = KnownAuthorities(try await session.issuerCertificates(), roots: roots)
        knownAuthorities = known
        return known
    }
}

extension HostToJudge {
    /// A TLSA question is asked only behind secure addresses, or behind a secure alias with insecure ones (RFC 7672
    /// §2.2.2): that it was asked says that they were trusted.
    fileprivate var trustedAddressSecurity: [Security] {
        tlsa.outcome == .notReached || tlsa.outcome == .notMeasured ? addressSecurity : [.secure]
    }

    /// Port 25; other ports count only where a survey asked for nothing else.
    fileprivate var mailEndpoints: [ShownEndpoint] {
        let mail = endpoints.filter { $0.outcomes.endpoint.port == 25 }
        return mail.isEmpty ? endpoints : mail
    }

    fileprivate var otherEndpoints: [ShownEndpoint] { endpoints.filter { !mailEndpoints.contains($0) } }
}

extension HostToJudge.ShownEndpoint {
    /// The hellos whose probes have a verdict; a probe that failed stands under `full`.
    fileprivate var profiles: [String] { chains.isEmpty ? ["full"] : chains.map(\.profile) }
}
