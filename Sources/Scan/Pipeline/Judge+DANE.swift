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
        let mail = TLSALookup(base: host.base, status: host.tlsa, records: host.records)
        let found = try await judge(host, mail, host.endpoints)
        var judgement = HostJudgement(host: host.name, state: found.state)
        judgement.rollover = found.rollover
        judgement.probes = found.probes
        judgement.base = found.base
        judgement.matches = found.matches
        for other in host.otherPorts {
            let found = try await judge(host, other.tlsa, other.endpoints)
            judgement.otherPorts[other.port] = found.state
            judgement.probes += found.probes
        }
        return judgement
    }

    /// What the records of one port make of the endpoints with that port (RFC 6698 §3).
    private func judge(
        _ host: HostToJudge, _ tlsa: TLSALookup, _ endpoints: [HostToJudge.ShownEndpoint]
    ) async throws -> PortJudgement {
        let decided = DANEVerdict.beforeConnection(
            addresses: host.trustedAddressSecurity(tlsa.status), tlsa: tlsa.status, records: tlsa.records)
        if let decided { return PortJudgement(state: decided) }
        guard let base = tlsa.base else { return PortJudgement(state: .notReached) }
        let names = DANEReferenceNames(base: base, mxHost: host.name)
        let known = try await authorities(for: tlsa.records)
        var judgement = PortJudgement(state: .unknown)
        var shown: [RolloverVerdict.Shown] = []
        var states: [(outcome: DANEOutcome, acceptsConnections: Bool)] = []
        var matches: [TLSARecord: [IPAddress]] = [:]
        for endpoint in endpoints {
            let stages = DomainVerdict.EndpointOutcomes(endpoint.outcomes)
            let place = endpoint.outcomes.endpoint
            var outcomes: [DANEOutcome] = []
            for chain in endpoint.chains {
                let facts = try DANEChain.facts(chain: chain.certificates, records: tlsa.records, known: known)
                let verdict = DANEVerdict.judge(records: tlsa.records, chain: facts, names: names, at: moment)
                shown.append(RolloverVerdict.Shown(chain: facts, keyType: chain.keyType))
                for (index, record) in tlsa.records.enumerated() where record.usability == .usable {
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
        judgement.rollover = RolloverVerdict.judge(records: tlsa.records, shown: shown, names: names, at: moment)
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

/// What DANE says of a host at one port.
private struct PortJudgement {
    var state: DANEOutcome
    var rollover = RolloverOutcome.notReached
    var probes: [HostJudgement.Probe] = []
    var base: DomainName?
    var matches: [TLSARecord: [IPAddress]] = [:]
}

extension HostToJudge {
    /// A TLSA question is asked only behind secure addresses, or behind a secure alias with insecure ones (RFC 7672
    /// §2.2.2): that it was asked says that they were trusted.
    fileprivate func trustedAddressSecurity(_ tlsa: LookupStatus) -> [Security] {
        tlsa.outcome == .notReached || tlsa.outcome == .notMeasured ? addressSecurity : [.secure]
    }
}
