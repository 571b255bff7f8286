// SPDX-License-Identifier: Apache-2.0

import Observations

/// A `macro-string` (RFC 7208 §7.1), parsed once.
///
///     macro-expand  = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
///     transformers  = *DIGIT [ "r" ]
///     macro-literal = %x21-24 / %x26-7E
struct SPFMacroString: Hashable, Sendable {
    /// A piece of it.
    enum Part: Hashable, Sendable {
        /// Characters that stand for themselves.
        case literal([UInt8])
        /// `%%`, `%_` or `%-`, as what they stand for.
        case escape([UInt8])
        /// `%{…}`: the letter in lower case, how many labels from the right (0: all), reversed or not, split at what.
        case macro(letter: UInt8, labels: Int, isReversed: Bool, delimiters: [UInt8])
    }

    private(set) var parts: [Part] = []

    /// The letters that names are built of: `c`, `r` and `t` are for explanations alone (§7.2).
    static let nameLetters = "slodiphv"
    /// All that the grammar has. What a modifier that nobody knows (§6) means by them is no matter of this standard.
    static let allLetters = nameLetters + "crt"

    /// Reads the text; nil where it breaks the grammar.
    init?(_ octets: ArraySlice<UInt8>, letters: String = nameLetters) {
        var rest = octets
        var literal: [UInt8] = []
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                guard (0x21...0x7E).contains(octet) else { return nil }
                literal.append(octet)
                continue
            }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
            switch rest.popFirst() {
            case UInt8(ascii: "%"): parts.append(.escape(Array("%".utf8)))
            case UInt8(ascii: "_"): parts.append(.escape(Array(" ".utf8)))
            case UInt8(ascii: "-"): parts.append(.escape(Array("%20".utf8)))
            case UInt8(ascii: "{"):
                guard let macro = Self.macro(&rest, letters) else { return nil }
                parts.append(macro)
            default: return nil
            }
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
    }

    private static func macro(_ rest: inout ArraySlice<UInt8>, _ letters: String) -> Part? {
        guard let letter = rest.popFirst(), letters.utf8.contains(letter.lowered) else { return nil }
        let digits = rest.prefix { $0.isDigit }
        rest = rest.dropFirst(digits.count)
        // DIGIT of any length is grammar; a number that nobody has labels for means all of them. Zero is an error (§7.3).
        let labels = digits.isEmpty ? 0 : Int(digits.text) ?? .max
        guard digits.isEmpty || labels > 0 else { return nil }
        let isReversed = rest.first?.lowered == UInt8(ascii: "r")
        if isReversed { rest.removeFirst() }
        let delimiters = rest.prefix { ".-+,/_=".utf8.contains($0) }
        rest = rest.dropFirst(delimiters.count)
        guard rest.popFirst() == UInt8(ascii: "}") else { return nil }
        return .macro(
            letter: letter.lowered, labels: labels, isReversed: isReversed,
            delimiters: delimiters.isEmpty ? [UInt8(ascii: ".")] : Array(delimiters))
    }

    /// The text with `%{d}` and `%{o}` put in; nil where a sender is needed.
    func expanded(domain: DomainName, origin: DomainName) -> [UInt8]? {
        var text: [UInt8] = []
        for part in parts {
            switch part {
            case .literal(let octets), .escape(let octets): text += octets
            case .macro(let letter, let labels, let isReversed, let delimiters):
                let name: DomainName
                switch letter {
                case UInt8(ascii: "d"): name = domain
                case UInt8(ascii: "o"): name = origin
                default: return nil
                }
                var pieces = Array(name.description.utf8)
                    .split(omittingEmptySubsequences: false) { delimiters.contains($0) }
                if isReversed { pieces.reverse() }
                if labels > 0 { pieces = pieces.suffix(labels) }
                text += pieces.joined(separator: [UInt8(ascii: ".")])
            }
        }
        return text
    }
}
