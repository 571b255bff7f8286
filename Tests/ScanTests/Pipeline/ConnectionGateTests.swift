// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Scan

@NetworkLoop
struct ConnectionGateTests {
    /// How many are inside at once, in all and for each address.
    @NetworkLoop
    private final class Census {
        var inside = 0
        var most = 0
        var byAddress: [IPAddress: Int] = [:]
        var mostByAddress = 0
        var visits = 0

        func visit(_ address: IPAddress) async {
            visits += 1
            inside += 1
            byAddress[address, default: 0] += 1
            most = max(most, inside)
            mostByAddress = max(mostByAddress, byAddress[address] ?? 0)
            await NetworkLoop.sleep(milliseconds: 1)
            inside -= 1
            byAddress[address, default: 0] -= 1
        }
    }

    private func address(_ number: Int) throws -> IPAddress {
        try #require(IPAddress("192.0.2.\(number)"))
    }

    @Test func oneAtATimeForEachAddressAndSoManyInAll() async throws {
        let gate = ConnectionGate(maximumOpen: 4, perSecond: nil, stop: StopSignal())
        let census = Census()
        let addresses = try (0..<10).map(address)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                let address = addresses[number % addresses.count]
                let visit: @Sendable @NetworkLoop () async -> Void = {
                    await gate.withPlace(for: address) { await census.visit(address) }
                }
                group.addTask(operation: visit)
            }
        }
        #expect(census.visits == 100)
        #expect(census.most == 4)
        #expect(census.mostByAddress == 1)
        #expect(gate.openConnections == 0)
    }

    /// Whoever waits when the scan is told to stop opens no connection any more.
    @Test func stoppingSendsTheWholeLineAway() async throws {
        let stop = StopSignal()
        let gate = ConnectionGate(maximumOpen: 2, perSecond: nil, stop: stop)
        let census = Census()
        let address = try address(1)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                let visit: @Sendable @NetworkLoop () async -> Void = {
                    await gate.withPlace(for: address) {
                        stop.raise()
                        await census.visit(address)
                    }
                }
                group.addTask(operation: visit)
            }
        }
        #expect(census.visits == 1)
    }

    /// A line for the rate alone is gone at once, too: at one connection a second fifty would take a minute.
    @Test func stoppingSendsAwayWhoWaitsForTheirSecond() async throws {
        let stop = StopSignal()
        let gate = ConnectionGate(maximumOpen: 100, perSecond: 1, stop: stop)
        let census = Census()
        let addresses = try (0..<50).map(address)
        await withTaskGroup(of: Void.self) { group in
            for address in addresses {
                let visit: @Sendable @NetworkLoop () async -> Void = {
                    await gate.withPlace(for: address) {
                        stop.raise()
                        await census.visit(address)
                    }
                }
                group.addTask(operation: visit)
            }
        }
        #expect(census.visits == 1)
    }
}
