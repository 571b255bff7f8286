// SPDX-License-Identifier: Apache-2.0

import Observations

/// A file of trust anchors: DS and DNSKEY records in presentation form (RFC 1035 §5.1, RFC 4034 §§2.2, 5.3), one on a
/// line or in parentheses over several, comments behind semicolons, TTL and class optional.
extension TrustAnchor {
    /// Why a line is not an anchor.
    public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        /// Counted from 1; of a record over several lines the first.
        public let line: Int
        /// What is wrong.
        public let reason: String
        /// `line 3: …`.
        public var description: String { "line \(line): \(reason)" }
    }

    /// Reads a whole file; it must hold at least one anchor.
    public static func parse(_ text: String) throws(ParseError) -> [TrustAnchor] {
        var anchors: [TrustAnchor] = []
        var fields: [String] = []
        var firstLine = 1
        var depth = 0
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            if depth == 0 { firstLine = index + 1 }
            let content = line.prefix { $0 != ";" }
            depth += content.count { $0 == "(" } - content.count { $0 == ")" }
            guard depth >= 0 else {
                throw ParseError(line: index + 1, reason: "a parenthesis closes that never opened")
            }
            fields += content.split { $0.isWhitespace || $0 == "(" || $0 == ")" }.map(String.init)
            if depth == 0, let first = fields.first {
                // `$TTL` and `$ORIGIN` of a zone file say nothing about anchors, whose names are written in full.
                if !first.hasPrefix("$") { anchors.append(try read(fields, line: firstLine)) }
                fields = []
            }
        }
        guard depth == 0 else { throw ParseError(line: firstLine, reason: "a parenthesis is never closed") }
        guard !anchors.isEmpty else { throw ParseError(line: 1, reason: "no DS or DNSKEY record in the file") }
        return anchors
    }

    /// A number of seconds, or of other units as zone files have them: `3600`, `1d12h`.
    private static func isTTL(_ field: String) -> Bool {
        field.first?.isNumber == true && field.allSatisfy { $0.isASCII && ($0.isNumber || "smhdwSMHDW".contains($0)) }
    }

    /// RFC 4034 appendix A.1, and the IANA registry of DNSSEC algorithms.
    private static let mnemonics: [String: UInt16] = [
        "RSASHA1": 5, "RSASHA1-NSEC3-SHA1": 7, "NSEC3RSASHA1": 7, "RSASHA256": 8, "RSASHA512": 10,
        "ECDSAP256SHA256": 13, "ECDSAP384SHA384": 14, "ED25519": 15, "ED448": 16,
    ]

    private static func read(_ fields: [String], line: Int) throws(ParseError) -> TrustAnchor {
        func fail(_ reason: String) -> ParseError { ParseError(line: line, reason: reason) }
        var rest = fields[...]
        let owner = rest.removeFirst()
        guard let zone = try? DomainName(owner) else { throw fail("\"\(owner)\" is not a domain name") }
        while let field = rest.first, isTTL(field) || field.uppercased() == "IN" { rest.removeFirst() }
        let type = rest.popFirst()?.uppercased()
        let numbers = rest.prefix(3).compactMap { UInt16($0) ?? mnemonics[$0.uppercased()] }
        guard numbers.count == 3, let middle = UInt8(exactly: numbers[1]), let last = UInt8(exactly: numbers[2]) else {
            throw fail("expected a DS or DNSKEY record: owner, type, three numbers, data")
        }
        let data = rest.dropFirst(3).joined()
        switch type {
        case "DS":
            guard let digest = PresentationFormat.hexadecimal(data), !digest.isEmpty else {
                throw fail("the digest is not hexadecimal")
            }
            // An unknown type is no mistake: as everywhere, a zone with no other counts as unsigned (RFC 6840 §5.2).
            if let length = Digest(type: last)?.length, digest.count != length {
                throw fail("a digest of type \(last) has \(length) octets, this one \(digest.count)")
            }
            let ds = DS(keyTag: numbers[0], algorithm: middle, digestType: last, digest: digest)
            return TrustAnchor(zone: zone, form: .ds(ds))
        case "DNSKEY":
            guard let key = PresentationFormat.base64(data), !key.isEmpty else { throw fail("the key is not base64") }
            let rdata = [UInt8(numbers[0] >> 8), UInt8(numbers[0] & 0xFF), middle, last] + key
            guard let dnskey = DNSKEY(rdata: rdata), dnskey.isZoneKey else {
                throw fail("not a zone key: flags \(numbers[0]), protocol \(middle)")
            }
            return TrustAnchor(zone: zone, form: .dnskey(dnskey))
        default:
            throw fail("expected DS or DNSKEY, found \(type ?? "nothing")")
        }
    }
}
