// SPDX-License-Identifier: Apache-2.0
import DNS
import Lists
import Logging
import Observations
import Store
import TLS

/// What DNS says: the MX records and policies of domains, then the addresses of their mail hosts, each once.
extension Survey {
    func measureDomains() async throws {
        try await lookUp(session.pendingDomains) { [self] in try await measure(domain: $0) }
    }

    func measureHosts() async throws {
        try await lookUp(session.pendingHosts) { [self] in try await measure(host: $0) }
    }

    /// One wave of look-ups: `pending` answers those behind a name.
    private func lookUp(
        _ pending: @escaping (DomainName?, Int) async throws -> [DomainName],
        work: @escaping @Sendable @NetworkLoop (DomainName) async throws -> Void
    ) async throws {
        let queue = PendingQueue<DomainName>(stop: stop) { try await pending($0, Self.batch) }
        try await runWave(slots: configuration.maximumLookups, queue: queue, work: work)
    }

    /// Asks a domain for its MX records, and for its policies where mail goes to it.
    func measure(domain: DomainName) async throws {
        guard !optOut.covers(domain: domain) else { return try await session.forget(domain: domain) }
        var route = await MailRouting.route(for: domain, from: source(for: domain))
        try requireResolver(route.status)
        guard !optOut.covers(domain: domain) else { return try await session.forget(domain: domain) }
        let policies = route.exchanges.isEmpty ? nil : try await policies(of: domain)
        // Somebody may have asked to be left alone while we waited for the answers.
        guard !optOut.covers(domain: domain) else { return try await session.forget(domain: domain) }
        if route.isImplicit { route.flags += policies?.remarksOnImplicitMX ?? [] }
        try await session.record(
            domain: DomainResult(
                domain: domain, route: route, measuredAt: .now,
                optedOut: Set(route.exchanges.map(\.host).filter { optOut.covers(host: $0) }), policies: policies,
                stsDomain: route.stsDomain(policies)), notBefore: dueOfFollowing, retryAt: retryAt(domain))
    }

    /// Looks a host's addresses up, and what is published about its certificates.
    func measure(host: DomainName) async throws {
        guard !optOut.covers(host: host) else { return try await session.forget(host: host) }
        let found = await MailRouting.addresses(
            of: host, families: configuration.families, allowSpecialUse: configuration.isLab,
            from: source(forHost: host))
        try requireResolver(found.v4.status)
        try requireResolver(found.v6.status)
        guard !isOptedOut(found) else { return try await session.forget(host: host) }
        let tlsa = await tlsa(of: found, port: configuration.mailPort)
        let caa = await MailRouting.caa(of: found, from: source(forHost: host))
        var others: [Int: TLSALookup] = [:]
        for port in configuration.ports where port != configuration.mailPort {
            others[port] = await self.tlsa(of: found, port: port)
        }
        for lookup in [tlsa] + others.values { try requireResolver(lookup.status) }
        try requireResolver(caa.status)
        // Here, too, time has passed.
        guard !isOptedOut(found) else { return try await session.forget(host: host) }
        var result = HostResult(
            addresses: found, tlsa: tlsa, endpoints: endpoints(of: found), measuredAt: .now,
            hasUnaskedAddress: (found.v4.addresses + found.v6.addresses).contains { optOut.covers(address: $0) })
        result.caa = caa
        for endpoint in result.endpoints {
            result.origins[endpoint.address] = configuration.tables.origin(of: endpoint.address)
        }
        result.tlsaOfOtherPorts = others
        try await session.record(host: result, notBefore: dueOfFollowing, retryAt: retryAt(host))
    }

    /// When a name is looked up again that was not answered for, by the number of attempts.
    func retryAt(_ name: DomainName) -> @Sendable (Int) -> Timestamp? {
        let now = clock.due(at: PaceKeeper.now)
        return { [retries] attempts in retries.delay(of: name, attempts: attempts).map { now.adding(seconds: $0) } }
    }

    /// Whether the host has opted out, by its own name or by any that its aliases lead through.
    func isOptedOut(_ found: MailHostAddresses) -> Bool {
        ([found.host, found.expandedName] + found.aliases).contains { optOut.covers(host: $0) }
    }

    /// TLSA records belong to a port (RFC 6698 §3).
    private func tlsa(of found: MailHostAddresses, port: Int) async -> TLSALookup {
        var lookup = await MailRouting.tlsa(of: found, port: port, from: source(forHost: found.host))
        lookup.records = lookup.records.map { $0.readingFullData() }
        return lookup
    }

    /// What may be contacted: no special-use address outside a lab, nothing that is opted out.
    private func endpoints(of found: MailHostAddresses) -> [Endpoint] {
        (found.v4.addresses + found.v6.addresses)
            .filter { (configuration.isLab || !$0.isSpecialUse) && !optOut.covers(address: $0) }
            .flatMap { address in
                configuration.ports.map { Endpoint(host: found.host, address: address, port: $0) }
            }
    }
}
