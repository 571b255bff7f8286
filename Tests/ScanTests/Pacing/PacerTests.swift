// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Scan

@Suite struct PacerTests {
    private static func address(_ number: Int) throws -> IPAddress {
        try #require(
            IPAddress(octets: [10, UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]))
    }

    private static func keys(host: String, address: IPAddress, provider: String) throws -> [PaceKey] {
        let keys = PaceKey.connection(
            to: Endpoint(host: try DomainName(host), address: address, port: 25), network: 64_500)
        #expect(keys.contains(.provider(try DomainName(provider))))
        return keys
    }

    /// 1,000 MX names on one address and one provider, which 100,000 domains share: each name is one endpoint.
    @Test func aThousandNamesOnOneAddressGetWhatOneAddressMayGet() throws {
        let all = try (0..<1_000).map {
            try Self.keys(host: "mx\($0).big.example", address: try Self.address(1), provider: "big.example")
        }
        var scan = VirtualScan(.default, keys: { all[$0] }, duration: { Int64($0 % 7) * 300_000 })
        scan.run(0..<1_000)
        #expect(scan.violations() == [])
        #expect(scan.begun.count == 40)
        #expect(scan.exhausted.count == 960)
        #expect(Set(scan.begun + scan.exhausted) == Set(0..<1_000))
    }

    /// However many want something of a key, what is kept for later is there later.
    @Test(arguments: [(40, 37), (6, 3), (5, 3), (2, 1), (1, 1)])
    func whatIsKeptForLaterIsThereLater(perScan: Int, first: Int) throws {
        let keys = [PaceKey.address(try Self.address(1))]
        var scan = VirtualScan(Pace(limits: [.address: PaceLimit(perScan: perScan)]), keys: { _ in keys }) { _ in 1_000
        }
        scan.pacer.reserve(3, of: .address)
        scan.run(0..<100)
        #expect(scan.begun.count == first && scan.exhausted.count == 100 - first)
        scan.pacer.reserve(0, of: .address)
        scan.run(100..<200)
        #expect(scan.begun.count == perScan && scan.violations() == [])
    }

    /// Work that turns out not to need its connection leaves it to others.
    @Test func whatWasNotDoneDoesNotCount() throws {
        let keys = [PaceKey.address(try Self.address(1))]
        var pacer = Pacer<Int>(Pace(limits: [.address: PaceLimit(concurrent: 1, perScan: 2)]))
        for work in 0..<5 { pacer.add(work, keys: keys, at: 0) }
        var begun: [Int] = []
        while case .begin(let work, let ticket) = pacer.next(at: 0) {
            begun.append(work)
            if work < 2 { pacer.uncount(ticket) }
            pacer.finish(ticket, at: 0)
        }
        #expect(begun == [0, 1, 2, 3])
    }

    /// The same if nothing were shared: each of the 100,000 domains behind the 1,000 names wants a visit of its own.
    @Test func aHundredThousandDomainsOfOneProviderGetNoMore() throws {
        let all = try (0..<1_000).map {
            try Self.keys(host: "mx\($0).big.example", address: try Self.address(1), provider: "big.example")
        }
        var scan = VirtualScan(.default, keys: { all[$0 % 1_000] }, duration: { Int64($0 % 7) * 300_000 })
        scan.run(0..<100_000)
        #expect(scan.violations() == [])
        #expect(scan.begun.count == 40)
        #expect(scan.exhausted.count == 99_960)
        #expect(scan.mostWaiting <= 8_192)
    }

    /// The same without the end of the address's budget: all of it is done, one a second.
    @Test func whatIsOnlySlowIsDoneInItsTime() throws {
        var pace = Pace.default
        pace[.address].perScan = nil
        let all = try (0..<1_000).map {
            try Self.keys(host: "mx\($0).big.example", address: try Self.address(1), provider: "big.example")
        }
        var scan = VirtualScan(pace, keys: { all[$0] }, duration: { _ in 200_000 })
        scan.run(0..<1_000)
        #expect(scan.violations() == [])
        #expect(Set(scan.begun) == Set(0..<1_000))
        #expect(scan.now < 1_100_000_000, "a second each, and little more: \(scan.now)")
    }

    /// 20,000 endpoints: a third at one provider over many addresses, the rest scattered.
    @Test func noBudgetIsExceededByAnybodyInALargeScan() throws {
        let count = 20_000
        let all = try (0..<count).map { item in
            item % 3 == 0
                ? try Self.keys(
                    host: "mx\(item % 999).big.example", address: try Self.address(item % 3_000),
                    provider: "big.example")
                : try Self.keys(
                    host: "mx\(item % 9_000).d\(item % 7_000).example",
                    address: try Self.address(4_096 + item % 30_000),
                    provider: "d\(item % 7_000).example")
        }
        var pace = Pace.default
        pace[.network] = PaceLimit(concurrent: 300)
        var scan = VirtualScan(pace, keys: { all[$0] }, duration: { 100_000 + Int64($0 % 50) * 100_000 })
        scan.run(0..<count)
        #expect(scan.violations().prefix(5) == [])
        #expect(Set(scan.begun).union(scan.exhausted) == Set(0..<count))
        #expect(scan.begun.count + scan.exhausted.count == count)
        #expect(scan.mostWaiting <= 8_192)
        // Seven keys with two permissions each, once for every time that the work comes, however much is waiting.
        #expect(scan.pacer.moves <= (count + scan.putBacks) * 32)
        // Seven keys of what waits and what is in flight, and those whose buckets are not full yet.
        #expect(scan.mostKeys <= 7 * (8_192 + 500) + 2_200)
    }

    /// What is remembered of those who are left in peace is gone when their buckets are full.
    @Test func keysAreForgotten() throws {
        var pacer = Pacer<Int>(.default)
        let keys = try Self.keys(host: "mx.p.example", address: try Self.address(1), provider: "p.example")
        pacer.add(0, keys: keys, at: 0)
        guard case .begin(_, let ticket) = pacer.next(at: 0) else { return #expect(Bool(false), "it may begin") }
        pacer.finish(ticket, at: 500_000)
        #expect(pacer.rememberedKeys == 3, "the endpoint, the address and the prefix have something to remember")
        _ = pacer.next(at: 1_000_000)
        #expect(pacer.rememberedKeys == 1, "the endpoint rests for ten seconds")
        _ = pacer.next(at: 10_000_000)
        #expect(pacer.rememberedKeys == 0)
    }

    /// A key that nobody may contact sends its work away, what is ready included, and lets everybody else go on.
    @Test func aPausedPrefixHoldsUpNobodyElse() throws {
        var pacer = Pacer<Int>(.default)
        let first = try Self.keys(host: "mx1.p.example", address: try Self.address(1), provider: "p.example")
        let second = try Self.keys(host: "mx2.p.example", address: try Self.address(1_000), provider: "p.example")
        pacer.add(1, keys: first, at: 0)
        pacer.pause(.prefix(try Self.address(0)), until: 86_400_000_000, at: 0)
        pacer.add(2, keys: second, at: 0)
        pacer.add(3, keys: first, at: 0)
        var begun: [Int] = []
        var putBack: [Int: Int64] = [:]
        deciding: while true {
            switch pacer.next(at: 0) {
            case .begin(let item, _): begun.append(item)
            case .putBack(let item, let until): putBack[item] = until
            case .exhausted, .wait: break deciding
            }
        }
        #expect(begun == [2])
        #expect(putBack == [1: 86_400_000_000, 3: 86_400_000_000])
    }

    /// Work for one slow provider does not keep the window from others.
    @Test func aCrowdIsNotTheWindow() throws {
        var pace = Pace.default
        pace[.network] = PaceLimit()
        let count = 5_000
        let all = try (0..<count).map { item in
            item < 4_000
                ? try Self.keys(host: "mx\(item).big.example", address: try Self.address(item), provider: "big.example")
                : try Self.keys(
                    host: "mx.d\(item).example", address: try Self.address(256 * item), provider: "d\(item).example")
        }
        var scan = VirtualScan(pace, window: 512, keys: { all[$0] }, duration: { _ in 1_000_000 })
        scan.run(0..<count, until: 20_000_000)
        #expect(scan.violations() == [])
        #expect(scan.begun.filter { $0 >= 4_000 }.count == 1_000, "the small ones are done long before the big one")
    }
}
