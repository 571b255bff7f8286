// SPDX-License-Identifier: Apache-2.0

/// One wave of the scan: a fixed number of long-lived slots, each taking the next item when its last one is done.
///
/// The first error that stops *us* ends the wave: the other slots finish the item they hold and take no more. A target
/// that fails is a result and never an error here.
@NetworkLoop
func runWave<Item: Sendable>(
    slots: Int, queue: PendingQueue<Item>, work: @escaping @Sendable @NetworkLoop (Item) async throws -> Void
) async throws {
    let slot: @Sendable @NetworkLoop () async throws -> Void = {
        do {
            while let item = try await queue.next() { try await work(item) }
        } catch {
            queue.close()
            throw error
        }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<max(1, slots) { group.addTask(operation: slot) }
        try await group.waitForAll()
    }
}
