// SPDX-License-Identifier: Apache-2.0

import Observations

/// Opt-out gaps that were verified (RFC 8198 §5.2, with the caution of its §5.4 that they say nothing more than "no signed
/// delegation"): most domains of a TLD are unsigned, and one gap holds many of them, so that later ones need neither a
/// question nor a signature.
///
/// Bounded in all: when there is no room for another gap, all are forgotten, and what is needed is soon there again.
struct OptOutRanges {
    private var zones: [DomainName: ZoneRanges] = [:]
    private(set) var count = 0
    private let capacity: Int
    private let zoneCapacity: Int

    /// At most `capacity` gaps, and of one zone no more than `zoneCapacity`.
    init(capacity: Int, zoneCapacity: Int) {
        self.capacity = capacity
        self.zoneCapacity = zoneCapacity
    }

    mutating func insert(_ entry: NSEC3Proof.Entry, of zone: DomainName, at now: Timestamp) {
        guard entry.record.optOut else { return }
        if count >= capacity {
            zones = [:]
            count = 0
        }
        var ranges = zones.removeValue(forKey: zone) ?? ZoneRanges(like: entry.record)
        count -= ranges.count
        if !ranges.isLike(entry.record) || ranges.count >= zoneCapacity { ranges = ZoneRanges(like: entry.record) }
        ranges.insert(entry.gap, expires: now.adding(seconds: Int64(min(entry.ttl, 86_400))))
        count += ranges.count
        zones[zone] = ranges
    }

    /// Seconds for which it is known that a name directly below a zone has no DS; nil where it is not known.
    func holds(
        _ name: DomainName, below zone: DomainName, at now: Timestamp, _ hashes: inout NSEC3Hashes
    ) throws(Interruption) -> UInt32? {
        guard let ranges = zones[zone] else { return nil }
        let hash = try hashes.hash(name, iterations: ranges.iterations, salt: ranges.salt)
        guard let end = ranges.end(of: hash), now < end else { return nil }
        return UInt32(end.seconds - now.seconds)
    }
}

/// The gaps of one zone, of one set of parameters alone: a zone that changes them starts anew. Kept in the order of their
/// hashes, so that one search finds the only gap that can hold a name.
private struct ZoneRanges {
    let iterations: Int
    let salt: [UInt8]
    private var ranges: [(gap: NSEC3Gap, expires: Timestamp)] = []

    init(like record: NSEC3) {
        iterations = record.iterations
        salt = record.salt
    }

    var count: Int { ranges.count }

    func isLike(_ record: NSEC3) -> Bool { record.iterations == iterations && record.salt == salt }

    mutating func insert(_ gap: NSEC3Gap, expires: Timestamp) {
        let at = position(of: gap.start)
        if at < ranges.count, ranges[at].gap.start == gap.start {
            ranges[at] = (gap, expires)
        } else {
            ranges.insert((gap, expires), at: at)
        }
    }

    /// Until when the gap that holds a hash is known; nil where none does.
    func end(of hash: NSEC3Hash) -> Timestamp? {
        let at = position(of: hash)
        // The gap begins before the name; what begins with it is the name's own record and says something else.
        guard let last = ranges.last, at == ranges.count || ranges[at].gap.start != hash else { return nil }
        let range = at > 0 ? ranges[at - 1] : last
        return range.gap.holds(hash) ? range.expires : nil
    }

    /// Of the first gap that begins at a hash or behind it.
    private func position(of hash: NSEC3Hash) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].gap.start < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
