// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The deadlines of all queries, in buckets of a few milliseconds.
///
/// A timer of the event loop's own for each query would be searched for in the heap of all timers when the answer comes,
/// as nearly always it does. Here an answered query costs nothing: its entry lies in its bucket and finds nobody waiting.
final class DNSTimeouts {
    struct Entry {
        let port: DNSPort
        let id: UInt16
        let serial: Int
    }

    private static let granularity: Int64 = 20
    private let eventLoop: any EventLoop
    private var buckets: [Int64: [Entry]] = [:]
    private var isTicking = false

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func add(_ entry: Entry, milliseconds: Int64) {
        // The current tick is part over already, so one more is added: never too early.
        buckets[tick + max(0, milliseconds) / Self.granularity + 2, default: []].append(entry)
        if !isTicking { scheduleTick(after: tick) }
    }

    private var tick: Int64 {
        Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) / Self.granularity
    }

    private func scheduleTick(after last: Int64) {
        isTicking = true
        let timeouts = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(Self.granularity)) { timeouts.value.run(after: last) }
    }

    private func run(after last: Int64) {
        let now = tick
        if last < now {
            for due in (last + 1)...now {
                for entry in buckets.removeValue(forKey: due) ?? [] {
                    entry.port.expire(id: entry.id, serial: entry.serial)
                }
            }
        }
        if buckets.isEmpty { isTicking = false } else { scheduleTick(after: now) }
    }
}
