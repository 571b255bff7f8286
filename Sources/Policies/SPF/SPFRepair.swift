// SPDX-License-Identifier: Apache-2.0

import Observations

/// An SPF record (RFC 7208) without what is wrong with it, or several records as one. Where that does not mend it, a person
/// has to decide.
public struct SPFRepair: Hashable, Sendable {
    /// The record; nil where what is left would say nothing, would name nobody who may send, or be wrong again.
    public let record: String?
    /// The terms that are left out, as published.
    public let removed: [String]

    /// Leaves out every term that breaks the grammar, but for those that are clear. Of a `redirect` or `exp` that appears
    /// twice the first stays.
    public init(withoutBrokenTermsOf published: [UInt8]) {
        var record = SPFRecord()
        var kept: [String] = []
        var removed: [String] = []
        let terms = SPFSpelling.mended(SPFRecord.terms(of: published))
        let last = terms.last.map { PolicyText($0).text }
        for term in terms {
            if record.read(term) { kept.append(term.text) } else { removed.append(PolicyText(term).text) }
        }
        let refuses = record.all.map { [.fail, .softfail].contains($0.qualifier) } ?? (record.redirect != nil)
        // Whoever was meant by what is wrong would be refused.
        let isLoss = refuses && removed.contains { Self.name(of: $0) == nil && !Self.isEnd($0) }
        // What is wrong where the end should be was meant to be one.
        let isOpen = record.all == nil && record.redirect == nil
        let lost = isOpen && removed.contains { $0 == last || Self.isEnd($0) || Self.name(of: $0) == "redirect" }
        self.record = isLoss || lost ? nil : Self.remaining(kept, of: removed)
        self.removed = removed
    }

    /// Leaves out a term, as often as it is there.
    public init(_ published: [UInt8], without term: String) {
        let terms = SPFRecord.terms(of: published).map(\.text)
        let wrong = Self.unqualified(term)
        let kept = terms.filter { Self.unqualified($0) != wrong }
        removed = terms.filter { Self.unqualified($0) == wrong }
        record = removed.isEmpty ? nil : Self.remaining(kept, of: removed)
    }

    /// Joins records of which each is sound by itself.
    ///
    /// What stands behind `all`, a `redirect` too, never counted (§5.1, §6.1) and is left out. Of several `all` the mildest
    /// stays, since it loses nobody's mail; `+all`, which lets everybody send, becomes `~all`.
    public init(joining published: [[UInt8]]) {
        let records = published.filter { !SPFRecord.select([$0]).isEmpty }.compactMap { try? SPFRecord($0) }
        let modifiers = published.flatMap(SPFRecord.terms).map(\.text)
            .filter { ![nil, "redirect"].contains(Self.name(of: $0)) }.firstOfEach { Self.name(of: $0) }
        let followsNobody = records.allSatisfy { $0.all != nil || $0.redirect == nil }
        record =
            records.count == published.count && followsNobody ? Self.valid(Self.joined(records) + modifiers) : nil
        removed = []
    }

    /// The directives of all, and one end.
    private static func joined(_ records: [SPFRecord]) -> [String] {
        let ends = records.compactMap { $0.all?.qualifier }.map { $0 == .pass ? .softfail : $0 }
        let terms = records.flatMap { $0.directives.prefix { $0.mechanism != .all }.map(\.text) }
        let end = [SPFAll.neutral, .softfail, .fail].first(where: ends.contains).map { [$0.rawValue + "all"] } ?? []
        return terms.firstOfEach(by: \.self) + end
    }

    /// The name of a modifier in lower case; nil for a directive.
    private static func name(of term: String) -> String? {
        let name = term.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
        return term.dropFirst(name.count).first == "=" ? name.lowercased() : nil
    }

    /// A term to compare: letters in one case, the qualifier left out.
    private static func unqualified(_ term: String) -> String {
        let term = term.lowercased()
        return term.first.flatMap { SPFAll(rawValue: String($0)) } == nil ? term : String(term.dropFirst())
    }

    /// Whether a term is an `all`, whatever is behind it.
    private static func isEnd(_ term: String) -> Bool {
        unqualified(term).prefix { $0.isLetter || $0.isNumber } == "all"
    }

    /// The record of what is left of another one. If nobody is named any more who may send, it is none: whoever was meant by
    /// what was wrong would be refused.
    private static func remaining(_ kept: [String], of removed: [String]) -> String? {
        let names = { (term: String) in name(of: term).map { $0 == "redirect" } ?? (unqualified(term) != "all") }
        return kept.contains(where: names) || !removed.contains(where: names) ? valid(kept) : nil
    }

    /// The record of these terms, if it is one, says something, and asks no more than a receiver would. A receiver ends at
    /// the first error, and so does the walk: what an `include` or a `redirect` leads to, and costs, is not known of a
    /// record that is wrong, so that none of them may be left.
    private static func valid(_ terms: [String]) -> String? {
        let text = (["v=spf1"] + terms).joined(separator: " ")
        guard let record = try? SPFRecord(Array(text.utf8)), !record.directives.isEmpty,
            record.all != nil || record.redirect == nil
        else { return nil }
        let counting = record.directives.prefix { $0.mechanism != .all }.map(\.mechanism)
        let isKnown = counting.allSatisfy { if case .include = $0 { false } else { true } }
        return isKnown && counting.count(where: \.asksDNS) <= SPFEvaluation.lookupLimit ? text : nil
    }
}
