// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Observations
import Testing

@testable import Store

@Suite struct DANEJudgingTests {
    let store: SurveyStore
    let session: ScanSession
    private let usable = TLSARecord(
        certificateUsage: 3, selector: 1, matchingType: 1, associationData: [UInt8](repeating: 7, count: 32))

    init() async throws {
        store = try SurveyStore.inMemory()
        session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(
            domain: Sample.domain("a.test", .explicit, [(10, "m1.test"), (20, "m2.test")], security: .secure))
    }

    /// m1 has records and two addresses, one of which completes the handshake; m2 is an alias that shares them.
    private func recordHosts(_ records: [TLSARecord], _ security: Security = .secure) async throws {
        let tlsa = TLSALookup(
            base: try Sample.name("m1.test"), status: LookupStatus(outcome: .noerrorData, security: security),
            records: records)
        for (name, ips) in [("m1.test", ["192.0.2.1", "192.0.2.2"]), ("m2.test", ["192.0.2.1"])] {
            var host = try Sample.host(name, ips, security: .secure)
            host.tlsa = tlsa
            try await session.record(host: host)
        }
        try await session.record(endpoint: Sample.secured(Sample.endpoint("m1.test"), chain: ["leaf", "ca"]))
        try await session.record(endpoint: Sample.plain(Sample.endpoint("m1.test", "192.0.2.2")))
    }

    @Test func aHostComesWithItsRecordsItsStagesAndItsChains() async throws {
        try await recordHosts([usable])
        let hosts = try await session.hostsToJudge(limit: 9)
        let host = try #require(hosts.first)
        #expect(hosts.map(\.name.description) == ["m1.test", "m2.test"])
        #expect(host.addressSecurity == [.secure], "nobody sends mail to a family without addresses")
        #expect(host.tlsa == LookupStatus(outcome: .noerrorData, security: .secure))
        #expect(host.base?.description == "m1.test" && host.records == [usable])
        #expect(host.endpoints.map(\.outcomes.starttls) == [.offered, .notOffered])
        #expect(host.endpoints.map { $0.chains.map(\.profile) } == [["full"], []])
        #expect(host.endpoints[0].chains[0].certificates == [Array("leaf".utf8), Array("ca".utf8)])
        #expect(try await session.hostsToJudge(after: host.name, limit: 9).map(\.name.description) == ["m2.test"])
    }

    @Test(arguments: [Security.insecure, .secure])
    func whatDNSDecidesAloneComesWithoutEndpoints(security: Security) async throws {
        let useless = TLSARecord(
            certificateUsage: security == .secure ? 1 : 3, selector: 1, matchingType: 1,
            associationData: usable.associationData)
        try await recordHosts([useless], security)
        let host = try #require(try await session.hostsToJudge(limit: 1).first)
        #expect(host.records.count == 1 && host.endpoints.isEmpty)
    }

    @Test func aJudgementReachesTheHostItsProbesAndItsRecords() async throws {
        try await recordHosts([usable])
        var first = HostJudgement(host: try Sample.name("m1.test"), state: .noSTARTTLS)
        first.rollover = .prepublished
        first.base = try Sample.name("m1.test")
        first.probes = [.init(endpoint: try Sample.endpoint("m1.test"), profile: "full", outcome: .matchEE)]
        first.matches = [usable: [try #require(IPAddress("192.0.2.9"))]]
        try await session.setDANE(first)
        first.host = try Sample.name("m2.test")
        first.matches = [usable: [try #require(IPAddress("192.0.2.1")), try #require(IPAddress("192.0.2.9"))]]
        try await session.setDANE(first)
        try await session.flush()
        #expect(
            try store.rows("SELECT dane_state, rollover FROM mx_hosts WHERE mx_host = 'm1.test'")
                == ["no_starttls|prepublished"])
        #expect(try store.rows("SELECT dane FROM tls_probes") == ["match_ee"])
        #expect(
            try store.rows("SELECT matched_ips FROM tlsa") == [#"["192.0.2.1","192.0.2.9"]"#],
            "hosts that share a name share its records")
        try await session.forgetTLSAMatches()
        try await session.flush()
        #expect(try store.rows("SELECT matched_ips FROM tlsa") == ["NULL"])
    }

    @Test func aRecordThatWasComparedInVainSaysSo() async throws {
        try await recordHosts([usable])
        var judgement = HostJudgement(host: try Sample.name("m1.test"), state: .mismatch)
        judgement.base = try Sample.name("m1.test")
        judgement.matches = [usable: []]
        try await session.setDANE(judgement)
        try await session.flush()
        #expect(try store.rows("SELECT matched_ips FROM tlsa") == ["[]"])
    }

    @Test func aDomainComesWithTheStatesOfItsHosts() async throws {
        try await recordHosts([usable])
        try await session.setDANE(HostJudgement(host: Sample.name("m1.test"), state: .matchTA))
        let domain = try #require(try await session.domainsToJudge(limit: 1).first)
        #expect(domain.security == .secure)
        #expect(domain.hosts.map(\.dane) == [.matchTA, .notMeasured])
        #expect(domain.hosts.map(\.isTLSABogus) == [false, false])
        var aggregates = DomainAggregates()
        aggregates.dane = .partial
        try await session.setAggregates(aggregates, of: domain.domain)
        try await session.flush()
        #expect(try store.rows("SELECT dane_domain FROM domains") == ["partial"])
    }

    @Test func aDomainComesWithTheNamesInTheCertificatesOfItsHosts() async throws {
        try await recordHosts([usable])
        let domain = try #require(try await session.domainsToJudge(limit: 1).first)
        #expect(domain.hosts.map { $0.leaves.map(\.endpoint.address.description) } == [["192.0.2.1"], []])
        #expect(domain.hosts[0].leaves.map(\.profile) == ["full"])
        var aggregates = DomainAggregates()
        aggregates.nameMatches = [try Sample.name("m1.test"): .matchWildcard]
        try await session.setAggregates(aggregates, of: domain.domain)
        try await session.flush()
        #expect(
            try store.rows("SELECT mx_host, name_match_domain FROM domain_mx")
                == ["m1.test|match_wildcard", "m2.test|not_measured"])
    }
}
