// SPDX-License-Identifier: Apache-2.0
import Lists
import Observations
import Store

/// What takes its turn at the pace, or beside it, while mail hosts are visited.
enum VisitWork: Sendable {
    /// A visit to a mail host.
    case visit(PendingEndpoint)
    /// A policy file that is to be fetched.
    case file(PolicyWork)
    /// A round of the look-ups that are due again.
    case lookups
}

extension Survey {
    /// What is to be visited, without who can be inferred already and need not stand in line for the address; and between
    /// the visits whatever else is due again.
    func shelfOfVisits() -> WorkShelf<VisitWork> {
        let visits = VisitShelf(session, clock, countsConnections: configuration.pace[.address].perScan != nil)
        let files = shelfOfPolicies(waitsForRetries: true)
        return WorkShelf(
            fetch: { [self] limit, now in
                var page = try await files.fetch(limit / 2, now)
                if let round = try await nextLookupRound() {
                    isLookingUpAgain = round <= now
                    if isLookingUpAgain { page.items.append(.lookups) } else { page.expect(at: round) }
                }
                let found = try await visits.fetch(limit - page.items.count, at: now)
                for item in found.items {
                    if try await infer(item, from: handshakes[item.endpoint]) { continue }
                    page.items.append(.visit(item))
                }
                if let more = found.moreAt { page.expect(at: more) }
                return page
            },
            putBack: { [session, clock] work, until in
                guard case .visit(let pending) = work else { return }
                try await session.putOff(pending.endpoint, until: clock.due(at: until))
            },
            keys: { [tables = configuration.tables] work in
                guard case .visit(let pending) = work else { return files.keys(work) }
                let network = tables.autonomousSystem(of: pending.endpoint.address)
                return PaceKey.connection(to: pending.endpoint, network: network)
            },
            spent: { work in
                guard case .visit(let pending) = work else { return [:] }
                return [.address: pending.connectionsToAddress]
            })
    }
}

/// Fresh endpoints in their pseudo-random order, and before them those that are due once more.
@NetworkLoop
private final class VisitShelf {
    private let session: ScanSession
    private let clock: ScanClock
    private let countsConnections: Bool
    private var fresh: PendingEndpoint?
    private var due: PendingEndpoint?
    private var isFreshDry = false

    typealias Page = WorkShelf<PendingEndpoint>.Page

    init(_ session: ScanSession, _ clock: ScanClock, countsConnections: Bool) {
        self.session = session
        self.clock = clock
        self.countsConnections = countsConnections
    }

    func fetch(_ limit: Int, at now: Int64) async throws -> Page {
        let moment = clock.second(at: now)
        var items = try await session.dueEndpoints(
            after: due, at: moment, limit: limit / 2, countingConnections: countsConnections)
        due = items.last ?? due
        let isDueDry = items.count < limit / 2
        if !isFreshDry {
            let page = try await session.pendingEndpoints(
                after: fresh, limit: limit - items.count, countingConnections: countsConnections)
            fresh = page.last ?? fresh
            isFreshDry = page.isEmpty
            items += page
        }
        guard isFreshDry, isDueDry else { return Page(items: items, moreAt: now) }
        let next = try await session.nextDue(after: moment)
        return Page(items: items, moreAt: next.map { clock.moment(of: $0) })
    }
}
