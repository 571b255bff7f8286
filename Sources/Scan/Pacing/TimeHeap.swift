// SPDX-License-Identifier: Apache-2.0

/// What is due when: a binary heap, earliest first, and first come first served among equals.
struct TimeHeap: Sendable {
    private struct Entry {
        var time: Int64
        var order: UInt64
        var item: Int

        func isBefore(_ other: Entry) -> Bool {
            time != other.time ? time < other.time : order < other.order
        }
    }

    private var entries: [Entry] = []
    private var order: UInt64 = 0

    var count: Int { entries.count }
    /// The earliest moment.
    var first: Int64? { entries.first?.time }

    mutating func insert(_ item: Int, at time: Int64) {
        order += 1
        entries.append(Entry(time: time, order: order, item: item))
        var child = entries.count - 1
        while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the earliest away if it is due.
    mutating func pop(dueAt now: Int64) -> Int? {
        guard let first = entries.first, first.time <= now else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first.item }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child].isBefore(entries[least]) {
                least = child
            }
            guard least != parent else { return first.item }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}

/// A line of items, first come first served, at a constant cost.
struct WaitingLine: Sendable {
    private var items: [Int] = []
    private var head = 0

    var count: Int { items.count - head }

    mutating func append(_ item: Int) { items.append(item) }

    mutating func popFirst() -> Int? {
        guard head < items.count else { return nil }
        defer {
            head += 1
            if head == items.count {
                items = []
                head = 0
            } else if head > 64, head * 2 > items.count {
                items.removeFirst(head)
                head = 0
            }
        }
        return items[head]
    }
}
