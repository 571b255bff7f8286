// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Scan

/// Within a run only the monotonic clock counts: whatever the wall clock does, retries come when they were to come.
@Suite struct ScanClockTests {
    private let clock = ScanClock(wall: Timestamp(seconds: 1_790_000_000), monotonic: 5_000_000)

    @Test func momentsOfTheDatabaseFollowTheMonotonicClock() {
        #expect(clock.timestamp(of: 5_000_000).seconds == 1_790_000_000)
        #expect(clock.timestamp(of: 305_000_000).seconds == 1_790_000_300)
        #expect(clock.moment(of: Timestamp(seconds: 1_790_000_300)) == 305_000_000)
    }

    /// What is written as due in whole seconds is never due before it was meant to be.
    @Test func nothingIsDueTooEarly() {
        for moment: Int64 in [5_000_001, 5_999_999, 6_000_000, 6_000_001] {
            #expect(clock.moment(of: clock.timestamp(of: moment)) >= moment)
        }
    }
}
