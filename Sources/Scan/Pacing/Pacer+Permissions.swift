// SPDX-License-Identifier: Apache-2.0

/// How a piece of work collects its permissions, and gives them back.
extension Pacer {
    /// Lets each go as far as it can; who frees something on the way lets the next in line go on, too.
    mutating func advance(_ starting: [Int], at now: Int64) {
        var agenda = starting
        while let slot = agenda.popLast() {
            moves += 1
            let stage = slots[slot].stage
            guard stage < 2 * slots[slot].keys.count else {
                ready.append(slot)
                continue
            }
            let id = slots[slot].keys[stage / 2]
            guard !table.isSpent(id) else {
                agenda += dismissed(slot, at: now) { .exhausted($0) }
                continue
            }
            let mayGoOn = stage.isMultiple(of: 2) ? takePlace(id, slot) : takeGate(id, slot, at: now)
            switch mayGoOn {
            case .granted:
                slots[slot].stage += 1
                agenda.append(slot)
            case .inLine: break
            case .refused(let until): agenda += dismissed(slot, at: now) { .putBack($0, until: until) }
            }
        }
    }

    private enum Permission {
        case granted, inLine
        case refused(until: Int64)
    }

    private mutating func takePlace(_ id: Int, _ slot: Int) -> Permission {
        if table[id].active < table.rule(id).places {
            table[id].active += 1
            return .granted
        }
        table[id].placeLine.append(slot)
        return .inLine
    }

    private mutating func takeGate(_ id: Int, _ slot: Int, at now: Int64) -> Permission {
        let paused = table[id].pausedUntil
        guard let bucket = table.rule(id).bucket else { return paused > now ? .refused(until: paused) : .granted }
        if table[id].gateIsTaken {
            table[id].gateLine.append(slot)
            return .inLine
        }
        let opens = max(bucket.opens(full: table[id].full), paused)
        guard opens - now <= longestWait else { return .refused(until: opens) }
        table[id].gateIsTaken = true
        guard opens > now else { return .granted }
        atGates.insert(slot, at: opens)
        return .inLine
    }
}

extension Pacer {
    /// When to come again, where enough waits for one of the keys: behind that, and behind those who were told to come
    /// again before. Nil where there is room.
    mutating func turnInCrowd(_ keys: [PaceKey], at now: Int64) -> Int64? {
        var turn: Int64?
        for key in keys where key.scope != .global {
            guard let id = table.known(key), table[id].references >= table.rule(id).crowd else { continue }
            turn = max(turn ?? 0, table.promise(id, at: now))
        }
        return turn
    }

    /// A piece of work leaves without having begun.
    mutating func dismiss(_ slot: Int, at now: Int64, as decision: (Work) -> Decision) {
        advance(dismissed(slot, at: now, as: decision), at: now)
    }

    /// The same; who may go on instead is left to the caller.
    private mutating func dismissed(_ slot: Int, at now: Int64, as decision: (Work) -> Decision) -> [Int] {
        guard let work = slots[slot].work else { return [] }
        leaving.append(decision(work))
        waiting -= 1
        return giveBack(slot, at: now)
    }

    /// A piece of work that has begun is done.
    mutating func leave(_ slot: Int, at now: Int64) {
        advance(giveBack(slot, at: now), at: now)
    }

    /// Frees what the slot holds and then the slot; who stands first in each line goes on.
    private mutating func giveBack(_ slot: Int, at now: Int64) -> [Int] {
        let leaver = slots[slot]
        var next: [Int] = []
        for stage in 0..<leaver.stage {
            let id = leaver.keys[stage / 2]
            if stage.isMultiple(of: 2) {
                table[id].active -= 1
                guard let first = table[id].placeLine.popFirst() else { continue }
                table[id].active += 1
                slots[first].stage += 1
                next.append(first)
            } else if !leaver.hasBegun {
                next += openGate(id)
            }
        }
        for id in leaver.keys { table.release(id, at: now) }
        slots[slot] = Slot(work: nil, keys: [])
        freeSlots.append(slot)
        return next
    }

    /// The gates of work that begins are free for the next in line.
    mutating func openGates(of keys: [Int], at now: Int64) {
        advance(keys.flatMap { openGate($0) }, at: now)
    }

    private mutating func openGate(_ id: Int) -> [Int] {
        guard table.rule(id).bucket != nil else { return [] }
        table[id].gateIsTaken = false
        return table[id].gateLine.popFirst().map { [$0] } ?? []
    }
}
