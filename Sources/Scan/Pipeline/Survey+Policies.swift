// SPDX-License-Identifier: Apache-2.0
import Lists
import Observations
import Policies
import Store

/// What a domain with mail publishes beside its MX records. Nothing is asked about domains without: their MX answer says
/// all there is to know.
extension Survey {
    /// The policies of a domain that mail goes to.
    func policies(of domain: DomainName) async throws -> DomainPolicies {
        let source = ResolverPolicies(source(for: domain))
        let dmarc = DMARCEvaluation(
            rules: configuration.dmarcRules, from: source,
            registeredDomain: { PublicSuffixList.registeredDomain(of: $0) })
        let policies = await DomainPolicies.observe(domain, dmarc: dmarc, from: source)
        for status in policies.statuses { try requireResolver(status) }
        return policies
    }

    /// Asks once more for the policies of a domain whose hosts are known.
    func measurePolicies(of domain: DomainName, _ shape: MXShape) async throws {
        guard !optOut.covers(domain: domain) else { return try await session.forget(domain: domain) }
        let policies = try await policies(of: domain)
        guard !optOut.covers(domain: domain) else { return try await session.forget(domain: domain) }
        try await session.record(
            further: FurtherPolicies(
                domain: domain, policies: policies,
                remarks: shape == .implicit ? policies.remarksOnImplicitMX : [], stsDomain: policies.stsDomain),
            notBefore: dueOfFollowing, retryAt: retryAt(domain))
    }
}

extension DomainPolicies {
    /// How the questions for each of them ended.
    fileprivate var statuses: [LookupStatus] { [sts.status, tlsrpt.status, spf.status, dmarc.status, dkim.status] }

    /// MTA-STS of the domain, as far as its record says it.
    fileprivate var stsDomain: STSDomainOutcome {
        STSSummary.domain(record: sts.outcome, fetch: .notMeasured, policy: .notMeasured)
    }

    /// The remark that only SPF gives rise to: an address, no MX, and nobody who sends mail. Such a domain should say with a
    /// null MX that it accepts none (RFC 7505 §1).
    var remarksOnImplicitMX: [MXFlag] {
        guard spf.all == .fail, spf.raw?.text.lowercased() == "v=spf1 -all" else { return [] }
        return [.noNullMXButSPFMinusAll]
    }
}

extension MailRoute {
    /// MTA-STS of the domain, as far as its record says it.
    func stsDomain(_ policies: DomainPolicies?) -> STSDomainOutcome {
        policies?.stsDomain ?? (shape.outcomeClass == .conclusive ? .notReached : .unknown)
    }
}
