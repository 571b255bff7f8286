// SPDX-License-Identifier: Apache-2.0

import Observations

/// An SPF record (RFC 7208 §4.5, §4.6.1, §12): `v=spf1 mx include:_spf.example.net -all`
///
/// Terms are separated by spaces: directives, which are mechanisms with a qualifier, and modifiers, which are
/// `name=value`. Names are compared without case. One error anywhere makes the record an error (§4.6).
struct SPFRecord: Hashable, Sendable {
    /// One directive.
    struct Directive: Hashable, Sendable {
        var qualifier: SPFAll
        var mechanism: SPFMechanism
        /// As published.
        var text: String
    }

    /// In their order.
    private(set) var directives: [Directive] = []
    /// `redirect=`.
    private(set) var redirect: SPFDomainSpec?
    /// `exp=`, which is looked up only for a message that is refused, and therefore never here.
    private(set) var explanation: SPFDomainSpec?

    /// The term that breaks the grammar.
    struct SyntaxError: Error, Hashable {
        var term: String
    }

    /// The texts that are records: `v=spf1` and then a space, or nothing (§4.5).
    static func select(_ texts: [[UInt8]]) -> [[UInt8]] {
        texts.filter { $0.beginsIgnoringCase("v=spf1") && ($0.count == 6 || $0[6] == 0x20) }
    }

    /// The terms behind the version of such a text.
    static func terms(of text: [UInt8]) -> [ArraySlice<UInt8>] { text.dropFirst(6).split(separator: 0x20) }

    /// A record without terms.
    init() {}

    /// Reads a text that `select` let pass.
    init(_ text: [UInt8]) throws(SyntaxError) {
        for term in Self.terms(of: text) {
            guard read(term) else { throw SyntaxError(term: PolicyText(term).text) }
        }
    }

    /// Where `all` stands, what comes after it never counts, `redirect` included (§5.1).
    var all: Directive? { directives.first { $0.mechanism == .all } }

    /// Reads one term more; false where it breaks the grammar, and then the record is as it was.
    mutating func read(_ term: ArraySlice<UInt8>) -> Bool {
        let nameEnd = term.firstIndex { !($0.isLetter || $0.isDigit || "-_.".utf8.contains($0)) } ?? term.endIndex
        if nameEnd < term.endIndex, term[nameEnd] == UInt8(ascii: "=") {
            return readModifier(term[..<nameEnd], term[(nameEnd + 1)...])
        }
        let qualifier = SPFAll(rawValue: term.prefix(1).text)
        let rest = qualifier == nil ? term : term.dropFirst()
        guard let mechanism = SPFMechanism(rest) else { return false }
        directives.append(Directive(qualifier: qualifier ?? .pass, mechanism: mechanism, text: term.text))
        return true
    }

    private mutating func readModifier(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool {
        guard name.first?.isLetter == true else { return false }
        if name.equalsIgnoringCase("redirect") {
            guard redirect == nil, let spec = SPFDomainSpec(value) else { return false }
            redirect = spec
        } else if name.equalsIgnoringCase("exp") {
            guard explanation == nil, let spec = SPFDomainSpec(value) else { return false }
            explanation = spec
        } else {
            return SPFMacroString(value, letters: SPFMacroString.allLetters) != nil
        }
        return true
    }
}
