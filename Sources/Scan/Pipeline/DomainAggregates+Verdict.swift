// SPDX-License-Identifier: Apache-2.0
import Observations
import Store
import Verdicts

extension DomainAggregates {
    /// Judges a domain by what the store holds of its hosts. What mail for a domain would meet is port 25's business;
    /// other ports count only where a survey asked for nothing else.
    init(judging domain: DomainToJudge) {
        var hosts = domain.hosts.map(DomainVerdict.Host.init)
        // A host that is not to be asked is a host all the same: what holds at it is unknown.
        if hosts.count < domain.hostCount ?? 0 { hosts.append(.unasked) }
        let verdict = DomainVerdict(hosts: hosts)
        self.init()
        starttlsAny = verdict.starttls.any
        starttlsAll = verdict.starttls.all
        starttlsPrimary = verdict.starttls.primary
        tlsWorksAny = verdict.tlsWorks.any
        tlsWorksAll = verdict.tlsWorks.all
        tlsWorksPrimary = verdict.tlsWorks.primary
        pkixMXAll = verdict.pkixMX.all
        if domain.hosts.count(where: \.isPrimary) < domain.primaryCount ?? 0 {
            starttlsPrimary = nil
            tlsWorksPrimary = nil
        }
        dane = Self.dane(of: domain)
        for host in domain.hosts { nameMatches[host.name] = host.nameMatch(domain.domain) }
        flags = Self.flags(of: domain)
    }

    /// A primary host that is not to be asked leaves the question open, unless another one fails.
    private static func dane(of domain: DomainToJudge) -> DANEDomainOutcome {
        let primary = domain.hosts.filter(\.isPrimary)
        let found = DANEDomainVerdict.judge(
            shape: domain.shape, mx: domain.security,
            hosts: primary.map { DANEDomainVerdict.Host($0, of: domain) })
        let isWhole = primary.count >= domain.primaryCount ?? 0
        return isWhole || domain.security != .secure || found == .failed ? found : .unknown
    }

    /// The remarks on MX records that take the addresses of their hosts (RFC 2181 §10.3, RFC 6890). The implicit MX is
    /// no record, and nothing is remarked on it.
    private static func flags(of domain: DomainToJudge) -> [MXFlag] {
        var found = Set(domain.flags)
        if domain.shape != .implicit {
            if domain.hosts.contains(where: { $0.alias != nil }) { found.insert(.targetIsCNAME) }
            if domain.hosts.contains(where: \.isUnresolvable) { found.insert(.targetUnresolvable) }
            if domain.hosts.contains(where: \.hasSpecialUseAddress) { found.insert(.targetSpecialUseIP) }
        }
        return MXFlag.allCases.filter(found.contains)
    }
}

extension DomainToJudge.Host {
    /// Whether it was answered that the host has no address at all. NXDOMAIN says so for both families.
    fileprivate var isUnresolvable: Bool {
        let outcomes = [v4, v6]
        return outcomes.allSatisfy { $0 == .nodata || $0 == .nxdomain }
            || outcomes.contains(.nxdomain) && outcomes.contains(.familyDisabled)
    }
}

extension DomainToJudge.Host {
    fileprivate var mailEndpoints: [DomainToJudge.EndpointOutcomes] {
        let mail = endpoints.filter { $0.endpoint.port == 25 }
        return mail.isEmpty ? endpoints : mail
    }

    /// Whether the certificate that each of its endpoints shows to everybody speaks for the domain: the worst of them.
    fileprivate func nameMatch(_ domain: DomainName) -> NameMatch {
        let places = Set(mailEndpoints.map(\.endpoint))
        let shown = leaves.filter { $0.profile == "full" && places.contains($0.endpoint) }
        return NameVerdict.worst(
            shown.map { NameVerdict.match(dnsNames: $0.dnsNames, commonNames: $0.commonNames, reference: domain) })
    }

    /// What DANE says of it where mail for this domain is concerned.
    fileprivate func dane(of domain: DomainToJudge) -> DANEOutcome {
        let shown = mailEndpoints.filter { $0.tcp == .open }.map { endpoint in
            leaves.filter { $0.endpoint == endpoint.endpoint }.map {
                DANEVerdict.ShownName(outcome: $0.dane, dnsNames: $0.dnsNames, commonNames: $0.commonNames)
            }
        }
        let names = DANEReferenceNames(
            base: name, mxHost: name, nextHop: domain.domain, mxSecurity: domain.security)
        return DANEVerdict.host(dane, shown: shown, names: names)
    }
}

extension DANEDomainVerdict.Host {
    fileprivate init(_ host: DomainToJudge.Host, of domain: DomainToJudge) {
        let state = host.dane(of: domain)
        let isOpen = host.hasUnaskedAddress && [.matchEE, .matchTA].contains(state)
        self.init(
            preference: host.preference, state: isOpen ? .unknown : state,
            acceptsConnections: host.mailEndpoints.contains { $0.tcp == .open }, isTLSABogus: host.isTLSABogus)
    }
}

extension DomainVerdict.Host {
    /// One that nobody asked; its preference is last, so that it takes no part in what the primary hosts say.
    fileprivate static let unasked = DomainVerdict.Host(preference: .max, endpoints: [], hasKnownAddresses: false)

    fileprivate init(_ host: DomainToJudge.Host) {
        self.init(
            preference: host.preference,
            endpoints: host.mailEndpoints.map(DomainVerdict.EndpointOutcomes.init),
            hasKnownAddresses: !host.hasUnaskedAddress
                && [host.v4, host.v6].allSatisfy { $0.outcomeClass != .transient })
    }
}

extension DomainVerdict.EndpointOutcomes {
    init(_ seen: DomainToJudge.EndpointOutcomes) {
        self.init(
            tcp: seen.tcp, ehlo: seen.ehlo, starttls: seen.starttls, tls: seen.tls, pkix: seen.pkix,
            nameMatchMX: seen.nameMatchMX)
    }
}
