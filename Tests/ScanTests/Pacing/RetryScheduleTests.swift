// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Scan

@Suite struct RetryScheduleTests {
    private func seen(
        host: String = "mx.example", greeting: GreetingOutcome = .closing, tcp: TCPOutcome = .open
    ) throws -> EndpointObservation {
        let address = try #require(IPAddress("192.0.2.1"))
        var seen = EndpointObservation(
            endpoint: Endpoint(host: try DomainName(host), address: address, port: 25), at: Timestamp(seconds: 0))
        seen.tcp = tcp
        if tcp == .open { seen.greeting = greeting }
        return seen
    }

    @Test func theTimesAreThoseOfTheVocabularyWithinAFifth() throws {
        let schedule = RetrySchedule(scale: 1, seed: 7)
        for (index, minutes) in [5.0, 35, 240].enumerated() {
            var all: Set<Int64> = []
            for number in 0..<200 {
                let delay = try #require(
                    schedule.delay(after: try seen(host: "mx\(number).example"), attempts: index + 1))
                #expect((0.8 * minutes * 60...1.2 * minutes * 60 + 1).contains(Double(delay)))
                all.insert(delay)
            }
            #expect(all.count > 50, "what failed together does not come back together")
        }
        #expect(schedule.delay(after: try seen(), attempts: 4) == nil)
    }

    @Test func theSeedDecidesAndNothingElse() throws {
        let visit = try seen()
        let one = RetrySchedule(scale: 1, seed: 1).delay(after: visit, attempts: 2)
        #expect(one == RetrySchedule(scale: 1, seed: 1).delay(after: visit, attempts: 2))
        #expect(one != RetrySchedule(scale: 1, seed: 2).delay(after: visit, attempts: 2))
    }

    @Test func aScaleMakesItShorterAndZeroMakesItNever() throws {
        #expect(RetrySchedule(scale: 0, seed: 1).delay(after: try seen(), attempts: 1) == nil)
        let delay = try #require(RetrySchedule(scale: 0.01, seed: 1).delay(after: try seen(), attempts: 1))
        #expect((2...4).contains(delay))
        #expect(RetrySchedule(scale: 0.000_1, seed: 1).delay(after: try seen(), attempts: 1) == 1)
    }

    @Test func onlyWhatMayPassIsAskedAgain() throws {
        let schedule = RetrySchedule(scale: 1, seed: 1)
        let again: [EndpointObservation] = [
            try seen(), try seen(greeting: .temporaryRefusal), try seen(greeting: .timeout), try seen(greeting: .eof),
            try seen(tcp: .timeout), try seen(tcp: .refused), try seen(tcp: .localResource),
        ]
        for visit in again { #expect(schedule.delay(after: visit, attempts: 1) != nil) }
        let settled: [EndpointObservation] = [
            try seen(greeting: .noMail), try seen(greeting: .noService), try seen(greeting: .blockedByReputation),
            try seen(tcp: .budgetExhausted), try seen(tcp: .port25EgressBlocked),
        ]
        for visit in settled { #expect(schedule.delay(after: visit, attempts: 1) == nil) }
    }
}
