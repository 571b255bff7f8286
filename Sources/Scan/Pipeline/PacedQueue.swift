// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Hands the work of a wave to its slots when the pacer says that it may begin.
///
/// A slot asks when it is free. If nothing may begin it is laid aside until something is finished, or until the one timer
/// that is set to the pacer's next moment; a free slot costs a continuation, and work that waits costs no task at all.
/// Only slots ask the pacer. One that keeps its item and waits for another connection asks nothing meanwhile, so where
/// none is free any more a further one takes its place: else all of them might wait for each other.
@NetworkLoop
final class PacedQueue<Item: Sendable> {
    typealias Ticket = Pacer<UInt64>.Ticket

    /// What a slot is given.
    enum Turn {
        /// To be begun now, and given back with `finish`.
        case begin(Item, Ticket)
        /// Not to be begun in this scan any more: somebody has had all that we may ask of them.
        case exhausted(Item)
    }

    private let keeper: PaceKeeper
    private let shelf: WorkShelf<Item>
    private let stop: StopSignal
    private var items: [UInt64: Item] = [:]
    /// Slots that keep their item and wait for its next connection.
    private var returning: [UInt64: (item: Item, continuation: UnsafeContinuation<Ticket?, Never>)] = [:]
    private var slots: [UnsafeContinuation<Void, Never>] = []
    /// What the pacer has said to a slot that asked about something else.
    private var decisions: [Pacer<UInt64>.Decision] = []
    /// Slots wanted, and those that are free or at work.
    private var wanted = 0
    private var working = 0
    /// A signal for each slot that is to be begun; it ends when nothing more is handed out.
    let vacancies: AsyncStream<Void>
    private let announce: AsyncStream<Void>.Continuation
    private var timer: (task: Scheduled<Void>, at: Int64)?
    private var isFetching = false
    private var isClosed = false
    /// When the shelf is to be looked at again; nil when nothing is there.
    private var fetchAt: Int64? = 0
    private static var page: Int { 1_000 }

    init(_ keeper: PaceKeeper, shelf: WorkShelf<Item>, stop: StopSignal) {
        self.keeper = keeper
        self.shelf = shelf
        self.stop = stop
        (vacancies, announce) = AsyncStream.makeStream()
        stop.onRaise { [weak self] in self?.close() }
    }

    /// Asks for so many slots.
    func open(slots: Int) {
        wanted = max(1, slots)
        while working < wanted { engage() }
    }

    private func engage() {
        working += 1
        announce.yield()
    }

    /// The next turn; nil for a slot that is not needed any more, when all is done, and when the scan was told to stop.
    func next() async throws -> Turn? {
        guard working <= wanted else {
            working -= 1
            return nil
        }
        while !stop.isRaised, !isClosed {
            let now = PaceKeeper.now
            switch decisions.popLast() ?? keeper.pacer.next(at: now) {
            case .begin(let number, let ticket):
                // There may be more where this came from.
                wakeOne()
                if let item = items.removeValue(forKey: number) { return .begin(item, ticket) }
                if let slot = returning.removeValue(forKey: number) {
                    slot.continuation.resume(returning: ticket)
                } else {
                    // Its slot was sent away.
                    keeper.pacer.finish(ticket, at: now)
                }
            case .exhausted(let number):
                if let item = items.removeValue(forKey: number) { return .exhausted(item) }
                returning.removeValue(forKey: number)?.continuation.resume(returning: nil)
            case .putBack(let number, let until):
                if let item = items.removeValue(forKey: number) {
                    expect(at: until)
                    try await shelf.putBack(item, until)
                } else {
                    comeBack(number, at: until)
                }
            case .wait(let until): try await idle(until: until, now)
            }
        }
        close()
        return nil
    }

    /// The work is done. `again` is when the shelf will hold it once more.
    func finish(_ ticket: Ticket, again: Int64? = nil) {
        if let again { expect(at: again) }
        keeper.pacer.finish(ticket, at: PaceKeeper.now)
        wakeOne()
    }

    /// Gives a connection back and waits for the next one of the same work; nil where there will be none.
    func another(_ item: Item, after ticket: Ticket) async -> Ticket? {
        let now = PaceKeeper.now
        guard !stop.isRaised, !isClosed else {
            finish(ticket)
            return nil
        }
        keeper.pacer.finish(ticket, at: now)
        let number = keeper.number()
        keeper.pacer.add(number, keys: shelf.keys(item), at: now)
        // Mostly the turn comes at once, and then nobody need take this slot's place.
        switch keeper.pacer.next(at: now) {
        case .begin(number, let next): return next
        case .wait: break
        case let decision: decisions.append(decision)
        }
        working -= 1
        let next = await withUnsafeContinuation { continuation in
            returning[number] = (item, continuation)
            wakeOne()
        }
        working += 1
        return next
    }

    /// Leaves somebody, or everybody, in peace.
    func obey(_ pause: RefusalWatch.Pause) {
        let now = PaceKeeper.now
        switch pause {
        case .prefix(let prefix, let seconds):
            keeper.pacer.pause(.prefix(prefix), until: now + seconds * 1_000_000, at: now)
        case .scan(let seconds):
            keeper.pacer.pause(.global, until: now + seconds * 1_000_000, at: now)
        }
    }

    /// Hands out nothing more.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        for case .begin(_, let ticket) in decisions { keeper.pacer.finish(ticket, at: PaceKeeper.now) }
        decisions = []
        announce.finish()
        wakeAll()
    }

    private func idle(until moment: Int64?, _ now: Int64) async throws {
        // While every place is taken more work would only wait here, and be begun before what comes back.
        let isBusy = keeper.openConnections >= wanted
        let mayFetch = !isFetching && !isBusy && keeper.pacer.hasRoom && !keeper.pacer.isResting(at: now)
        if mayFetch, let fetchAt, fetchAt <= now {
            try await fetch(at: now)
        } else if keeper.pacer.isEmpty, returning.isEmpty, fetchAt == nil, !isFetching {
            close()
        } else {
            await wait(until: [moment, mayFetch ? fetchAt : nil].compactMap { $0 }.min())
        }
    }

    private func expect(at moment: Int64) {
        fetchAt = min(fetchAt ?? moment, moment)
    }

    private func fetch(at now: Int64) async throws {
        isFetching = true
        fetchAt = nil
        defer {
            isFetching = false
            wakeOne()
        }
        let page = try await shelf.fetch(Self.page, now)
        for item in page.items {
            let number = keeper.number()
            items[number] = item
            keeper.pacer.add(number, keys: shelf.keys(item), spent: shelf.spent(item), at: now)
        }
        if let more = page.moreAt { expect(at: more) }
    }

    private func wait(until moment: Int64?) async {
        if let moment, timer.map({ moment < $0.at }) ?? true {
            timer?.task.cancel()
            let delay = TimeAmount.microseconds(max(0, moment - PaceKeeper.now))
            let task = NetworkLoop.shared.eventLoop.scheduleTask(in: delay) { [weak self] in
                _ = Task { @NetworkLoop in self?.timeHasCome() }
            }
            timer = (task, moment)
        }
        await withUnsafeContinuation { slots.append($0) }
    }

    /// A slot that keeps its item asks again when there is room for it.
    private func comeBack(_ number: UInt64, at moment: Int64) {
        let delay = TimeAmount.microseconds(max(0, moment - PaceKeeper.now))
        NetworkLoop.shared.eventLoop.scheduleTask(in: delay) { [weak self] in
            _ = Task { @NetworkLoop in
                guard let self, let slot = self.returning[number] else { return }
                self.keeper.pacer.add(number, keys: self.shelf.keys(slot.item), at: PaceKeeper.now)
                self.wakeOne()
            }
        }
    }

    private func timeHasCome() {
        timer = nil
        wakeOne()
    }

    private func wakeOne() {
        if let slot = slots.popLast() {
            slot.resume()
        } else if working < wanted, !isClosed {
            engage()
        }
    }

    private func wakeAll() {
        timer?.task.cancel()
        timer = nil
        let woken = slots
        slots = []
        for slot in woken { slot.resume() }
        let waiting = returning
        returning = [:]
        for slot in waiting.values { slot.continuation.resume(returning: nil) }
    }
}
