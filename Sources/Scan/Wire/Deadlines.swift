// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The deadlines of many that wait, in buckets of some milliseconds.
///
/// A timer of the event loop's own would be searched for in the heap of all timers when what it waits for has come, as
/// nearly always it does. Here whoever is done with waiting leaves an empty place in its bucket, or stays there until its
/// time is over, when nobody waits any more.
final class Deadlines<Waiting> {
    /// Where somebody waits.
    struct Place {
        fileprivate let tick: Int64
        fileprivate let index: Int
    }

    private let eventLoop: any EventLoop
    private let granularity: Int64
    private let expire: (Waiting) -> Void
    private var buckets: [Int64: [Waiting?]] = [:]
    private var isTicking = false

    /// - Parameters:
    ///   - granularity: in milliseconds. Nobody's time is over too early, nor later than by two of these.
    ///   - expire: is told whose time is over.
    init(on eventLoop: any EventLoop, granularity: Int64, expire: @escaping (Waiting) -> Void) {
        self.eventLoop = eventLoop
        self.granularity = granularity
        self.expire = expire
    }

    /// Waits for so many milliseconds.
    @discardableResult
    func add(_ waiting: Waiting, milliseconds: Int64) -> Place {
        let now = tick
        // The current tick is part over already, so one more is added: never too early.
        let due = now + (max(0, milliseconds) + granularity - 1) / granularity + 1
        buckets[due, default: []].append(waiting)
        if !isTicking { scheduleTick(after: now) }
        return Place(tick: due, index: buckets[due, default: []].count - 1)
    }

    /// Ends the waiting at a place, if it has not ended yet.
    func remove(_ place: Place) {
        buckets[place.tick]?[place.index] = nil
    }

    private var tick: Int64 {
        Int64(eventLoop.now.uptimeNanoseconds / 1_000_000) / granularity
    }

    private func scheduleTick(after last: Int64) {
        isTicking = true
        let deadlines = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(granularity)) { deadlines.value.run(after: last) }
    }

    private func run(after last: Int64) {
        let now = tick
        if last < now {
            for due in (last + 1)...now {
                for case let waiting? in buckets.removeValue(forKey: due) ?? [] { expire(waiting) }
            }
        }
        if buckets.isEmpty { isTicking = false } else { scheduleTick(after: now) }
    }
}
