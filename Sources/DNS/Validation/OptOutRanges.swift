// SPDX-License-Identifier: Apache-2.0

import Observations

/// Opt-out gaps of a zone that were verified (RFC 8198 §5.2, with the caution of its §5.4 that they say nothing more than
/// "no signed delegation"): most domains of a TLD are unsigned, and one gap holds many of them, so that later ones need
/// neither a question nor a signature.
///
/// Kept in the order of their hashes, so that one search finds the only gap that can hold a name. Gaps of one set of
/// parameters alone: a zone that changes them starts anew.
struct OptOutRanges {
    private struct Range {
        let hash: [UInt8]
        let record: NSEC3
        let expires: Timestamp
    }

    private var ranges: [Range] = []
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { ranges.count }

    mutating func insert(_ entry: NSEC3Proof.Entry, at now: Timestamp) {
        guard entry.record.optOut else { return }
        if let first = ranges.first?.record,
            first.salt != entry.record.salt || first.iterations != entry.record.iterations || ranges.count >= capacity
        {
            ranges.removeAll(keepingCapacity: true)
        }
        let range = Range(
            hash: entry.hash, record: entry.record, expires: now.adding(seconds: Int64(min(entry.ttl, 86_400))))
        let at = position(of: entry.hash)
        if at < ranges.count, ranges[at].hash == entry.hash {
            ranges[at] = range
        } else {
            ranges.insert(range, at: at)
        }
    }

    /// Seconds for which it is known that a name directly below the zone has no DS; nil where it is not known.
    func holds(_ name: DomainName, at now: Timestamp, _ hashes: inout NSEC3Hashes) throws(Interruption) -> UInt32? {
        guard let any = ranges.first else { return nil }
        let hash = try hashes.hash(name, like: any.record)
        let at = position(of: hash)
        // The gap begins before the name; what begins with it is the name's own record and says something else.
        guard at == ranges.count || ranges[at].hash != hash else { return nil }
        let range = ranges[at > 0 ? at - 1 : ranges.count - 1]
        guard now < range.expires, NSEC3Proof.gap(range.hash, range.record.nextHash, holds: hash) else { return nil }
        return UInt32(range.expires.seconds - now.seconds)
    }

    /// Of the first range whose hash is not before this one.
    private func position(of hash: [UInt8]) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].hash.lexicographicallyPrecedes(hash) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
