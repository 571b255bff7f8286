// SPDX-License-Identifier: Apache-2.0
import Lists
import Observations
import Store
import TLS

/// Raw hellos: once for each address and port where TLS was reached, whatever the names there, one connection at a time.
extension Survey {
    /// One address may have so many connections in one scan.
    static let connectionsPerAddress = 40

    func measureHellos() async throws {
        keeper.pacer.reserve(0, of: .address)
        let shelf = HelloShelf(session, configuration.tables)
        let queue = PacedQueue(keeper, shelf: shelf.shelf(), stop: stop)
        try await runWave(slots: configuration.maximumConnections, queue: queue) { [self] pending, ticket in
            guard !optOut.covers(pending.endpoint) else {
                try await session.forget(endpoint: pending.endpoint)
                return nil
            }
            var result = try await ask(pending, queue, &ticket)
            result.chains = chains.chains(of: result.probes)
            try await keep(result, shelf)
            return nil
        } exhausted: { [self] pending in
            var round = HelloRound(pending, budget: 0) { _, _ in nil }
            try await keep(round.run(isDeep: isDeep(pending)), shelf)
        }
    }

    /// The first connection is the one that the pace has given already; each further one waits for its turn.
    private func ask(
        _ pending: PendingHellos, _ queue: PacedQueue<PendingHellos>, _ ticket: inout PacedQueue<PendingHellos>.Ticket?
    ) async throws -> HelloResult {
        let endpoint = pending.endpoint
        let serverName = pending.probes.first { $0.profile == .full }?.serverName
        let hello = HelloProbe(settings: configuration.probe, now: { Timestamp.now })
        let turn = HelloTurn(ticket)
        defer { ticket = turn.ticket }
        let most = configuration.pace[.address].perScan
        let left = (most ?? Self.connectionsPerAddress) - pending.connectionsUsed
        // Where visits are not limited, they leave hellos what their plan needs.
        let budget = most == nil ? max(left, HelloPlan.connections) : left
        var round = HelloRound(pending, budget: budget) { [self] profile, offer in
            while true {
                if turn.isUsed {
                    guard let held = turn.ticket else { return nil }
                    turn.ticket = await queue.another(pending, after: held)
                }
                turn.isUsed = true
                guard turn.ticket != nil, !optOut.covers(endpoint) else { return nil }
                let seen = await hello.visit(
                    endpoint, profile: profile, serverName: serverName, suites: offer.suites, groups: offer.groups)
                // Nobody's turn comes before the pause is over.
                guard endOfOutage(shownBy: seen) != nil else { return seen }
            }
        }
        return try await round.run(isDeep: isDeep(pending))
    }

    private func isDeep(_ pending: PendingHellos) -> Bool {
        session.draws(configuration.deepShare, "deep \(pending.endpoint.address) \(pending.endpoint.port)")
    }

    private func keep(_ result: HelloResult, _ shelf: HelloShelf) async throws {
        try await session.record(hellos: result)
        if result.isFinished { shelf.inHand.remove(result.endpoint) }
    }
}

/// The addresses whose hellos are pending. Who is put back stays pending, and is met again in a later pass.
@NetworkLoop
private final class HelloShelf {
    /// Handed out, and still pending in the database.
    var inHand: Set<Endpoint> = []
    private var last: PendingHellos?
    private var passAt: Int64 = 0
    private var isLeft = false
    private let session: ScanSession
    private let tables: AddressTables
    /// Microseconds between two passes.
    private static let pause: Int64 = 30_000_000

    init(_ session: ScanSession, _ tables: AddressTables) {
        self.session = session
        self.tables = tables
    }

    func shelf() -> WorkShelf<PendingHellos> {
        WorkShelf(
            fetch: { _, now in try await self.fetch(at: now) },
            putBack: { pending, _ in
                self.inHand.remove(pending.endpoint)
                self.isLeft = true
            },
            keys: { [tables] in
                PaceKey.connection(to: $0.endpoint, network: tables.autonomousSystem(of: $0.endpoint.address))
            },
            spent: { [.address: $0.connectionsUsed] })
    }

    private func fetch(at now: Int64) async throws -> WorkShelf<PendingHellos>.Page {
        guard now >= passAt else { return WorkShelf.Page(items: [], moreAt: passAt) }
        let page = try await session.pendingHellos(after: last, limit: 250)
        guard page.isEmpty else {
            last = page.last
            return WorkShelf.Page(items: page.filter { inHand.insert($0.endpoint).inserted }, moreAt: now)
        }
        last = nil
        guard isLeft else { return WorkShelf.Page(items: []) }
        isLeft = false
        passAt = now + Self.pause
        return WorkShelf.Page(items: [], moreAt: passAt)
    }
}

/// The connection that a round holds, from one hello to the next.
@NetworkLoop
private final class HelloTurn {
    var ticket: PacedQueue<PendingHellos>.Ticket?
    var isUsed = false

    init(_ ticket: PacedQueue<PendingHellos>.Ticket?) {
        self.ticket = ticket
    }
}
