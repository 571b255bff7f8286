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

    /// When something is due that is so at this moment, as the database has it: the next whole second behind it. What is
    /// handed out in the order of these seconds is never passed by something that is put behind it later.
    func due(at moment: Int64) -> Timestamp {
        second(at: moment).adding(seconds: 1)
    }

    /// The second of the database that has come.
    func second(at moment: Int64) -> Timestamp {
        let passed = moment - monotonic
        return wall.adding(seconds: (passed - (passed < 0 ? 999_999 : 0)) / 1_000_000)
    }

    /// The moment at which that second of the database has come.
    func moment(of timestamp: Timestamp) -> Int64 {
        monotonic + (timestamp.seconds - wall.seconds) * 1_000_000
    }
}
