// SPDX-License-Identifier: Apache-2.0

import Observations

/// A bounded map whose entries expire. Two generations: when the young one is full it becomes the old one and the old one
/// is dropped; what is used in between moves over and stays.
struct GenerationCache<Key: Hashable, Value> {
    private typealias Entry = (value: Value, expires: Timestamp)
    private var young: [Key: Entry] = [:]
    private var old: [Key: Entry] = [:]
    private let capacity: Int

    /// At most `capacity` entries in each generation.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { young.count + old.count }

    mutating func value(for key: Key, at now: Timestamp) -> (value: Value, expires: Timestamp)? {
        if let entry = young[key] { return now < entry.expires ? entry : nil }
        guard let entry = old.removeValue(forKey: key), now < entry.expires else { return nil }
        insert(entry.value, for: key, expires: entry.expires)
        return entry
    }

    mutating func insert(_ value: Value, for key: Key, expires: Timestamp) {
        if young.count >= capacity, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = (value, expires)
    }
}
