// SPDX-License-Identifier: Apache-2.0

/// Terms of an SPF record (RFC 7208 §4.6.1) that break the grammar though what they mean is clear.
///
///     ipv4:192.0.2.1    ip4: 192.0.2.1    ip4:2001:db8::1    ip4:192.0.2.1;ip4:192.0.2.2    –all    -all;
///
/// Who leaves such a term out has its senders refused, or loses the end of the record.
enum SPFSpelling {
    /// The terms, each that is wrong and clear as what it means.
    static func mended(_ terms: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        var mended: [ArraySlice<UInt8>] = []
        var rest = terms[...]
        while let term = rest.popFirst() {
            if isSound(term) {
                mended.append(term)
            } else if term.last == UInt8(ascii: ":"), let next = rest.first, !isSound(next),
                let one = meant(term + next)
            {
                // A blank behind the colon.
                mended += one
                rest.removeFirst()
            } else {
                mended += meant(term) ?? [term]
            }
        }
        return mended
    }

    private static func isSound(_ term: ArraySlice<UInt8>) -> Bool {
        var record = SPFRecord()
        return record.read(term)
    }

    /// What stands between separators that other records have; nil where a part of it is not clear.
    private static func meant(_ term: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
        let parts = term.split { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ",") }
        let terms = parts.compactMap { part in
            [part, network(part), end(part)].compactMap(\.self).first(where: isSound)
        }
        return terms.isEmpty || terms.count < parts.count ? nil : terms
    }

    /// An address by whatever name, as `ip4` or `ip6`, which its form decides.
    private static func network(_ part: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let qualifier = part.prefix { "+-~?".utf8.contains($0) }
        let rest = part.dropFirst(qualifier.count)
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")),
            ["ip4", "ip6", "ipv4", "ipv6"].contains(where: rest[..<colon].equalsIgnoringCase)
        else { return nil }
        return ["ip4:", "ip6:"].map { qualifier + Array($0.utf8) + rest[(colon + 1)...] }.first(where: isSound)
    }

    /// `all` behind what looks like a hyphen (U+2010 to U+2015, U+2212), or before a full stop.
    private static func end(_ part: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let isPoint = part.last == UInt8(ascii: ".")
        let all = (isPoint ? part.dropLast() : part).suffix(3)
        guard all.equalsIgnoringCase("all") else { return nil }
        let before = part[..<all.startIndex].text
        let isDash =
            before.unicodeScalars.count == 1
            && before.unicodeScalars.allSatisfy { scalar in
                (0x2010...0x2015).contains(scalar.value) || scalar.value == 0x2212
            }
        return Array((isDash ? "-" : before).utf8) + all
    }
}
