// SPDX-License-Identifier: Apache-2.0
import Logging
import Observations
import Store

/// Look-ups that were not answered are asked again while mail hosts are visited, whose retries run on the same times: a
/// scan in which somebody did not answer is no longer than one in which a mail host did not. They come in rounds, each
/// of which is a piece of the work of the visits, with slots of its own. What a round finds is due a moment later.
extension Survey {
    /// When the next round is due; nil where nothing waits for one, and while one is under way, which looks itself when
    /// it ends.
    func nextLookupRound() async throws -> Int64? {
        guard !isLookingUpAgain else { return nil }
        let due = try await session.nextDueLookup().map { clock.moment(of: $0) }
        lookupsEndAt = due.map { max(lookupsEndAt, $0 + retries.longest(after: 2) * 1_000_000) } ?? 0
        return due
    }

    /// One round over all that is due now. Answers when the shelf is to be looked at again: what was found may begin.
    func lookUpAgain() async throws -> Int64? {
        isLookingUpAgain = true
        defer { isLookingUpAgain = false }
        let now = clock.second(at: PaceKeeper.now)
        let domains = try await session.dueDomains(at: now, limit: Self.batch)
        let hosts = try await session.dueHosts(at: now, limit: Self.batch)
        configuration.log.info(
            "look-ups that were not answered are asked again",
            metadata: ["domains": "\(domains.count)", "hosts": "\(hosts.count)"])
        try await runRound(domains) { [self] due in
            guard let shape = due.shape else { return try await measure(domain: due.domain) }
            try await measurePolicies(of: due.domain, shape)
        }
        try await runRound(hosts) { [self] in try await measure(host: $0) }
        return PaceKeeper.now
    }

    private func runRound<Item: Sendable>(
        _ items: [Item], work: @escaping @Sendable @NetworkLoop (Item) async throws -> Void
    ) async throws {
        let queue = PendingQueue<Item>(stop: stop) { $0 == nil ? items : [] }
        try await runWave(slots: min(items.count, configuration.maximumLookups), queue: queue, work: work)
    }

    /// When what follows from a look-up may begin: in its own order where that is still to be gone through; else behind all
    /// that has been handed out by now, whose times are in whole seconds.
    var dueOfFollowing: Timestamp? {
        isLookingUpAgain ? clock.due(at: PaceKeeper.now) : nil
    }
}
