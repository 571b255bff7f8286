// SPDX-License-Identifier: Apache-2.0

/// Reads the presentation language of TLS (RFC 8446 §3) from the front of some octets; nil where they end early.
struct WireCursor {
    private(set) var rest: ArraySlice<UInt8>

    init(_ octets: ArraySlice<UInt8>) {
        rest = octets
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func octets(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// A number of one to four octets.
    mutating func number(_ octetCount: Int) -> Int? {
        octets(octetCount).map { $0.reduce(0) { $0 << 8 | Int($1) } }
    }

    mutating func uint8() -> UInt8? {
        rest.popFirst()
    }

    mutating func uint16() -> UInt16? {
        number(2).map { UInt16(truncatingIfNeeded: $0) }
    }

    /// A vector with its length before it.
    mutating func vector(lengthOctets: Int) -> ArraySlice<UInt8>? {
        let before = rest
        guard let count = number(lengthOctets), let vector = octets(count) else {
            rest = before
            return nil
        }
        return vector
    }
}
