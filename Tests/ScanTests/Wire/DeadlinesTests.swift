// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOEmbedded
import Testing

@testable import Scan

/// Time passes when it is told to.
struct DeadlinesTests {
    private final class Expired {
        var names: [String] = []
    }

    private let loop = EmbeddedEventLoop()
    private let expired = Expired()
    private let deadlines: Deadlines<String>

    init() {
        deadlines = Deadlines(on: loop, granularity: 20) { [expired] in expired.names.append($0) }
    }

    /// Whenever it begins, within a tick or at its edge.
    @Test(arguments: [0, 1, 19, 20, 39], [0, 1, 19, 20, 21, 100, 5_000])
    func nobodyIsTooEarlyNorFarTooLate(begins: Int64, waits: Int64) {
        loop.advanceTime(by: .milliseconds(begins))
        deadlines.add("a", milliseconds: waits)
        loop.advanceTime(by: .milliseconds(waits - 1))
        #expect(waits == 0 || expired.names.isEmpty)
        loop.advanceTime(by: .milliseconds(1 + 2 * 20))
        #expect(expired.names == ["a"])
        loop.advanceTime(by: .hours(1))
        #expect(expired.names == ["a"])
    }

    @Test func eachEndsInItsTime() {
        for (name, wait) in [("c", 300), ("a", 100), ("b", 200), ("d", 100_000)] as [(String, Int64)] {
            deadlines.add(name, milliseconds: wait)
        }
        loop.advanceTime(by: .seconds(1))
        #expect(expired.names == ["a", "b", "c"])
        loop.advanceTime(by: .seconds(100))
        #expect(expired.names == ["a", "b", "c", "d"])
    }

    @Test func whoeverIsDoneIsNotToldOfTheirTime() {
        let first = deadlines.add("a", milliseconds: 100)
        deadlines.add("b", milliseconds: 100)
        let third = deadlines.add("c", milliseconds: 100)
        deadlines.remove(first)
        deadlines.remove(third)
        loop.advanceTime(by: .seconds(1))
        #expect(expired.names == ["b"])
        // The place is gone with its bucket.
        deadlines.remove(first)
        deadlines.add("d", milliseconds: 100)
        loop.advanceTime(by: .seconds(1))
        #expect(expired.names == ["b", "d"])
    }

    @Test func aMomentThatHasPassedIsOverSoon() {
        deadlines.add("a", milliseconds: -5)
        loop.advanceTime(by: .milliseconds(40))
        #expect(expired.names == ["a"])
    }
}
