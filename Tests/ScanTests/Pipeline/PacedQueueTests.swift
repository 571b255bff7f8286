// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Scan

@NetworkLoop
@Suite struct PacedQueueTests {
    /// How many are inside at once, in all and for each address.
    @NetworkLoop
    private final class Census {
        var inside = 0
        var most = 0
        var byAddress: [IPAddress: Int] = [:]
        var mostByAddress = 0
        var visited: [Int] = []

        func visit(_ item: Int, _ address: IPAddress) async {
            visited.append(item)
            inside += 1
            byAddress[address, default: 0] += 1
            most = max(most, inside)
            mostByAddress = max(mostByAddress, byAddress[address] ?? 0)
            await NetworkLoop.sleep(milliseconds: 1)
            inside -= 1
            byAddress[address, default: 0] -= 1
        }
    }

    /// A shelf in memory: items by the time from which they may be had.
    @NetworkLoop
    private final class Shelf {
        var items: [(item: Int, at: Int64)]
        let addresses: [IPAddress]

        init(_ count: Int, addresses: [IPAddress]) {
            items = (0..<count).map { ($0, 0) }
            self.addresses = addresses
        }

        func shelf() -> WorkShelf<Int> {
            WorkShelf(
                fetch: { limit, now in
                    let taken = self.items.filter { $0.at <= now }.prefix(limit).map(\.item)
                    self.items.removeAll { taken.contains($0.item) }
                    return WorkShelf.Page(items: taken, moreAt: self.items.map(\.at).min())
                },
                putBack: { item, until in self.items.append((item, until)) },
                keys: { [.address(self.addresses[$0 % self.addresses.count]), .global] },
                spent: { _ in [:] })
        }
    }

    private func addresses(_ count: Int) throws -> [IPAddress] {
        try (0..<count).map { try #require(IPAddress("192.0.2.\($0)")) }
    }

    private static let pace = Pace(limits: [
        .address: PaceLimit(concurrent: 1), .global: PaceLimit(concurrent: 4),
    ])

    @Test func oneAtATimeForEachAddressAndSoManyInAll() async throws {
        let addresses = try addresses(10)
        let shelf = Shelf(100, addresses: addresses)
        let keeper = PaceKeeper(Self.pace)
        let queue = PacedQueue(keeper, shelf: shelf.shelf(), stop: StopSignal())
        let census = Census()
        try await runWave(slots: 20, queue: queue) { item, _ in
            await census.visit(item, addresses[item % 10])
            return nil
        } exhausted: { _ in
        }
        #expect(census.visited.sorted() == Array(0..<100))
        #expect(census.most == 4)
        #expect(census.mostByAddress == 1)
        #expect(keeper.openConnections == 0)
    }

    /// What is to come again does, and the wave waits for it.
    @Test func theWaveEndsWhenNothingIsDueAnyMore() async throws {
        let addresses = try addresses(3)
        let shelf = Shelf(3, addresses: addresses)
        let queue = PacedQueue(PaceKeeper(Self.pace), shelf: shelf.shelf(), stop: StopSignal())
        let census = Census()
        try await runWave(slots: 4, queue: queue) { item, _ in
            await census.visit(item, addresses[item])
            guard census.visited.filter({ $0 == item }).count < 3 else { return nil }
            let again = PaceKeeper.now + 5_000
            shelf.items.append((item, again))
            return again
        } exhausted: { _ in
        }
        #expect(census.visited.sorted() == [0, 0, 0, 1, 1, 1, 2, 2, 2])
    }

    @Test func whatIsSpentIsNotBegun() async throws {
        let addresses = try addresses(1)
        var pace = Self.pace
        pace[.address].perScan = 3
        let queue = PacedQueue(PaceKeeper(pace), shelf: Shelf(5, addresses: addresses).shelf(), stop: StopSignal())
        let census = Census()
        let spent = Census()
        try await runWave(slots: 4, queue: queue) { item, _ in
            await census.visit(item, addresses[0])
            return nil
        } exhausted: { item in
            await spent.visit(item, addresses[0])
        }
        #expect(census.visited.count == 3 && spent.visited.count == 2)
    }

    /// A slot that needs several connections gives each back, and waits for the next like everybody else.
    @Test func aSlotMayComeBackForAnotherConnection() async throws {
        let addresses = try addresses(1)
        let shelf = Shelf(3, addresses: addresses)
        let queue = PacedQueue(PaceKeeper(Self.pace), shelf: shelf.shelf(), stop: StopSignal())
        let census = Census()
        try await runWave(slots: 3, queue: queue) { item, ticket in
            for _ in 0..<3 {
                await census.visit(item, addresses[0])
                if let held = ticket { ticket = await queue.another(item, after: held) }
            }
            return nil
        } exhausted: { _ in
        }
        #expect(census.visited.count == 9)
        #expect(census.most == 1)
    }

    /// Slots that all wait for another connection leave somebody to tell them when it is their turn.
    @Test(.timeLimit(.minutes(1)))
    func moreWorkThanSlotsThatAllComeBack() async throws {
        let addresses = try addresses(12)
        let keeper = PaceKeeper(
            Pace(limits: [
                .address: PaceLimit(concurrent: 1, spacing: 0.02), .global: PaceLimit(concurrent: 2),
            ]))
        let queue = PacedQueue(keeper, shelf: Shelf(12, addresses: addresses).shelf(), stop: StopSignal())
        let census = Census()
        try await runWave(slots: 2, queue: queue) { item, ticket in
            for _ in 0..<3 {
                await census.visit(item, addresses[item])
                if let held = ticket { ticket = await queue.another(item, after: held) }
            }
            return nil
        } exhausted: { _ in
        }
        #expect(census.visited.sorted() == (0..<12).flatMap { [$0, $0, $0] })
        #expect(census.most <= 2)
        #expect(keeper.openConnections == 0)
    }

    /// Whoever waits when the scan is told to stop opens no connection any more.
    @Test func stoppingSendsEverybodyAway() async throws {
        let stop = StopSignal()
        let addresses = try addresses(1)
        let queue = PacedQueue(PaceKeeper(Self.pace), shelf: Shelf(50, addresses: addresses).shelf(), stop: stop)
        let census = Census()
        try await runWave(slots: 10, queue: queue) { item, _ in
            await census.visit(item, addresses[0])
            if census.visited.count == 3 { stop.raise() }
            return nil
        } exhausted: { _ in
        }
        #expect(census.visited.count == 3)
    }
}
