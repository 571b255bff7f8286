// SPDX-License-Identifier: Apache-2.0

/// What is known of everybody who is being asked or waited for. Who is left in peace is forgotten as soon as their
/// bucket is full again, so that the table is bounded by what is in flight and by what can begin within the longest
/// spacing, however many keys the scan has.
struct PaceTable: Sendable {
    /// One key with its budget in use.
    struct Entry: Sendable {
        var key: PaceKey
        /// Places taken.
        var active = 0
        /// When the token bucket is full again, microseconds.
        var full: Int64 = 0
        /// Nothing begins before.
        var pausedUntil: Int64 = 0
        /// Beginnings so far in this scan.
        var used = 0
        /// Who holds the gate: begins next, once it opens.
        var gateIsTaken = false
        /// Items in the window or in flight that name this key.
        var references = 0
        /// Microseconds that a place is held, on the average.
        var hold: Int64 = 1_000_000
        /// Until when what was put back has been promised its turn.
        var promised: Int64 = 0
        var isInIdle = false
        var placeLine = WaitingLine()
        var gateLine = WaitingLine()

        /// From when on there is nothing to remember.
        var restsAt: Int64 { max(full, pausedUntil) }
    }

    /// A scope's limit, made ready for counting.
    struct Rule: Sendable {
        let places: Int
        let bucket: TokenBucket?
        let perScan: Int
        /// So much work for one key may wait and be in flight.
        let crowd: Int

        init(_ limit: PaceLimit) {
            places = limit.concurrent.map { max(1, $0) } ?? .max
            bucket = TokenBucket(limit)
            perScan = limit.perScan ?? .max
            // A line that moves as fast as its work is done may be longer than one that moves by the clock.
            let least = bucket == nil ? 256 : 32
            crowd = bucket == nil && limit.concurrent == nil ? .max : least + 4 * (limit.concurrent ?? 0)
        }
    }

    private var index: [PaceKey: Int] = [:]
    private var entries: [Entry] = []
    private var free: [Int] = []
    private var idle = TimeHeap()
    private let rules: [PaceScope: Rule]
    /// So many of the beginnings of a whole scan are kept for later.
    var reserved: [PaceScope: Int] = [:]
    private static let unlimited = Rule(PaceLimit())

    init(_ pace: Pace) {
        rules = pace.limits.mapValues(Rule.init)
    }

    /// Keys that are remembered now.
    var count: Int { index.count }

    func rule(_ id: Int) -> Rule { rules[entries[id].key.scope] ?? Self.unlimited }

    /// Whether the key has had all that it may be asked for now. A small budget is halved, not used up, by what is kept.
    func isSpent(_ id: Int) -> Bool {
        let most = rule(id).perScan
        return entries[id].used >= most - min(reserved[entries[id].key.scope] ?? 0, most / 2)
    }

    subscript(id: Int) -> Entry {
        get { entries[id] }
        _modify { yield &entries[id] }
    }

    /// The key's number while it is remembered, with one more reference to it.
    mutating func retain(_ key: PaceKey) -> Int {
        let id = number(of: key)
        entries[id].references += 1
        return id
    }

    /// One reference fewer.
    mutating func release(_ id: Int, at now: Int64) {
        entries[id].references -= 1
        rest(id, at: now)
    }

    /// Nothing begins for the key before `moment`.
    mutating func pause(_ key: PaceKey, until moment: Int64, at now: Int64) {
        let id = number(of: key)
        entries[id].pausedUntil = max(entries[id].pausedUntil, moment)
        rest(id, at: now)
    }

    /// The key's number, if it is remembered.
    func known(_ key: PaceKey) -> Int? { index[key] }

    /// When work is to come again for which there is no room now: one after the other, at the rate at which the key's
    /// work gets done.
    mutating func promise(_ id: Int, at now: Int64) -> Int64 {
        let rule = rule(id)
        let each = max(rule.bucket?.interval ?? 0, rule.places == .max ? 0 : entries[id].hold / Int64(rule.places))
        let turn = max(entries[id].promised, now + Int64(entries[id].references) * each) + each
        entries[id].promised = turn
        return max(turn, now + 1_000_000)
    }

    /// Forgets who has been left in peace for long enough.
    mutating func sweep(at now: Int64) {
        while let id = idle.pop(dueAt: now) {
            entries[id].isInIdle = false
            rest(id, at: now)
        }
    }

    private mutating func number(of key: PaceKey) -> Int {
        if let id = index[key] { return id }
        let id: Int
        if let old = free.popLast() {
            entries[old] = Entry(key: key)
            id = old
        } else {
            id = entries.count
            entries.append(Entry(key: key))
        }
        index[key] = id
        return id
    }

    private mutating func rest(_ id: Int, at now: Int64) {
        guard entries[id].references == 0, !entries[id].isInIdle else { return }
        if entries[id].restsAt <= now {
            index[entries[id].key] = nil
            free.append(id)
        } else {
            entries[id].isInIdle = true
            idle.insert(id, at: entries[id].restsAt)
        }
    }
}
