// SPDX-License-Identifier: Apache-2.0

/// A hashed owner name of NSEC3 (RFC 5155 §5): the 20 octets of SHA-1 as numbers, so that thousands of them lie side by
/// side in memory and compare as numbers do.
struct NSEC3Hash: Hashable, Comparable {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// Nil unless there are 20 octets.
    init?(_ octets: [UInt8]) {
        guard octets.count == 20 else { return nil }
        high = octets[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        middle = octets[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
        low = octets[16..<20].reduce(0) { $0 << 8 | UInt32($1) }
    }

    static func < (left: NSEC3Hash, right: NSEC3Hash) -> Bool {
        if left.high != right.high { return left.high < right.high }
        if left.middle != right.middle { return left.middle < right.middle }
        return left.low < right.low
    }
}

/// What lies between two hashes, the ends left out; the last gap of a zone leads back to its first hash.
struct NSEC3Gap {
    let start: NSEC3Hash
    let end: NSEC3Hash

    func holds(_ hash: NSEC3Hash) -> Bool {
        start < end ? start < hash && hash < end : (start < hash || hash < end) && hash != start
    }
}
