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
    let failure = FirstFailure()
    let slot: @Sendable @NetworkLoop () async -> Void = {
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
            failure.error = failure.error ?? error
        }
    }
    // Slots come and go, one more for each connection that is waited for: those that are gone must leave nothing behind,
    // and a group that is to hand out results keeps all of them to its end.
    await withDiscardingTaskGroup { group in
        queue.open(slots: slots)
        for await _ in queue.vacancies { group.addTask(operation: slot) }
    }
    if let error = failure.error { throw error }
}

/// What ended a wave.
@NetworkLoop
private final class FirstFailure {
    var error: (any Error)?
}
