// SPDX-License-Identifier: Apache-2.0

public import Observations

/// The DMARC policy of a domain: where its record is, what it says, whether its reports may go where it wants them.
///
/// * `rfc9989`: the domain's own record; else the tree is walked up from its parent (`DMARCTreeWalk`) for the record of
///   its organization, or of the public suffix above that.
/// * `rfc7489` (§6.6.3): the domain's own record; else that of the organizational domain, which is the registered domain
///   by the public suffix list. Several records end the search.
///
/// Reports that go to another organization need its consent (RFC 9990 §4, RFC 7489 §7.1): a TXT record that begins
/// `v=DMARC1`, and is a list of tags, at `<domain of the record>._report._dmarc.<domain of the address>`.
public struct DMARCEvaluation {
    /// Whose rules are used.
    public let rules: DMARCRuleSet
    private let registeredDomain: (DomainName) -> DomainName?
    private let source: any PolicySource

    /// Report addresses whose domains are asked for consent, for one record.
    public static let reportLimit = 8

    /// Takes the rules, the answers, and how the public suffix list sees a name: the registered domain, or nil for a
    /// public suffix. RFC 9989 needs it not.
    public init(
        rules: DMARCRuleSet = .rfc9989, from source: any PolicySource,
        registeredDomain: @escaping (DomainName) -> DomainName? = { _ in nil }
    ) {
        self.rules = rules
        self.source = source
        self.registeredDomain = registeredDomain
    }

    /// Evaluates a domain. `exists` is false for a name that DNS denies: `np` applies to it (RFC 9989 §4.7).
    public func evaluate(_ domain: DomainName, exists: Bool = true) async -> DMARCObservation {
        let own = await lookUp(domain)
        var seen = DMARCObservation(outcome: .absent, ruleSet: rules, recordAt: domain, status: own.status)
        seen.raw = own.texts.isEmpty ? nil : PolicyText(records: own.texts)
        if let record = own.record {
            await apply(record, own, of: domain, isOwn: true, exists: exists, to: &seen)
            return seen
        }
        seen.outcome = own.outcome
        guard own.status.isAnswered, own.outcome != .multiple || rules == .rfc9989 else { return seen }
        let above: DMARCLookup?
        switch rules {
        case .rfc9989: above = await DMARCTreeWalk(source: source).policyRecord(above: domain)
        case .rfc7489: above = await organizational(of: domain)
        }
        guard let above else { return seen }
        guard above.status.isAnswered else {
            // A record above may apply, whatever is wrong at the domain: that there is none would be a guess.
            (seen.outcome, seen.status) = (.dnsTempfail, above.status)
            return seen
        }
        if let record = above.record {
            let word = seen.outcome
            let evidence = (seen.raw, seen.status)
            await apply(record, above, of: domain, isOwn: false, exists: exists, to: &seen)
            // What is wrong at the domain itself is the finding about it; which policy applies stands beside.
            if word != .absent {
                (seen.outcome, seen.recordAt, seen.raw, seen.status) = (word, domain, evidence.0, evidence.1)
            }
        } else if seen.outcome == .absent {
            (seen.outcome, seen.recordAt) = (above.outcome, above.domain)
            seen.raw = above.texts.isEmpty ? nil : PolicyText(records: above.texts)
        }
        return seen
    }

    private func lookUp(_ domain: DomainName) async -> DMARCLookup {
        await DMARCLookup(at: domain, rules: rules, from: source)
    }

    private func organizational(of domain: DomainName) async -> DMARCLookup? {
        guard let registered = registeredDomain(domain), registered != domain else { return nil }
        return await lookUp(registered)
    }

    private func apply(
        _ record: DMARCRecord, _ found: DMARCLookup, of domain: DomainName, isOwn: Bool, exists: Bool,
        to seen: inout DMARCObservation
    ) async {
        seen.outcome = record.outcome
        seen.place = isOwn ? .own : .organizational
        seen.foundAt = found.domain
        seen.recordAt = found.domain
        seen.raw = PolicyText(records: found.texts)
        seen.status = found.status
        seen.effective = record.effective(isOwn: isOwn, exists: exists)
        for uri in record.aggregate.filter({ $0.kind == .mailto }).prefix(Self.reportLimit) {
            seen.reports.append(.init(uri: uri, authorisation: await authorisation(of: uri, for: found.domain)))
        }
        guard seen.outcome == .valid else { return }
        let authorisations = Set(seen.reports.map(\.authorisation))
        if authorisations.contains(.unauthorised) {
            seen.outcome = .externalRUAUnauthorised
        } else if authorisations.contains(.unknown) {
            // Whether the reports are wanted is asked again. The policy is known all the same.
            seen.outcome = .dnsTempfail
        }
    }

    private func authorisation(
        of uri: ReportURI, for domain: DomainName
    ) async -> DMARCObservation.Authorisation {
        guard let host = uri.host else { return .unauthorised }
        if host == domain { return .same }
        let labels = domain.labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
        // A name too long to be asked for cannot consent.
        guard let name = try? DomainName("\(labels)._report._dmarc.\(host)") else { return .unauthorised }
        let answer = await source.answer(to: .texts(name))
        let consents = DMARCRecord.select(answer.texts).map { DMARCRecord($0, rules: rules) }
        if consents.contains(where: { $0.isTagList && !$0.hasDuplicate }) { return .authorised }
        guard answer.status.isAnswered else { return .unknown }
        // Nobody consents: whether anybody had to is asked last, since it takes the most questions.
        switch (await organization(of: host), await organization(of: domain)) {
        case (nil, _), (_, nil): return .unknown
        case let (theirs, ours): return theirs == ours ? .same : .unauthorised
        }
    }

    /// The organizational domain of a name; nil where that is not to be told.
    private func organization(of domain: DomainName) async -> DomainName? {
        switch rules {
        case .rfc9989: await DMARCTreeWalk(source: source).organizationalDomain(of: domain)
        case .rfc7489: registeredDomain(domain) ?? domain
        }
    }
}
