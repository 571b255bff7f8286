// SPDX-License-Identifier: Apache-2.0

import Observations

/// What stands at `_dmarc` of one domain.
struct DMARCLookup {
    let domain: DomainName
    let status: LookupStatus
    /// The records; where there are none, the texts that were meant to be some.
    let texts: [[UInt8]]
    /// The record, if there is exactly one.
    let record: DMARCRecord?
    /// The word for the domain, if there is no record.
    let outcome: DMARCOutcome

    init(at domain: DomainName, rules: DMARCRuleSet, from source: any PolicySource) async {
        self.domain = domain
        guard let name = try? domain.prepending("_dmarc") else {
            // Too long for `_dmarc` before it: nothing can be published there.
            (status, texts, record, outcome) = (.notReached, [], nil, .absent)
            return
        }
        let answer = await source.answer(to: .texts(name))
        let records = DMARCRecord.select(answer.texts)
        let meant = answer.texts.filter(DMARCRecord.isMeant)
        status = answer.status
        texts = records.isEmpty ? meant : records
        record = records.count == 1 ? records.first.map { DMARCRecord($0, rules: rules) } : nil
        outcome =
            if !answer.status.isAnswered {
                .dnsTempfail
            } else if records.count > 1 {
                .multiple
            } else {
                records.isEmpty && !meant.isEmpty ? .syntax : .absent
            }
    }
}

/// The DNS tree walk (RFC 9989 §4.10): `_dmarc` is asked for at a name and at each name above it, up to the top-level
/// domain. From a name of more than seven labels the walk goes on at the one with seven, so that nobody causes more than
/// eight questions. A record with `psd=y` or `psd=n` ends it. Several records at one name are as good as none.
struct DMARCTreeWalk {
    let source: any PolicySource
    private static let longest = 7

    /// The record that applies to a domain without one of its own (§4.10.1): its organization's, else its public
    /// suffix's. Where an answer does not come, that look-up is the result: what it hides might be the record.
    func policyRecord(above domain: DomainName) async -> DMARCLookup? {
        let found = await walk(above: domain)
        if let failed = found.last, !failed.status.isAnswered { return failed }
        if let explicit = found.first(where: { $0.record?.publicSuffix == .no }) { return explicit }
        let suffix = found.last { $0.record?.publicSuffix == .yes }
        if let suffix {
            let organization = domain.suffix(labels: suffix.domain.labelCount + 1)
            return found.first { $0.domain == organization } ?? suffix
        }
        return found.last
    }

    /// The organizational domain of a name (§4.10.2); nil where an answer did not come.
    func organizationalDomain(of domain: DomainName) async -> DomainName? {
        let own = await DMARCLookup(at: domain, rules: .rfc9989, from: source)
        guard own.status.isAnswered else { return nil }
        if own.record?.publicSuffix == .no { return domain }
        let found = own.record?.publicSuffix == .yes ? [] : await walk(above: domain)
        if let failed = found.last, !failed.status.isAnswered { return nil }
        if let explicit = found.first(where: { $0.record?.publicSuffix == .no }) { return explicit.domain }
        if let suffix = found.last(where: { $0.record?.publicSuffix == .yes }) {
            return domain.suffix(labels: suffix.domain.labelCount + 1)
        }
        return found.last?.domain ?? domain
    }

    /// The look-ups above a name that found a record, from the longest name to the shortest; the last one is a look-up
    /// without an answer where the walk ended so.
    private func walk(above domain: DomainName) async -> [DMARCLookup] {
        var found: [DMARCLookup] = []
        var next = domain.labelCount > Self.longest ? domain.suffix(labels: Self.longest) : domain.parent
        while let name = next, !name.isRoot {
            let seen = await DMARCLookup(at: name, rules: .rfc9989, from: source)
            guard seen.status.isAnswered else { return found + [seen] }
            if let record = seen.record {
                found.append(seen)
                if record.publicSuffix != .unsaid { return found }
            }
            next = name.parent
        }
        return found
    }
}
