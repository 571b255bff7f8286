// SPDX-License-Identifier: Apache-2.0

import Observations

/// One walk through a tree of SPF records; see `SPFEvaluation`.
struct SPFWalk {
    private let origin: DomainName
    private let source: any PolicySource
    private var lookups = 0
    private var voidLookups = 0
    private var hasSenderMacros = false
    /// What ends a receiver's evaluation first, a permanent error or an answer that does not come: the word, whose record,
    /// which term.
    private var problem: (outcome: SPFOutcome, at: DomainName, term: String)?
    /// The records that lead to where the walk is.
    private var path: [DomainName] = []

    init(origin: DomainName, source: any PolicySource) {
        self.origin = origin
        self.source = source
    }

    /// Walks through a record and what it leads to.
    mutating func follow(_ record: SPFRecord, of domain: DomainName) async {
        path.append(domain)
        defer { path.removeLast() }
        for directive in record.directives {
            guard directive.mechanism != .all else { return }
            guard directive.mechanism.asksDNS else { continue }
            guard count(directive.text, of: domain) else { return }
            await look(at: directive, of: domain)
        }
        guard let redirect = record.redirect else { return }
        let term = "redirect=" + redirect.text
        guard count(term, of: domain) else { return }
        await enter(redirect, .redirectError, term: term, of: domain)
    }

    /// Writes down what was found.
    func conclude(_ seen: inout SPFObservation) {
        seen.lookups = lookups
        seen.voidLookups = voidLookups
        seen.hasSenderMacros = hasSenderMacros
        seen.problemAt = problem?.at
        seen.problemTerm = problem?.term
        seen.outcome = problem?.outcome ?? .valid
    }

    /// Counts a look-up; false where counting ends.
    private mutating func count(_ term: String, of domain: DomainName) -> Bool {
        guard lookups < SPFEvaluation.countingLimit else { return false }
        lookups += 1
        if lookups > SPFEvaluation.lookupLimit { fail(.tooManyLookups, at: domain, term) }
        return true
    }

    private mutating func countVoid(_ term: String, of domain: DomainName) {
        voidLookups += 1
        if voidLookups > SPFEvaluation.voidLimit { fail(.voidLookups, at: domain, term) }
    }

    private mutating func fail(_ outcome: SPFOutcome, at domain: DomainName, _ term: String) {
        if problem == nil { problem = (outcome, domain, term) }
    }

    private mutating func look(at directive: SPFRecord.Directive, of domain: DomainName) async {
        let term = directive.text
        switch directive.mechanism {
        case .all, .address, .ptr: return
        case .include(let spec): await enter(spec, .includeError, term: term, of: domain)
        case .a(let spec):
            guard let name = name(spec, term: term, of: domain) else { return }
            await askAddresses(name, [.v4, .v6], term: term, of: domain)
        // §5.7: A, even for a sender over IPv6.
        case .exists(let spec):
            guard let name = name(spec, term: term, of: domain) else { return }
            await askAddresses(name, [.v4], term: term, of: domain)
        case .mx(let spec):
            guard let name = name(spec, term: term, of: domain), problem == nil else { return }
            let answer = await source.answer(to: .exchanges(name))
            if !answer.status.isAnswered {
                fail(.dnsTempfail, at: domain, term)
            } else if answer.count > SPFEvaluation.lookupLimit {
                fail(.tooManyLookups, at: domain, term)
            } else if answer.count == 0 {
                countVoid(term, of: domain)
            }
        }
    }

    /// The name that a term is about; nil where there is none to ask for.
    private mutating func name(_ spec: SPFDomainSpec?, term: String, of domain: DomainName) -> DomainName? {
        switch spec?.target(domain: domain, origin: origin) ?? .name(domain) {
        case .name(let name): return name
        case .senders: hasSenderMacros = true
        case .malformed: break
        }
        return nil
    }

    private mutating func askAddresses(
        _ name: DomainName, _ families: [IPAddress.Family], term: String, of domain: DomainName
    ) async {
        guard problem == nil else { return }
        for family in families {
            let status = await source.answer(to: .addresses(name, family)).status
            switch status.finding {
            case .data: return
            case .nodata: continue
            case .nxdomain: return countVoid(term, of: domain)
            case .bogus, .trouble: return fail(.dnsTempfail, at: domain, term)
            }
        }
        countVoid(term, of: domain)
    }

    /// Follows `include` or `redirect`. What is not there, or not to be read, is an error of the term (§5.2, §6.1).
    private mutating func enter(
        _ spec: SPFDomainSpec, _ error: SPFOutcome, term: String, of domain: DomainName
    ) async {
        let target: DomainName
        switch spec.target(domain: domain, origin: origin) {
        case .name(let name): target = name
        case .senders:
            hasSenderMacros = true
            return
        case .malformed: return fail(error, at: domain, term)
        }
        guard !path.contains(target) else { return fail(.loop, at: domain, term) }
        let answer = await source.answer(to: .texts(target))
        guard answer.status.isAnswered else { return fail(.dnsTempfail, at: domain, term) }
        let records = SPFRecord.select(answer.texts)
        guard records.count == 1, let text = records.first, let record = try? SPFRecord(text) else {
            return fail(error, at: domain, term)
        }
        await follow(record, of: target)
    }
}
