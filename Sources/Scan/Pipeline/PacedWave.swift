// SPDX-License-Identifier: Apache-2.0

/// A wave at the pace: a fixed number of long-lived slots, each taking the next item that may begin.
///
/// `begin` answers when the item comes again, if it does. The first error that stops *us* ends the wave.
@NetworkLoop
func runWave<Item: Sendable>(
    slots: Int, queue: PacedQueue<Item>,
    begin: @escaping @Sendable @NetworkLoop (Item, inout PacedQueue<Item>.Ticket?) async throws -> Int64?,
    exhausted: @escaping @Sendable @NetworkLoop (Item) async throws -> Void
) async throws {
    let slot: @Sendable @NetworkLoop () async throws -> Void = {
        do {
            while let turn = try await queue.next() {
                switch turn {
                case .exhausted(let item): try await exhausted(item)
                case .begin(let item, let given):
                    var ticket: PacedQueue<Item>.Ticket? = given
                    defer { if let ticket { queue.finish(ticket) } }
                    let again = try await begin(item, &ticket)
                    if let held = ticket {
                        ticket = nil
                        queue.finish(held, again: again)
                    }
                }
            }
        } catch {
            queue.close()
            throw error
        }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
        queue.open(slots: slots)
        for await _ in queue.vacancies { group.addTask(operation: slot) }
        try await group.waitForAll()
    }
}
