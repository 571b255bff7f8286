// SPDX-License-Identifier: Apache-2.0

/// Where the work waits that does not wait in memory: the database. Times are monotonic microseconds.
struct WorkShelf<Item: Sendable> {
    /// A page of work.
    struct Page {
        var items: [Item]
        /// When there is more, as far as anybody knows.
        var moreAt: Int64?

        /// There is more at that moment, too.
        mutating func expect(at moment: Int64) {
            moreAt = min(moreAt ?? moment, moment)
        }
    }

    /// At most so many items that may be begun at this moment, none of them handed out before in this run.
    let fetch: @NetworkLoop (_ limit: Int, _ now: Int64) async throws -> Page
    /// Keeps an item until then.
    let putBack: @NetworkLoop (Item, _ until: Int64) async throws -> Void
    /// Who notices a connection for this item.
    let keys: (Item) -> [PaceKey]
    /// What they have had in this scan before, where that is limited.
    let spent: (Item) -> [PaceScope: Int]
}

/// The one pacer of a survey, for all of its waves: who was left in peace for a second in one wave is so in the next.
@NetworkLoop
final class PaceKeeper {
    var pacer: Pacer<UInt64>
    private var last: UInt64 = 0

    init(_ pace: Pace) {
        pacer = Pacer(pace)
    }

    /// Connections open now.
    var openConnections: Int { pacer.inFlight }

    /// Microseconds of a clock that never goes back.
    nonisolated static var now: Int64 { NetworkLoop.monotonicMilliseconds * 1_000 }

    func number() -> UInt64 {
        last += 1
        return last
    }
}
