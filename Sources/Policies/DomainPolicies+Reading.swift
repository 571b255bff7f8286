// SPDX-License-Identifier: Apache-2.0

public import Observations

/// All policies of one domain: six questions where nothing is published, fewer where others have asked before, more
/// where records lead further.
///
///     TXT _mta-sts    TXT _smtp._tls    TXT the domain    TXT _dmarc, then above    TXT _domainkey    NS, then their AAAA
extension DomainPolicies {
    /// Name servers whose IPv6 is looked up.
    static let nameServerLimit = 13

    /// Asks about a domain that exists.
    public static func observe(
        _ domain: DomainName, dmarc: DMARCEvaluation, from source: any PolicySource
    ) async -> DomainPolicies {
        let sts = STSRecord.observe(await answer(domain, below: ["_mta-sts"], source))
        let tlsrpt = TLSRPTRecord.observe(await answer(domain, below: ["_smtp", "_tls"], source))
        let spf = await SPFEvaluation.evaluate(domain, from: source)
        let dmarc = await dmarc.evaluate(domain)
        // NXDOMAIN behind an alias is about the last name of the chain (RFC 6604 §3), and `_smtp._tls` may be missing below a
        // `_tls` that is there, where no wildcard of the domain reaches (RFC 4592 §2.2.1).
        let siblings = sts.aliasTarget == nil ? [sts.status] : []
        let dkim = await DKIMHint.observe(domain, siblings: siblings, from: source)
        return DomainPolicies(
            sts: sts, tlsrpt: tlsrpt, spf: spf, dmarc: dmarc, dkim: dkim,
            nameServers: await nameServers(of: domain, source))
    }

    private static func answer(
        _ domain: DomainName, below labels: [String], _ source: any PolicySource
    ) async -> PolicyAnswer {
        var name: DomainName? = domain
        for label in labels.reversed() { name = try? name?.prepending(label) }
        guard let name else { return .unpublishable }
        return await source.answer(to: .texts(name))
    }

    /// The NS records at the domain or, where it is no zone of its own, at the nearest one above.
    private static func nameServers(of domain: DomainName, _ source: any PolicySource) async -> NameServerCount {
        var next: DomainName? = domain
        while let name = next, name.labelCount > 1 {
            let answer = await source.answer(to: .nameServers(name))
            guard answer.status.isAnswered else { return NameServerCount() }
            guard answer.names.isEmpty else { return await ipv6(answer.names, source) }
            next = name.parent
        }
        return NameServerCount()
    }

    private static func ipv6(_ servers: [DomainName], _ source: any PolicySource) async -> NameServerCount {
        var withIPv6: Int? = 0
        for server in servers.prefix(nameServerLimit) {
            switch await source.answer(to: .addresses(server, .v6)).status.finding {
            case .data: withIPv6 = withIPv6.map { $0 + 1 }
            case .nodata, .nxdomain: continue
            case .bogus, .trouble: withIPv6 = nil
            }
        }
        return NameServerCount(all: servers.count, withIPv6: withIPv6)
    }
}

extension PolicyAnswer {
    /// The answer for a name that is too long to exist.
    static let unpublishable = PolicyAnswer(
        status: LookupStatus(outcome: .nxdomain, security: .notReached), count: 0)
}
