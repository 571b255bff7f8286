// SPDX-License-Identifier: Apache-2.0
import Observations

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
