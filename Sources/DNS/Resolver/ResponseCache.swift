// SPDX-License-Identifier: Apache-2.0

/// Values by question, each until its time, all of them within a number of bytes; what was not asked for longest goes
/// first. Every operation takes constant time: the order of use is a ring of links through one array.
struct ResponseCache<Value> {
    private struct Slot {
        var question: Question
        var value: Value
        var cost: Int
        var expires: Int64
        /// Failures in a row, this one included; 0 for an answer.
        var failures: Int
        var older: Int
        var newer: Int
    }

    private var slots: [Slot?] = []
    private var places: [Question: Int] = [:]
    private var free: [Int] = []
    private var oldest = -1
    private var newest = -1
    private let capacity: Int
    /// Bytes in use, by the costs given.
    private(set) var bytes = 0

    /// A slot, its place in the dictionary and the question in both.
    private static var overhead: Int { 250 }

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { places.count }

    /// The value, if its time is not over.
    mutating func value(for question: Question, at now: Int64) -> (value: Value, millisecondsLeft: Int64)? {
        guard let place = places[question], let slot = slots[place], now < slot.expires else { return nil }
        touch(place)
        return (slot.value, slot.expires - now)
    }

    /// How many failures in a row the question has had, one that is over included.
    func failures(of question: Question) -> Int {
        places[question].flatMap { slots[$0]?.failures } ?? 0
    }

    /// Keeps a value until `expires`, in the place of an older one.
    mutating func insert(_ value: Value, for question: Question, cost: Int, expires: Int64, failures: Int = 0) {
        remove(question)
        let cost = cost + Self.overhead
        guard cost <= capacity else { return }
        while bytes + cost > capacity, oldest >= 0, let slot = slots[oldest] { remove(slot.question) }
        let place = free.popLast() ?? slots.count
        if place == slots.count { slots.append(nil) }
        slots[place] = Slot(
            question: question, value: value, cost: cost, expires: expires, failures: failures, older: -1, newer: -1)
        places[question] = place
        bytes += cost
        link(place)
    }

    mutating func remove(_ question: Question) {
        guard let place = places.removeValue(forKey: question), let slot = slots[place] else { return }
        unlink(place)
        slots[place] = nil
        free.append(place)
        bytes -= slot.cost
    }

    private mutating func touch(_ place: Int) {
        guard place != newest else { return }
        unlink(place)
        link(place)
    }

    private mutating func link(_ place: Int) {
        slots[place]?.older = newest
        slots[place]?.newer = -1
        if newest >= 0 { slots[newest]?.newer = place }
        newest = place
        if oldest < 0 { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        guard let slot = slots[place] else { return }
        if slot.older >= 0 { slots[slot.older]?.newer = slot.newer } else { oldest = slot.newer }
        if slot.newer >= 0 { slots[slot.newer]?.older = slot.older } else { newest = slot.older }
    }
}
