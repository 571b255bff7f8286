// SPDX-License-Identifier: Apache-2.0

import Observations

/// URIs of report addresses (RFC 3986, RFC 6068), separated by commas, which are therefore written `%2C` inside of one;
/// so are semicolons and exclamation marks (RFC 8460 §3, RFC 9989 §4.8).
struct ReportURIList {
    /// The URIs that are some, in their order.
    private(set) var uris: [ReportURI] = []
    /// Whether a part is no URI, or one of `mailto:` or `https:` that leads nowhere.
    private(set) var hasFault = false
    /// Whether a part is no URI, or has something behind it that may not be there.
    private(set) var breaksGrammar = false

    /// Reads a value; `allowsSize` where RFC 7489 §6.4 puts a size behind the URI: `!10m`.
    init(_ value: ArraySlice<UInt8>, allowsSize: Bool = false) {
        for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            var text = part.trimmingBlanks
            if let mark = text.firstIndex(of: UInt8(ascii: "!")) {
                guard allowsSize, Self.isSize(text[(mark + 1)...]) else {
                    (hasFault, breaksGrammar) = (true, true)
                    continue
                }
                text = text[..<mark]
            }
            guard let uri = Self.uri(text) else {
                hasFault = true
                breaksGrammar = breaksGrammar || !Self.isURI(text)
                continue
            }
            uris.append(uri)
        }
    }

    /// The URIs of a value that has faults, as published: those that are some, without a size that is none, and mailboxes
    /// that lack nothing but `mailto:`. No URI has blanks or angle brackets in it, so they separate and enclose.
    static func mended(_ value: ArraySlice<UInt8>, allowsSize: Bool = false) -> [String] {
        value.split { $0 == UInt8(ascii: ",") || $0.isBlank }.compactMap { part in
            let text = part.filter { !"<>".utf8.contains($0) }
            let plain = Array(text.prefix { $0 != UInt8(ascii: "!") })
            let isAddress = !plain.contains { ":/".utf8.contains($0) }
            let readings = [text, plain] + (isAddress ? [Array("mailto:".utf8) + plain] : [])
            return readings.first { !ReportURIList($0[...], allowsSize: allowsSize).hasFault }.map { $0[...].text }
        }
    }

    /// `1*DIGIT [ "k" / "m" / "g" / "t" ]`, of a number that fits in 64 bits.
    private static func isSize(_ text: ArraySlice<UInt8>) -> Bool {
        let digits = text.prefix { $0.isDigit }
        let unit = text.dropFirst(digits.count)
        return UInt64(digits.text) != nil && unit.count <= 1 && unit.allSatisfy { "kmgt".utf8.contains($0.lowered) }
    }

    private static func uri(_ text: ArraySlice<UInt8>) -> ReportURI? {
        guard isURI(text), let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let rest = text[(colon + 1)...]
        if text[..<colon].equalsIgnoringCase("mailto") {
            let address = rest.prefix { $0 != UInt8(ascii: "?") }
            guard let at = address.lastIndex(of: UInt8(ascii: "@")), at > address.startIndex,
                let domain = try? DomainName(address[(at + 1)...].text), domain.hasHostNameSyntax
            else { return nil }
            return ReportURI(kind: .mailto, text: text.text, host: domain)
        }
        guard text[..<colon].equalsIgnoringCase("https") else {
            return ReportURI(kind: .other, text: text.text, host: nil)
        }
        guard rest.starts(with: "//".utf8) else { return nil }
        let authority = rest.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
        let host = authority.prefix { $0 != UInt8(ascii: ":") }
        guard !host.isEmpty else { return nil }
        let name = try? DomainName(host.text)
        return ReportURI(kind: .https, text: text.text, host: name?.hasHostNameSyntax == true ? name : nil)
    }

    /// A scheme, a colon, and something, all of characters that a URI can have (RFC 3986 §2, §3.1), one `#` at most.
    private static func isURI(_ text: ArraySlice<UInt8>) -> Bool {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon + 1 < text.endIndex,
            let first = text.first, first.isLetter,
            text[..<colon].allSatisfy({ $0.isLetter || $0.isDigit || "+-.".utf8.contains($0) })
        else { return false }
        var at = colon + 1
        var fragments = 0
        while at < text.endIndex {
            switch text[at] {
            case UInt8(ascii: "%"):
                let digits = text[(at + 1)...].prefix(2)
                guard digits.count == 2, digits.allSatisfy({ $0.isDigit || (0x61...0x66).contains($0.lowered) }) else {
                    return false
                }
                at += 2
            case UInt8(ascii: "#"): fragments += 1
            case let octet:
                guard octet.isLetter || octet.isDigit || "-._~:/?[]@!$&'()*+,;=".utf8.contains(octet) else {
                    return false
                }
            }
            at += 1
        }
        return fragments <= 1
    }
}
