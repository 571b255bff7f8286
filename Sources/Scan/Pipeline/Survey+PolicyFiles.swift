// SPDX-License-Identifier: Apache-2.0
import DNS
import Lists
import Observations
import Policies
import Store

/// The policy files of MTA-STS (RFC 8461 §3.3): one fetch for each domain whose record says that there is one. Many
/// policy hosts stand on the few addresses of a hoster, so a fetch waits for its turn as a visit does, once its address is
/// known.
extension Survey {
    /// So many fetches at once, whatever else is open.
    private static let fetches = 50
    /// So many addresses of a policy host are tried before it counts as out of reach.
    private static let attempts = 3

    func measurePolicies() async throws {
        let queue = PacedQueue(keeper, shelf: shelfOfPolicies(waitsForRetries: false), stop: stop)
        try await runWave(slots: min(Self.fetches, configuration.maximumConnections), queue: queue) {
            [self] work, ticket in
            guard case .file(let work) = work else { return nil }
            _ = try await fetch(work, queue, &ticket)
            return nil
        } exhausted: { _ in
        }
    }

    /// Answers when the file is to be fetched once more; nil where that was all.
    func fetch(
        _ work: PolicyWork, _ queue: PacedQueue<VisitWork>, _ ticket: inout PacedQueue<VisitWork>.Ticket?
    ) async throws -> Int64? {
        let pending = work.pending
        guard !optOut.covers(domain: pending.domain) else {
            try await session.forget(domain: pending.domain)
            return nil
        }
        guard let fetch = try await file(of: work, queue, &ticket) else { return nil }
        let delay = retries.delay(of: pending.domain, after: fetch, attempts: pending.attempts + 1)
        let again = delay.map { PaceKeeper.now + $0 * 1_000_000 }
        try await record(
            fetch, at: .now, text: fetch.body.map { PolicyText($0) }, policy: fetch.body.map(STSPolicy.read),
            for: pending, retryAt: again)
        return again
    }

    /// The domains whose time has come, and with `waitsForRetries` those whose time will come. What is known from an earlier
    /// survey is written down at once, and stands in nobody's line.
    func shelfOfPolicies(waitsForRetries: Bool) -> WorkShelf<VisitWork> {
        let position = PolicyPosition()
        return WorkShelf(
            fetch: { [self] limit, now in
                let moment = clock.second(at: now)
                let most = min(limit, Self.batch)
                let page = try await session.pendingPolicies(after: position.last, at: moment, limit: most)
                position.last = page.last ?? position.last
                let known = try await previous?.known(among: page, at: .now) ?? [:]
                var wanted: [VisitWork] = []
                for pending in page {
                    if let known = known[pending.domain], try await carryOver(known, for: pending) { continue }
                    wanted.append(.file(PolicyWork(pending: pending)))
                }
                guard page.count < most else { return WorkShelf.Page(items: wanted, moreAt: now) }
                let next = waitsForRetries ? try await session.nextDuePolicy(after: moment) : nil
                return WorkShelf.Page(items: wanted, moreAt: next.map { clock.moment(of: $0) })
            },
            // Without keys nothing is refused, and what waits for a connection is not on the shelf.
            putBack: { _, _ in },
            keys: { work in
                guard case .file(let work) = work else { return [] }
                return work.keys
            },
            spent: { _ in [:] })
    }

    /// Facts about somebody who has opted out since are not carried on; false leaves that to whoever would fetch.
    private func carryOver(_ known: KnownPolicy, for pending: PendingPolicy) async throws -> Bool {
        guard !optOut.covers(domain: pending.domain), let host = try? pending.domain.prepending("mta-sts"),
            !optOut.covers(host: host)
        else { return false }
        try await record(known.fetch, at: known.fetchedAt, text: known.text, policy: known.policy, for: pending)
        policiesCarriedOver += 1
        return true
    }

    /// Writes down a file, or why there is none, and what that means for the hosts that the domain has now.
    private func record(
        _ fetch: STSPolicyFetch, at moment: Timestamp, text: PolicyText?, policy: STSPolicyObservation?,
        for pending: PendingPolicy, retryAt: Int64? = nil
    ) async throws {
        let matches = STSSummary.matches(pending.hosts, policy: policy)
        try await session.record(
            policy: PolicyResult(
                domain: pending.domain, fetch: fetch, fetchedAt: moment, text: text, policy: policy,
                hosts: matches.hosts, match: matches.domain,
                summary: STSSummary.domain(
                    record: .valid, fetch: fetch.outcome, status: fetch.httpStatus,
                    policy: policy?.outcome ?? .notReached)),
            retryAt: retryAt.map { clock.due(at: $0) })
        policiesDone += 1
    }

    /// What the way to the file came to; nil where nobody was to be asked, the budgets leave nothing to ask with, or the
    /// scan was told to stop.
    private func file(
        of work: PolicyWork, _ queue: PacedQueue<VisitWork>, _ ticket: inout PacedQueue<VisitWork>.Ticket?
    ) async throws -> STSPolicyFetch? {
        guard let host = try? work.pending.domain.prepending("mta-sts") else {
            return STSPolicyFetch(outcome: .hostNXDomain)
        }
        guard !optOut.covers(host: host) else { return nil }
        let found = await MailRouting.addresses(
            of: host, families: configuration.families, allowSpecialUse: configuration.isLab,
            from: source(for: work.pending.domain))
        try requireResolver(found.v4.status)
        try requireResolver(found.v6.status)
        guard !isOptedOut(found) else { return nil }
        let all = found.v4.addresses + found.v6.addresses
        let addresses = all.filter { configuration.isLab || !$0.isSpecialUse }
        let allowed = addresses.filter { !optOut.covers(address: $0) }
        guard addresses.isEmpty || !allowed.isEmpty else { return nil }
        var fetch = STSPolicyFetch(outcome: STSFetchOutcome(without: found))
        // Only what the fetch itself takes counts: standing in line behind others is not the host's doing.
        var patience = configuration.policyFetch.timeLimit
        for address in allowed.prefix(Self.attempts) where patience > 0 {
            guard let held = ticket else { return nil }
            ticket = await queue.another(
                .file(
                    PolicyWork(
                        pending: work.pending,
                        keys: PaceKey.policyFetch(
                            from: host, at: address, network: configuration.tables.autonomousSystem(of: address)))),
                after: held)
            guard ticket != nil, !isOptedOut(found), !optOut.covers(address: address) else { return nil }
            let began = NetworkLoop.monotonicMilliseconds
            fetch = await policyFiles.fetch(from: host, at: address, deadline: began + patience)
            patience -= NetworkLoop.monotonicMilliseconds - began
            // Another address helps where nobody answered at this one.
            guard [.tcpRefused, .tcpTimeout, .tcpReset].contains(fetch.outcome) else { break }
        }
        fetch.aliasTarget = found.expandedName == host ? nil : found.expandedName
        return fetch
    }
}

/// A policy to be fetched. Who notices is known once the policy host's address is.
struct PolicyWork: Sendable {
    let pending: PendingPolicy
    var keys: [PaceKey] = []
}

/// How far the shelf was emptied.
@NetworkLoop
private final class PolicyPosition {
    var last: PendingPolicy?
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
