// SPDX-License-Identifier: Apache-2.0
import Lists
import Observations
import Policies

/// What a domain with mail publishes beside its MX records. Nothing is asked about domains without: their MX answer says
/// all there is to know.
extension Survey {
    /// The policies of a domain that mail goes to; nil for others.
    func policies(of domain: DomainName, route: MailRoute) async -> DomainPolicies? {
        guard !route.exchanges.isEmpty else { return nil }
        let source = ResolverPolicies(source(for: domain))
        let dmarc = DMARCEvaluation(
            rules: configuration.dmarcRules, from: source,
            registeredDomain: { PublicSuffixList.registeredDomain(of: $0) })
        return await DomainPolicies.observe(domain, dmarc: dmarc, from: source)
    }
}

extension MailRoute {
    /// MTA-STS of the domain, as far as its record says it.
    func stsDomain(_ policies: DomainPolicies?) -> STSDomainOutcome {
        if let policies {
            return STSSummary.domain(record: policies.sts.outcome, fetch: .notMeasured, policy: .notMeasured)
        }
        return shape.outcomeClass == .conclusive ? .notReached : .unknown
    }

    /// The route with the remark that only SPF gives rise to: an address, no MX, and nobody who sends mail. Such a domain
    /// should say with a null MX that it accepts none (RFC 7505 §1).
    func remarking(_ policies: DomainPolicies?) -> MailRoute {
        guard isImplicit, let spf = policies?.spf, spf.all == .fail, spf.raw?.text.lowercased() == "v=spf1 -all" else {
            return self
        }
        var route = self
        route.flags.append(.noNullMXButSPFMinusAll)
        return route
    }
}
