// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Scan

/// Within a run only the monotonic clock counts: whatever the wall clock does, retries come when they were to come.
@Suite struct ScanClockTests {
    private let clock = ScanClock(wall: Timestamp(seconds: 1_790_000_000), monotonic: 5_000_000)

    @Test func momentsOfTheDatabaseFollowTheMonotonicClock() {
        #expect(clock.second(at: 5_000_000).seconds == 1_790_000_000)
        #expect(clock.second(at: 305_000_000).seconds == 1_790_000_300)
        #expect(clock.moment(of: Timestamp(seconds: 1_790_000_300)) == 305_000_000)
    }

    /// What is written as due in whole seconds is never due before it was meant to be.
    @Test func nothingIsDueTooEarly() {
        for moment: Int64 in [5_000_001, 5_999_999, 6_000_000, 6_000_001] {
            #expect(clock.moment(of: clock.due(at: moment)) >= moment)
        }
    }

    /// What was put off within a second whose share had been handed out already was passed by, and never visited.
    @Test func whatIsPutOffIsBehindWhatWasHandedOut() {
        for moment: Int64 in [4_999_999, 5_000_000, 5_000_001, 5_999_999, 6_000_000] {
            #expect(clock.second(at: moment) < clock.due(at: moment))
        }
    }

    @Test func secondHasComeWhenItsMomentHas() {
        let second = Timestamp(seconds: 1_790_000_007)
        let moment = clock.moment(of: second)
        #expect(clock.second(at: moment) == second)
        #expect(clock.second(at: moment - 1) < second)
    }
}
