// SPDX-License-Identifier: Apache-2.0

/// Work that waits in the database, handed out one item at a time to the slots of a wave.
///
/// Pull is the only way work starts: a slot asks when it is free, and the next batch is read when the last one has been
/// handed out. What is in memory is one batch, however long the list.
@NetworkLoop
final class PendingQueue<Item: Sendable> {
    private let fetch: (Item?) async throws -> [Item]
    private var batch: ArraySlice<Item> = []
    private var last: Item?
    private var isDry = false
    private var isFetching = false
    private var waiting: [UnsafeContinuation<Void, Never>] = []
    private let stop: StopSignal

    /// `fetch` answers the items behind the one it is given, in a fixed order, and none when there are no more.
    init(stop: StopSignal, fetch: @escaping (Item?) async throws -> [Item]) {
        self.stop = stop
        self.fetch = fetch
    }

    /// The next item; nil when there is none left or the scan has been told to stop.
    func next() async throws -> Item? {
        while batch.isEmpty {
            guard !isDry, !stop.isRaised else { return nil }
            if isFetching {
                await withUnsafeContinuation { waiting.append($0) }
            } else {
                try await refill()
            }
        }
        return stop.isRaised ? nil : batch.popFirst()
    }

    /// Hands out nothing more.
    func close() {
        isDry = true
        batch = []
    }

    private func refill() async throws {
        isFetching = true
        defer {
            isFetching = false
            let woken = waiting
            waiting = []
            for continuation in woken { continuation.resume() }
        }
        do {
            let items = try await fetch(last)
            batch = items[...]
            last = items.last ?? last
            isDry = items.isEmpty
        } catch {
            isDry = true
            throw error
        }
    }
}
