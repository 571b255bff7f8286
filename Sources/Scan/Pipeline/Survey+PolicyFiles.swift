// SPDX-License-Identifier: Apache-2.0
import DNS
import Lists
import Observations
import Policies
import Store

/// The policy files of MTA-STS (RFC 8461 §3.3): one fetch for each domain whose record says that there is one. Many
/// policy hosts stand on the few addresses of a hoster, so addresses take their turns as mail hosts do.
extension Survey {
    /// So many fetches at once, whatever else is open.
    private static let fetches = 50
    /// So many addresses of a policy host are tried before it counts as out of reach.
    private static let attempts = 3

    func measurePolicies() async throws {
        let queue = PendingQueue<PendingPolicy>(stop: stop) { [session] last in
            try await session.pendingPolicies(after: last?.domain, limit: Self.batch)
        }
        try await runWave(slots: min(Self.fetches, configuration.maximumConnections), queue: queue) {
            [self] pending in
            guard !configuration.optOut.covers(domain: pending.domain) else {
                return try await session.forget(domain: pending.domain)
            }
            guard let fetch = try await file(of: pending.domain) else { return }
            let policy = fetch.body.map(STSPolicy.read)
            let matches = STSSummary.matches(pending.hosts, policy: policy)
            try await session.record(
                policy: PolicyResult(
                    domain: pending.domain, fetch: fetch, policy: policy, hosts: matches.hosts, match: matches.domain,
                    summary: STSSummary.domain(
                        record: .valid, fetch: fetch.outcome, policy: policy?.outcome ?? .notReached)))
            policiesFetched += 1
        }
    }

    /// What the way to the file came to; nil where nobody was to be asked, or the scan was told to stop.
    private func file(of domain: DomainName) async throws -> STSPolicyFetch? {
        guard let host = try? domain.prepending("mta-sts") else { return STSPolicyFetch(outcome: .hostNXDomain) }
        guard !configuration.optOut.covers(host: host) else { return nil }
        let found = await MailRouting.addresses(
            of: host, families: configuration.families, allowSpecialUse: configuration.isLab,
            from: instruments.resolver)
        try requireResolver(found.v4.status)
        try requireResolver(found.v6.status)
        guard !configuration.optOut.covers(host: found.expandedName) else { return nil }
        let all = found.v4.addresses + found.v6.addresses
        let addresses = all.filter { configuration.isLab || !$0.isSpecialUse }
        let allowed = addresses.filter { !configuration.optOut.covers(address: $0) }
        guard addresses.isEmpty || !allowed.isEmpty else { return nil }
        var fetch = STSPolicyFetch(outcome: STSFetchOutcome(without: found))
        // Only what the fetch itself takes counts: standing in line behind others is not the host's doing.
        var patience = configuration.policyFetch.timeLimit
        for address in allowed.prefix(Self.attempts) where patience > 0 {
            let outcome = await gate.withPlace(for: address) {
                let began = NetworkLoop.monotonicMilliseconds
                defer { patience -= NetworkLoop.monotonicMilliseconds - began }
                return await policyFiles.fetch(from: host, at: address, deadline: began + patience)
            }
            guard let outcome else { return nil }
            fetch = outcome
            // Another address helps where nobody answered at this one.
            guard [.tcpRefused, .tcpTimeout, .tcpReset].contains(fetch.outcome) else { break }
        }
        fetch.aliasTarget = found.expandedName == host ? nil : found.expandedName
        return fetch
    }
}

extension STSFetchOutcome {
    /// The word for a policy host that has no address to contact. A family that did not answer, or that nobody asked
    /// about, leaves it open.
    fileprivate init(without found: MailHostAddresses) {
        let outcomes = [found.v4.outcome, found.v6.outcome]
        if outcomes.contains(.dnsTempfail) || outcomes.contains(.bogus) {
            self = .hostDNSTempfail
        } else if outcomes.contains(.nxdomain) {
            self = .hostNXDomain
        } else if outcomes.contains(.familyDisabled) {
            self = .notMeasured
        } else {
            self = .hostNodata
        }
    }
}
