// SPDX-License-Identifier: Apache-2.0

/// Decides what may begin, when. It has no clock, starts nothing and waits for nothing: it is asked with the time.
///
/// A piece of work names everybody whose patience it uses, from the narrowest (its endpoint) to the widest (all). It
/// collects from each in that order first a *place* (so many at once), then the *gate* (so long between two beginnings),
/// and stands in one line at a time, keeping what it has. Since everybody collects in the same order nobody waits in a
/// circle; since a place is kept while a wider one is waited for, at most as many stand in a wide line for a narrow key
/// as that key has places. So each piece of work moves a fixed number of times, and a decision costs a logarithm.
///
/// Nobody is crowded: work for a key for which much waits already goes back to the caller (`putBack`) with a time at
/// which to come again, and so does work that would wait long. So one slow provider does not fill the `window` that
/// bounds what waits in memory, and the keys remembered are bounded by what waits and what is in flight.
public struct Pacer<Work> {
    /// The right to one connection, until it is given back.
    public struct Ticket: Hashable, Sendable {
        let slot: Int
    }

    /// What to do next.
    public enum Decision {
        /// Begin now; `finish` gives the places back.
        case begin(Work, Ticket)
        /// Come again at that time (microseconds).
        case putBack(Work, until: Int64)
        /// One of those concerned has had all that this scan may ask of it.
        case exhausted(Work)
        /// Nothing before that time, or before something is added or finished.
        case wait(until: Int64?)
    }

    struct Slot {
        var work: Work?
        var keys: [Int]
        /// Permissions collected: two for each key, place and gate.
        var stage = 0
        var begunAt: Int64?
        var hasBegun: Bool { begunAt != nil }
    }

    var table: PaceTable
    var slots: [Slot] = []
    var freeSlots: [Int] = []
    /// Holders of a gate that is not open yet.
    var atGates = TimeHeap()
    var ready = WaitingLine()
    var leaving: [Decision] = []
    /// Moves made so far: what a decision costs.
    var moves = 0
    /// Nothing at all begins before; who waits goes on waiting.
    private var restsUntil: Int64 = 0
    /// Pieces of work that wait.
    public internal(set) var waiting = 0
    /// Pieces of work that have begun.
    public private(set) var inFlight = 0
    let window: Int
    /// Who would wait longer at a gate than so many microseconds goes back.
    let longestWait: Int64 = 60_000_000

    /// Nothing has begun yet. At most `window` pieces of work wait.
    public init(_ pace: Pace, window: Int = 8_192) {
        table = PaceTable(pace)
        self.window = window
    }

    /// Whether more work may be added.
    public var hasRoom: Bool { waiting + leaving.count < window }
    /// Whether nothing waits and nothing is in flight.
    public var isEmpty: Bool { waiting == 0 && inFlight == 0 && leaving.isEmpty }
    /// Keys that are remembered now.
    public var rememberedKeys: Int { table.count }

    /// Takes a piece of work.
    /// - Parameters:
    ///   - keys: everybody concerned, in the order of `PaceScope`.
    ///   - spent: beginnings of earlier runs, and of keys that are forgotten by now, where they count.
    public mutating func add(_ work: Work, keys: [PaceKey], spent: [PaceScope: Int] = [:], at now: Int64) {
        if let turn = turnInCrowd(keys, at: now) {
            leaving.append(.putBack(work, until: turn))
            return
        }
        let ids = keys.map { table.retain($0) }
        for (key, id) in zip(keys, ids) {
            if let before = spent[key.scope] { table[id].used = max(table[id].used, before) }
        }
        let slot = freeSlots.popLast() ?? slots.count
        let new = Slot(work: work, keys: ids)
        if slot == slots.count { slots.append(new) } else { slots[slot] = new }
        waiting += 1
        advance([slot], at: now)
    }

    /// What to do at this time. Time never goes back.
    public mutating func next(at now: Int64) -> Decision {
        guard !isResting(at: now) else { return leaving.popLast() ?? .wait(until: restsUntil) }
        table.sweep(at: now)
        while let slot = atGates.pop(dueAt: now) {
            slots[slot].stage += 1
            advance([slot], at: now)
        }
        while leaving.isEmpty, let slot = ready.popFirst() {
            if let decision = begin(slot, at: now) { return decision }
        }
        return leaving.popLast() ?? .wait(until: atGates.first)
    }

    /// The work is done: its places are somebody else's.
    public mutating func finish(_ ticket: Ticket, at now: Int64) {
        guard slots.indices.contains(ticket.slot), let begunAt = slots[ticket.slot].begunAt else { return }
        inFlight -= 1
        for id in slots[ticket.slot].keys {
            table[id].hold += (now - begunAt - table[id].hold) / 8
        }
        leave(ticket.slot, at: now)
    }

    /// Nothing was done under the ticket: it does not count among those of the whole scan.
    public mutating func uncount(_ ticket: Ticket) {
        for id in slots[ticket.slot].keys { table[id].used -= 1 }
    }

    /// From now on each key of a scope keeps so many of its beginnings in this scan for later.
    public mutating func reserve(_ count: Int, of scope: PaceScope) {
        table.reserved[scope] = count
    }

    /// Nothing begins for a key before `moment`; what is in flight goes on.
    public mutating func pause(_ key: PaceKey, until moment: Int64, at now: Int64) {
        guard key != .global else {
            restsUntil = max(restsUntil, moment)
            return
        }
        table.pause(key, until: moment, at: now)
    }

    /// Whether everything is paused.
    public func isResting(at now: Int64) -> Bool { now < restsUntil }

    /// nil where it may not begin after all: it leaves.
    private mutating func begin(_ slot: Int, at now: Int64) -> Decision? {
        let keys = slots[slot].keys
        if keys.contains(where: { table.isSpent($0) }) {
            dismiss(slot, at: now) { .exhausted($0) }
            return nil
        }
        if let paused = keys.map({ table[$0].pausedUntil }).max(), paused > now {
            dismiss(slot, at: now) { .putBack($0, until: paused) }
            return nil
        }
        guard let work = slots[slot].work else { return nil }
        slots[slot].work = nil
        slots[slot].begunAt = now
        waiting -= 1
        inFlight += 1
        for id in keys {
            table[id].used += 1
            if let bucket = table.rule(id).bucket {
                table[id].full = bucket.afterBeginning(at: now, full: table[id].full)
            }
        }
        openGates(of: keys, at: now)
        return .begin(work, Ticket(slot: slot))
    }
}
