// SPDX-License-Identifier: Apache-2.0
import Lists
import Observations
import Store

extension Survey {
    /// What is to be visited, without who can be inferred already and need not stand in line for the address.
    func shelfOfVisits() -> WorkShelf<PendingEndpoint> {
        let shelf = VisitShelf(session, clock, countsConnections: configuration.pace[.address].perScan != nil)
        return WorkShelf(
            fetch: { [self] limit, now in
                var page = try await shelf.fetch(limit, at: now)
                var wanted: [PendingEndpoint] = []
                for item in page.items {
                    if try await infer(item, from: handshakes[item.endpoint]) { continue }
                    wanted.append(item)
                }
                page.items = wanted
                return page
            },
            putBack: { [session, clock] pending, until in
                try await session.putOff(pending.endpoint, until: clock.timestamp(of: until))
            },
            keys: { [tables = configuration.tables] in
                PaceKey.connection(to: $0.endpoint, network: tables.autonomousSystem(of: $0.endpoint.address))
            },
            spent: { [.address: $0.connectionsToAddress] })
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

    init(_ session: ScanSession, _ clock: ScanClock, countsConnections: Bool) {
        self.session = session
        self.clock = clock
        self.countsConnections = countsConnections
    }

    func fetch(_ limit: Int, at now: Int64) async throws -> WorkShelf<PendingEndpoint>.Page {
        let moment = clock.timestamp(of: now)
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
        guard isFreshDry, isDueDry else { return WorkShelf.Page(items: items, moreAt: now) }
        let next = try await session.nextDue(after: moment)
        return WorkShelf.Page(items: items, moreAt: next.map { clock.moment(of: $0) })
    }
}

/// The wall clock of a run, which only ever goes forward: begun once, carried on by the monotonic one, so that a clock
/// that is set back loses no retry.
struct ScanClock: Sendable {
    private let wall: Timestamp
    private let monotonic: Int64

    /// Begun at this moment, as both clocks have it.
    init(wall: Timestamp = .now, monotonic: Int64 = PaceKeeper.now) {
        self.wall = wall
        self.monotonic = monotonic
    }

    /// The moment as the database has it, in whole seconds and not before it.
    func timestamp(of moment: Int64) -> Timestamp {
        wall.adding(seconds: (moment - monotonic + 999_999) / 1_000_000)
    }

    /// The moment at which that second of the database has come.
    func moment(of timestamp: Timestamp) -> Int64 {
        monotonic + (timestamp.seconds - wall.seconds) * 1_000_000
    }
}
