// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Scan

@Suite struct RefusalWatchTests {
    private func visit(_ ip: String, _ greeting: GreetingOutcome) throws -> EndpointObservation {
        let address = try #require(IPAddress(ip))
        var seen = EndpointObservation(
            endpoint: Endpoint(host: try DomainName("mx.example"), address: address, port: 25),
            at: Timestamp(seconds: 0))
        seen.tcp = .open
        seen.greeting = greeting
        return seen
    }

    @Test func threeRefusalsForReputationPauseThePrefixForADay() throws {
        var watch = RefusalWatch()
        let prefix = try #require(IPAddress("192.0.2.0"))
        #expect(watch.take(try visit("192.0.2.1", .blockedByReputation), at: 0) == [])
        #expect(watch.take(try visit("198.51.100.1", .blockedByReputation), at: 1) == [])
        #expect(watch.take(try visit("192.0.2.2", .blockedByReputation), at: 2) == [])
        #expect(watch.take(try visit("192.0.2.3", .ready), at: 3) == [])
        #expect(
            watch.take(try visit("192.0.2.9", .blockedByReputation), at: 4) == [.prefix(prefix, seconds: 86_400)])
        #expect(watch.prefixPauses == 1)
    }

    @Test func threeDeferralsInTenMinutesPauseThePrefixForTen() throws {
        var watch = RefusalWatch()
        let prefix = try #require(IPAddress("192.0.2.0"))
        #expect(watch.take(try visit("192.0.2.1", .closing), at: 0) == [])
        #expect(watch.take(try visit("192.0.2.2", .temporaryRefusal), at: 10) == [])
        #expect(watch.take(try visit("192.0.2.3", .closing), at: 20) == [.prefix(prefix, seconds: 600)])
        // Slow ones do not add up.
        for number in 0..<6 {
            #expect(watch.take(try visit("198.51.100.1", .closing), at: 1_000 * Int64(number + 1)) == [])
        }
    }

    @Test func refusalsThatSpreadPauseTheScan() throws {
        var watch = RefusalWatch()
        var pauses: [RefusalWatch.Pause] = []
        for number in 0..<1_000 {
            let outcome: GreetingOutcome = number.isMultiple(of: 40) ? .blockedByReputation : .ready
            pauses += watch.take(try visit("10.\(number % 250).\(number / 250).1", outcome), at: Int64(number / 10))
        }
        #expect(pauses.contains(.scan(seconds: 1_800)))
        var calm = RefusalWatch()
        for number in 0..<1_000 {
            let outcome: GreetingOutcome = number.isMultiple(of: 100) ? .blockedByReputation : .ready
            #expect(calm.take(try visit("10.\(number % 250).\(number / 250).1", outcome), at: Int64(number / 10)) == [])
        }
    }

    @Test func whatIsRememberedIsBounded() throws {
        var watch = RefusalWatch()
        for number in 0..<20_000 {
            _ = watch.take(try visit("10.\(number / 250).\(number % 250).1", .closing), at: Int64(number))
        }
        #expect(watch.rememberedPrefixes <= 4_096)
    }
}
