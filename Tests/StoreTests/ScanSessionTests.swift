// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Observations
import Testing

@testable import Store

@Suite struct ScanSessionTests {
    private func session(_ store: SurveyStore, _ domains: [String] = [], batch: Int = 2_000) async throws -> ScanSession
    {
        let session = try store.beginOrResumeScan(Sample.description(), rowsPerBatch: batch)
        try await session.addInput(domains.map { InputRow(domain: try Sample.name($0)) })
        return session
    }

    @Test func aScanBeginsIsResumedAndEnds() async throws {
        let store = try SurveyStore.inMemory()
        let first = try store.beginOrResumeScan(Sample.description())
        #expect(first.scanID == "20260921T141320Z-c0ffee00")
        #expect(first.beginning == .new)
        let second = try store.beginOrResumeScan(Sample.description())
        #expect(second.scanID == first.scanID && second.beginning == .resumed(count: 1))
        try await second.finish(.complete, at: Sample.began.adding(seconds: 60))
        let third = try store.beginOrResumeScan(Sample.description())
        #expect(third.scanID == first.scanID && third.beginning == .alreadyComplete(at: "2026-09-21T14:14:20Z"))
        #expect(try store.rows("SELECT status, resumed_count FROM scans") == ["complete|1"])
    }

    @Test func anotherConfigurationOrAnotherNightIsAnotherScan() async throws {
        let store = try SurveyStore.inMemory()
        let first = try store.beginOrResumeScan(Sample.description())
        #expect(try store.beginOrResumeScan(Sample.description("decaf")).beginning == .new)
        // An unfinished scan goes on even when a new one is wanted.
        #expect(try store.beginOrResumeScan(Sample.description(), again: true).beginning == .resumed(count: 1))
        try await first.finish(.complete, at: Sample.began)
        let again = try store.beginOrResumeScan(Sample.description(), again: true)
        #expect(again.scanID == "20260921T141320Z-c0ffee00-2" && again.beginning == .new)
        #expect(try store.scanIDs().count == 3)
        #expect(try store.reopenScan(first.scanID).beginning == .alreadyComplete(at: "2026-09-21T14:13:20Z"))
        #expect(throws: StoreError.noSuchScan(path: "(memory)", scanID: "x")) { _ = try store.reopenScan("x") }
    }

    /// Two short scans of one second: the name of the latest once depended on the digest of its configuration.
    @Test(arguments: [["00ff", "ff00"], ["ff00", "00ff"]]) func latestOfOneSecondIsTheOneEnteredLast(
        configurations: [String]
    ) throws {
        let store = try SurveyStore.inMemory()
        let ids = try configurations.map { try store.beginOrResumeScan(Sample.description($0)).scanID }
        #expect(try store.scanIDs() == ids)
        #expect(try store.latestScanID() == ids.last)
    }

    @Test func anAbortedScanGoesOn() async throws {
        let store = try SurveyStore.inMemory()
        try await store.beginOrResumeScan(Sample.description()).finish(.abortedCanary, at: Sample.began)
        #expect(try store.beginOrResumeScan(Sample.description()).beginning == .resumed(count: 1))
        #expect(try store.rows("SELECT status, ended_at FROM scans") == ["partial|NULL"])
    }

    @Test func readingTheListsAgainChangesNoCount() async throws {
        let store = try SurveyStore.inMemory()
        for reading in 0...1 {
            let session = try store.beginOrResumeScan(Sample.description())
            #expect(session.inputWasComplete == (reading == 1))
            let rows = try ["b.test", "a.test", "b.test"].enumerated().map {
                InputRow(domain: try Sample.name($1), rank: $0 + 1, labels: ["sector": "s\($0)"])
            }
            try await session.addInput(rows)
            try await session.addInputErrors([InputError(file: "list", line: 4, text: "a..b", reason: "empty label")])
            try await session.finishInput(rows: 6, invalid: 1, optedOut: 2)
            #expect(session.progress.domains.total == 2)
        }
        #expect(
            try store.rows("SELECT input_rows, invalid_rows, duplicate_rows, optout_rows FROM scans") == ["6|1|1|2"])
        #expect(
            try store.rows("SELECT domain, rank, labels FROM domains") == [
                #"a.test|2|{"sector":"s1"}"#, #"b.test|1|{"sector":"s0"}"#,
            ])
        #expect(try store.rows("SELECT file, line, text, reason FROM input_errors") == ["list|4|a..b|empty label"])
    }

    @Test func pendingDomainsComeInPagesAndEachOnce() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["c.test", "a.test", "b.test"])
        let first = try await session.pendingDomains(limit: 2)
        #expect(first.map(\.description) == ["a.test", "b.test"])
        // b.test is still in flight: the next page begins behind it all the same.
        try await session.record(domain: Sample.domain("a.test"))
        #expect(try await session.pendingDomains(after: first.last, limit: 2).map(\.description) == ["c.test"])
        #expect(try await session.pendingDomains(limit: 9).map(\.description) == ["b.test", "c.test"])
    }

    @Test func aDomainBringsItsHostsEachOnce() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["a.test", "b.test"])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(10, "m1.test"), (20, "m2.test")]))
        try await session.record(domain: Sample.domain("b.test", .explicit, [(5, "m1.test")]))
        #expect(try await session.pendingHosts(limit: 9).map(\.description) == ["m1.test", "m2.test"])
        #expect(try store.rows("SELECT mx_host, domains_count FROM mx_hosts") == ["m1.test|2", "m2.test|1"])
        #expect(
            try store.rows("SELECT domain, mx_host, preference, is_primary FROM domain_mx") == [
                "a.test|m1.test|10|1", "a.test|m2.test|20|0", "b.test|m1.test|5|1",
            ])
        #expect(try store.rows("SELECT mx_count, mx_primary_count FROM domains") == ["2|1", "1|1"])
        #expect(session.progress.domains.done == 2 && session.progress.hosts.total == 2)
    }

    @Test func aSecondVisitToADomainReplacesItsHosts() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["a.test"])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "old.test"), (2, "kept.test")]))
        try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "new.test"), (2, "kept.test")]))
        try await session.flush()
        #expect(try store.rows("SELECT mx_host FROM domain_mx") == ["kept.test", "new.test"])
        #expect(
            try store.rows("SELECT mx_host, domains_count FROM mx_hosts") == [
                "kept.test|1", "new.test|1", "old.test|0",
            ])
        #expect(try store.rows("SELECT attempts FROM domains") == ["2"])
        #expect(session.progress.domains.done == 1)
    }

    @Test func anUnknownShapeHasNoCountOfHosts() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["a.test", "b.test"])
        try await session.record(domain: Sample.domain("a.test", .unknown, outcome: .timeout, security: .indeterminate))
        try await session.record(domain: Sample.domain("b.test", .nullMx))
        try await session.flush()
        #expect(try store.rows("SELECT mx_count, mx_primary_count FROM domains") == ["NULL|NULL", "0|0"])
        #expect(session.progress.domains.inconclusive == 1)
    }

    @Test func endpointsComeInAnOrderThatIsStableAndNotThatOfTheirNames() async throws {
        let hosts = (0..<40).map { "m\($0).test" }
        func order() async throws -> [String] {
            let store = try SurveyStore.inMemory()
            let session = try await session(store, ["a.test"])
            try await session.record(domain: Sample.domain("a.test", .explicit, hosts.map { (1, $0) }))
            for host in hosts { try await session.record(host: Sample.host(host, ["192.0.2.1", "192.0.2.2"])) }
            var found: [String] = []
            var last: PendingEndpoint?
            while case let page = try await session.pendingEndpoints(after: last, limit: 7), !page.isEmpty {
                found += page.map { "\($0.endpoint.host) \($0.endpoint.address)" }
                last = page.last
            }
            return found
        }
        let first = try await order()
        #expect(first.count == 80 && Set(first).count == 80)
        #expect(first != first.sorted())
        #expect(try await order() == first)
    }

    /// A server without a certificate says so even where the handshake ends there.
    @Test func noCertificateIsNotOneThatWasNotReached() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["a.test"])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "mx.test")]))
        try await session.record(host: Sample.host("mx.test"))
        var result = Sample.secured(try Sample.endpoint("mx.test"), chain: [])
        result.chains = [:]
        result.observation.probes[0].outcome = .badRecord
        result.observation.probes[0].showedNoCertificate = true
        try await session.record(endpoint: result)
        try await session.flush()
        #expect(try store.rows("SELECT outcome, pkix FROM tls_probes") == ["bad_record|no_certificate"])
    }

    @Test func aVisitWritesEndpointProbeChainCertificatesAndAttempt() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["a.test", "b.test"])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "m1.test"), (2, "m2.test")]))
        for host in ["m1.test", "m2.test"] {
            try await session.record(host: Sample.host(host))
            try await session.record(endpoint: Sample.secured(Sample.endpoint(host), chain: ["leaf", "ca"]))
        }
        #expect(try await session.pendingEndpoints(limit: 9).isEmpty)
        #expect(
            try store.rows(
                "SELECT tls, ehlo_extensions, requiretls, size_limit, final_class, attempts FROM endpoints LIMIT 1")
                == [#"ok|["PIPELINING","STARTTLS"]|1|1000|C|1"#])
        #expect(
            try store.rows("SELECT sni, version, chain_sha256, pkix FROM tls_probes LIMIT 1") == [
                "m1.test|TLSv1.3|leaf+ca|not_measured"
            ])
        #expect(try store.rows("SELECT cert_sha256 FROM certificates ORDER BY 1") == ["sha-ca", "sha-leaf"])
        #expect(try store.rows("SELECT mx_host, position, cert_sha256 FROM endpoint_certs").count == 4)
        #expect(
            try store.rows("SELECT hello_profile, attempt, stage, outcome FROM attempts LIMIT 1") == ["full|1|tls|ok"])
        let chains = try await session.chains(limit: 9)
        #expect(chains == [StoredChain(sha256: "leaf+ca", certificates: [Array("leaf".utf8), Array("ca".utf8)])])
    }

    @Test func everyAttemptIsKeptAndTheBestOneStands() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["a.test"])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "m.test")]))
        try await session.record(host: Sample.host("m.test"))
        let endpoint = try Sample.endpoint("m.test")
        try await session.record(endpoint: Sample.failed(endpoint, .timeout))
        try await session.flush()
        #expect(session.progress.endpoints.inconclusive == 1)
        try await session.record(endpoint: Sample.secured(endpoint, chain: ["one", "ca"]))
        try await session.record(endpoint: Sample.secured(endpoint, chain: ["two"]))
        try await session.flush()
        #expect(
            try store.rows("SELECT attempt, stage, outcome FROM attempts") == ["1|tcp|timeout", "2|tls|ok", "3|tls|ok"])
        #expect(try store.rows("SELECT tcp, tls, attempts, connections_used FROM endpoints") == ["open|ok|3|2"])
        #expect(try store.rows("SELECT position, cert_sha256 FROM endpoint_certs") == ["0|sha-two"])
        #expect(session.progress.endpoints.done == 1)
    }

    @Test func progressIsCountedAgainWhenAScanGoesOn() async throws {
        let store = try SurveyStore.inMemory()
        let first = try await session(store, ["a.test", "b.test"])
        try await first.record(domain: Sample.domain("a.test", .explicit, [(1, "m.test"), (1, "n.test")]))
        try await first.record(host: Sample.host("m.test", ["192.0.2.1", "192.0.2.2"]))
        try await first.record(endpoint: Sample.failed(Sample.endpoint("m.test"), .refused))
        try await first.flush()
        #expect(try store.beginOrResumeScan(Sample.description()).progress == first.progress)
        #expect(first.progress.endpoints.total == 2 && first.progress.endpoints.inconclusive == 1)
        #expect(first.progress.hosts.total == 2 && first.progress.hosts.done == 1)
    }
}
