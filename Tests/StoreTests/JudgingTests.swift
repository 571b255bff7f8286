// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Observations
import Testing

@testable import Store

@Suite struct JudgingTests {
    let store: SurveyStore
    let session: ScanSession

    init() async throws {
        store = try SurveyStore.inMemory()
        session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([
            InputRow(domain: try Sample.name("a.test")), InputRow(domain: try Sample.name("b.test")),
        ])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(20, "m2.test"), (10, "m1.test")]))
        try await session.record(host: Sample.host("m1.test"))
        var alias = try Sample.host("m2.test")
        alias.addresses.expandedName = try Sample.name("real.test")
        try await session.record(host: alias)
        var first = try Sample.secured(Sample.endpoint("m1.test"), chain: ["leaf", "ca"])
        first.chains[.full]?.certificates[0].sanDNS = ["m1.test", "quote\".test"]
        first.chains[.full]?.certificates[0].hostCNs = ["one, two", "m1.test"]
        first.chains[.full]?.certificates[1].isCA = true
        try await session.record(endpoint: first)
        try await session.record(endpoint: Sample.plain(Sample.endpoint("m2.test")))
    }

    @Test func aVerdictOnAChainReachesEveryProbeThatShowedIt() async throws {
        #expect(try await session.chains(limit: 1).map(\.sha256) == ["leaf+ca"])
        #expect(try await session.chains(after: "leaf+ca", limit: 1).isEmpty)
        try await session.setPKIX(chain: "leaf+ca", .expiredLeaf, codes: ["CERT_HAS_EXPIRED"], daysLeft: -3)
        try await session.flush()
        #expect(
            try store.rows("SELECT pkix, pkix_codes, days_left FROM tls_probes")
                == [#"expired_leaf|["CERT_HAS_EXPIRED"]|-3"#])
    }

    @Test func namesComeWithTheProbe() async throws {
        let probe = try #require(try await session.probes(limit: 9).first)
        #expect(probe.leafDNSNames == ["m1.test", "quote\".test"])
        #expect(probe.leafCommonNames == ["one, two", "m1.test"])
        #expect(probe.serverName?.description == "m1.test" && probe.leafSHA256 == "sha-leaf")
        #expect(try await session.probes(after: probe, limit: 9).isEmpty)
        try await session.setNameMatch(probe, mx: .matchExact)
        try await session.flush()
        #expect(try store.rows("SELECT name_match_mx, name_match_base FROM tls_probes") == ["match_exact|not_measured"])
    }

    @Test func issuersAreTheAuthoritiesThatThisScanWasShown() async throws {
        #expect(try await session.issuerCertificates() == [Array("ca".utf8)])
        let other = try store.beginOrResumeScan(Sample.description("feedbeef"))
        #expect(try await other.issuerCertificates().isEmpty)
    }

    /// One for each host that signs for itself would make memory grow with the list.
    @Test func whoSignsForItselfIsAnIssuerOnlyWhereSomebodySentItAbove() async throws {
        try await session.record(domain: Sample.domain("b.test", .explicit, [(10, "m3.test"), (10, "m4.test")]))
        for (host, chain) in [("m3.test", ["own"]), ("m4.test", ["leaf4", "private root"])] {
            try await session.record(host: Sample.host(host))
            var seen = try Sample.secured(Sample.endpoint(host), chain: chain)
            let last = chain.count - 1
            seen.chains[.full]?.certificates[last].isCA = true
            seen.chains[.full]?.certificates[last].isSelfSigned = true
            try await session.record(endpoint: seen)
        }
        #expect(try await session.issuerCertificates() == [Array("ca".utf8), Array("private root".utf8)])
    }

    @Test func aSpecialUseAddressIsRememberedWithItsHost() async throws {
        let domain = try #require(try await session.domainsToJudge(limit: 9).first)
        // 192.0.2.0/24 is documentation (RFC 5737).
        #expect(domain.hosts.map(\.hasSpecialUseAddress) == [true, true])
    }

    @Test func aDomainComesWithItsHostsByPreferenceAndTheirEndpoints() async throws {
        let domains = try await session.domainsToJudge(limit: 9)
        let domain = try #require(domains.first)
        #expect(domains.count == 1 && domain.domain.description == "a.test" && domain.shape == .explicit)
        #expect(domain.hosts.map(\.name.description) == ["m1.test", "m2.test"])
        #expect(domain.hosts.map(\.isPrimary) == [true, false])
        #expect(domain.hosts.map(\.alias?.description) == [nil, "real.test"])
        #expect(domain.hosts[0].v4 == .resolved && domain.hosts[0].v6 == .nodata)
        let endpoint = try #require(domain.hosts[0].endpoints.first)
        #expect(endpoint.tls == .ok && endpoint.version == .tls13 && endpoint.pkix == .notMeasured)
        #expect(domain.hosts[1].endpoints.map(\.starttls) == [.notOffered])
        #expect(domain.hosts[1].endpoints.map(\.pkix) == [.notReached])
        #expect(try await session.domainsToJudge(after: domain.domain, limit: 9).isEmpty)
    }

    @Test func aggregatesAreWrittenWithTheAliases() async throws {
        var aggregates = DomainAggregates()
        aggregates.starttlsAny = true
        aggregates.starttlsAll = false
        aggregates.flags = [.targetIsCNAME]
        try await session.setAggregates(aggregates, of: Sample.name("a.test"))
        try await session.flush()
        #expect(
            try store.rows("SELECT starttls_any, starttls_all, starttls_primary, mx_flags, judged FROM domains LIMIT 1")
                == [#"1|0|NULL|["target_is_cname"]|1"#])
        #expect(try store.rows("SELECT mx_host, via_cname FROM domain_mx") == ["m1.test|0", "m2.test|1"])
    }

    @Test func theReportOfADomainHoldsItsRowsDownToTheCertificates() async throws {
        try await session.flush()
        let report = try #require(try DomainReport(Sample.name("a.test"), in: store, scanID: session.scanID))
        #expect(report.domain["mx_shape"] == "explicit" && report.domain["starttls_any"] == nil)
        #expect(report.domain.columns.first?.name == "scan_id" && report.domain["judged"] == nil)
        #expect(report.hosts.map { $0.link["is_primary"] } == ["true", "false"])
        #expect(report.hosts[1].host["expanded_name"] == "real.test")
        let probe = try #require(report.hosts[0].endpoints.first?.probes.first)
        #expect(probe.probe["version"] == "TLSv1.3")
        #expect(probe.certificates.map { $0["cert_sha256"] } == ["sha-leaf", "sha-ca"])
        #expect(report.hosts[1].endpoints.first?.endpoint["starttls"] == "not_offered")
        #expect(try DomainReport(Sample.name("none.test"), in: store, scanID: session.scanID) == nil)
    }
}
