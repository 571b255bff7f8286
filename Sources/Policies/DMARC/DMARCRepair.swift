// SPDX-License-Identifier: Apache-2.0

import Observations

/// The DMARC record (RFC 9989 §4.7) that broken ones should have been: every sound tag as it was published, in a list that
/// follows the grammar.
///
/// * A policy that is none, or is missing, becomes `none`, which loses nobody's mail until its owner says better. So, of a tag
///   that appears twice, and of several records, the milder policy stays.
/// * An `sp` or `np` that is none is left out: `none` would take from subdomains the policy that they have without it.
/// * Report addresses are kept, those of several records as well. Other tags that are wrong are left out, as receivers do.
public struct DMARCRepair: Hashable, Sendable {
    /// The record; nil where none comes of it that would be valid.
    public let record: String?

    /// Takes what was published at `_dmarc`.
    public init(_ published: [[UInt8]]) {
        let lists = published.map { SoundFields(of: $0, names: Self.names, mend: Self.mend).fields }
        let mildest = lists.indices.min { Self.policy(of: lists[$0]) < Self.policy(of: lists[$1]) }
        var tags = mildest.map { Self.united(lists[$0]) } ?? []
        for (index, list) in lists.enumerated() where index != mildest {
            tags = Self.united(tags + list.filter { Self.addresses.contains($0.name) })
        }
        let policy = tags.first { $0.name == "p" } ?? SoundFields.Field(name: "p", value: "none")
        // RFC 7489 §6.3 wants `p` first, RFC 9989 does not mind.
        let list = ["v=DMARC1", policy.text] + tags.filter { $0.name != "p" }.map(\.text)
        let text = list.joined(separator: "; ")
        record = Self.isValid(text) ? text : nil
    }

    private static let names = ["p", "sp", "np", "t", "psd", "adkim", "aspf", "fo", "rua", "ruf", "pct", "rf", "ri"]
    private static let policies: Set = ["p", "sp", "np"]
    private static let addresses: Set = ["rua", "ruf"]

    /// Whether a record is valid to receivers of either standard.
    private static func isValid(_ text: String) -> Bool {
        let octets = Array(text.utf8)
        return !DMARCRecord.select([octets]).isEmpty
            && DMARCRuleSet.allCases.allSatisfy { DMARCRecord(octets, rules: $0).outcome == .valid }
    }

    private static func mend(_ name: String, _ value: ArraySlice<UInt8>) -> SoundFields.Field? {
        let tag = SoundFields.Field(name: name.lowercased(), value: value.text)
        guard !isValid("v=DMARC1; " + (tag.name == "p" ? "" : "p=none; ") + tag.text) else { return tag }
        if tag.name == "p" { return SoundFields.Field(name: tag.name, value: "none") }
        let uris = addresses.contains(tag.name) ? ReportURIList.mended(value, allowsSize: true) : []
        return uris.isEmpty ? nil : SoundFields.Field(name: tag.name, value: uris.joined(separator: ","))
    }

    /// How severe a list's policy is, beginning with none at all.
    private static func policy(of tags: [SoundFields.Field]) -> Int {
        tags.filter { $0.name == "p" }.map(severity).min() ?? 0
    }

    private static func severity(_ tag: SoundFields.Field) -> Int {
        DMARCPolicy(rawValue: tag.value.lowercased()).flatMap(DMARCPolicy.allCases.firstIndex) ?? 0
    }

    /// Each tag once.
    private static func united(_ tags: [SoundFields.Field]) -> [SoundFields.Field] {
        tags.firstOfEach(by: \.name).map { first in
            let same = tags.filter { $0.name == first.name }
            if policies.contains(first.name) { return same.min { severity($0) < severity($1) } ?? first }
            guard addresses.contains(first.name), same.count > 1 else { return first }
            let uris = same.flatMap { $0.value.split(separator: ",").map { Array($0.utf8)[...].trimmingBlanks.text } }
            return SoundFields.Field(
                name: first.name, value: uris.firstOfEach(by: \.self).joined(separator: ","))
        }
    }
}
