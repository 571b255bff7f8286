// SPDX-License-Identifier: Apache-2.0

import Observations

/// A DMARC record (RFC 9989 §4.7 and §4.8, RFC 7489 §6.3 and §6.4): `v=DMARC1; p=reject; rua=mailto:dmarc@example.com`
///
/// * `v=DMARC1` comes first, in this case; what begins otherwise is no record and is discarded.
/// * Tags are `name=value` with white space wherever one likes, names without case, each at most once: a list with a
///   name twice is invalid as a whole (RFC 6376 §3.2, whose syntax this is).
/// * Unknown tags are ignored. What is wrong behind the version is discarded in favour of the default, so that the record
///   still has a policy: `hasFault` says that there was something.
/// * Without a valid `p`, or with an invalid `sp` or `np`, the record counts as `p=none` if it asks for reports, and as
///   nothing if it does not.
/// * RFC 9989 dropped `pct`, `rf` and `ri`, and the size behind a URI is to be ignored; it added `np`, `psd` and `t`.
struct DMARCRecord: Hashable, Sendable {
    /// Whether the domain is a public suffix (`psd`, RFC 9989 §4.7).
    enum PublicSuffix: String {
        case yes = "y"
        case no = "n"
        case unsaid = "u"
    }

    private(set) var policy: DMARCPolicy?
    private(set) var subdomainPolicy: DMARCPolicy?
    private(set) var nonexistentPolicy: DMARCPolicy?
    /// `t=y`.
    private(set) var isTesting = false
    private(set) var publicSuffix = PublicSuffix.unsaid
    /// `pct`, by the rules of RFC 7489 alone.
    private(set) var percentage = 100
    private(set) var aggregate: [ReportURI] = []
    /// Whether `p` is there, right or wrong.
    private(set) var hasPolicyTag = false
    /// Whether `p`, `sp` or `np` has a value that is no policy.
    private(set) var hasBadPolicy = false
    /// Whether something behind the version breaks the grammar.
    private(set) var hasFault = false
    /// Whether a tag appears twice.
    private(set) var hasDuplicate = false
    /// Whether every part is `name=value`, whatever the values are worth.
    private(set) var isTagList = true

    /// The texts that are records.
    static func select(_ texts: [[UInt8]]) -> [[UInt8]] { texts.filter { versionEnd($0) != nil } }

    /// Whether somebody meant a text to be a record.
    static func isMeant(_ text: [UInt8]) -> Bool { text.containsIgnoringCase("dmarc1") }

    /// Reads a text that `select` let pass.
    init(_ text: [UInt8], rules: DMARCRuleSet) {
        var parts = text[(Self.versionEnd(text) ?? text.endIndex)...]
            .split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(\.trimmingBlanks)
        // Nothing stands between the version and its semicolon, and the one at the end closes the last tag.
        parts.removeFirst()
        if parts.last?.isEmpty == true { parts.removeLast() }
        var names: Set<String> = ["v"]
        for (index, part) in parts.enumerated() {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                (hasFault, isTagList) = (true, false)
                continue
            }
            let name = part[..<equals].trimmingBlanks.map(\.lowered)[...]
            let value = part[(equals + 1)...].trimmingBlanks
            guard Self.isName(name, rules), !value.isEmpty,
                value.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 })
            else {
                (hasFault, isTagList) = (true, false)
                continue
            }
            if !names.insert(name.text).inserted { hasDuplicate = true }
            // RFC 7489 §6.4: of all tags, only `p` has a place, behind the version. RFC 9989 gives it none.
            expect(rules == .rfc9989 || name.text != "p" || index == 0)
            read(name.text, value, rules)
        }
    }

    /// `1*ALPHA` (RFC 9989 §4.8); before that, digits and `_` behind a letter as well (RFC 6376 §3.2).
    private static func isName(_ name: ArraySlice<UInt8>, _ rules: DMARCRuleSet) -> Bool {
        guard name.first?.isLetter == true else { return false }
        let hasMore = rules == .rfc7489
        return name.allSatisfy { $0.isLetter || hasMore && ($0.isDigit || $0 == UInt8(ascii: "_")) }
    }

    private mutating func read(_ name: String, _ value: ArraySlice<UInt8>, _ rules: DMARCRuleSet) {
        let word = value.map(\.lowered)[...].text
        let isNew = rules == .rfc9989
        switch name {
        case "p":
            hasPolicyTag = true
            policy = policy(word)
        case "sp": subdomainPolicy = policy(word)
        case "np" where isNew: nonexistentPolicy = policy(word)
        case "t" where isNew:
            isTesting = word == "y"
            expect(["y", "n"].contains(word))
        case "psd" where isNew:
            publicSuffix = PublicSuffix(rawValue: word) ?? .unsaid
            expect(PublicSuffix(rawValue: word) != nil)
        case "adkim", "aspf": expect(["r", "s"].contains(word))
        case "fo":
            let options = word.split(separator: ":" as Character, omittingEmptySubsequences: false)
                .map { Array($0.utf8)[...].trimmingBlanks.text }
            expect(options.allSatisfy(["0", "1", "d", "s"].contains))
        case "rua":
            let list = ReportURIList(value, allowsSize: true)
            expect(!list.hasFault)
            aggregate = list.uris
        // Nobody here asks where reports on single messages go: that they are URIs is what the grammar wants.
        case "ruf": expect(!ReportURIList(value, allowsSize: true).breaksGrammar)
        case "pct" where !isNew:
            let number = value.allSatisfy(\.isDigit) ? Int(word) : nil
            percentage = number.map { $0 <= 100 ? $0 : 100 } ?? 100
            expect(number.map { $0 <= 100 } ?? false)
        case "ri" where !isNew: expect(value.allSatisfy(\.isDigit) && UInt32(word) != nil)
        default: break
        }
    }

    private mutating func policy(_ word: String) -> DMARCPolicy? {
        let policy = DMARCPolicy(rawValue: word)
        if policy == nil { hasBadPolicy = true }
        return policy
    }

    private mutating func expect(_ isSound: Bool) {
        if !isSound { hasFault = true }
    }

    /// Where `v = DMARC1` and the white space behind it end; nil where the text does not begin so, or goes on with
    /// something other than a semicolon.
    private static func versionEnd(_ text: [UInt8]) -> Int? {
        var rest = text[...]
        guard rest.popFirst()?.lowered == UInt8(ascii: "v") else { return nil }
        rest = rest.drop { $0.isBlank }
        guard rest.popFirst() == UInt8(ascii: "=") else { return nil }
        rest = rest.drop { $0.isBlank }
        guard rest.starts(with: "DMARC1".utf8) else { return nil }
        rest = rest.dropFirst(6).drop { $0.isBlank }
        return rest.isEmpty || rest.first == UInt8(ascii: ";") ? rest.startIndex : nil
    }
}

extension DMARCRecord {
    /// The word for the record alone.
    var outcome: DMARCOutcome {
        if hasDuplicate { return .syntax }
        if hasBadPolicy { return .badPolicy }
        if !hasPolicyTag { return hasFault ? .syntax : .noPolicy }
        return hasFault ? .syntax : .valid
    }

    /// What the record asks receivers to do: at the domain that it stands at, or for one below it, which may not exist.
    /// nil where no DMARC processing follows from it.
    func effective(isOwn: Bool, exists: Bool = true) -> DMARCPolicy? {
        guard !hasDuplicate else { return nil }
        guard let policy, !hasBadPolicy else { return aggregate.isEmpty ? nil : DMARCPolicy.none }
        let below = (exists ? nil : nonexistentPolicy) ?? subdomainPolicy ?? policy
        let asked = isOwn ? policy : below
        return isTesting || percentage == 0 ? asked.milder : asked
    }
}
