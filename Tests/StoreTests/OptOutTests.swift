// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Store

@Suite struct OptOutTests {
    @Test func whoOptsOutBeforeTheirTurnLeavesANumberAndNothingElse() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([
            InputRow(domain: try Sample.name("a.test")), InputRow(domain: try Sample.name("b.test")),
        ])
        try await session.finishInput(rows: 2, invalid: 0, optedOut: 0)
        try await session.forget(domain: Sample.name("b.test"))
        try await session.flush()
        #expect(try store.rows("SELECT domain FROM domains") == ["a.test"])
        #expect(try store.rows("SELECT input_rows, optout_rows, duplicate_rows FROM scans") == ["2|1|0"])
        #expect(session.progress.domains.total == 1)
    }

    @Test func forgottenHostIsNamedByNoDomain() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(10, "m1.test"), (20, "m2.test")]))
        try await session.forget(host: Sample.name("m2.test"))
        #expect(try await session.pendingHosts(limit: 9).map(\.description) == ["m1.test"])
        #expect(try store.rows("SELECT mx_host FROM domain_mx") == ["m1.test"])
        #expect(session.progress.hosts.total == 1)
    }

    @Test func whatWasSeenIsForgottenToo() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(10, "m1.test"), (20, "m2.test")]))
        for host in ["m1.test", "m2.test"] {
            let endpoint = try Sample.endpoint(host)
            try await session.record(host: Sample.host(host))
            try await session.record(endpoint: Sample.secured(endpoint, chain: ["leaf"]))
        }
        try await session.forget(host: Sample.name("m1.test"))
        try await session.forget(endpoint: Sample.endpoint("m2.test"))
        try await session.forget(domain: Sample.name("a.test"))
        try await session.flush()
        for table in ["domains", "domain_mx", "endpoints", "tls_probes", "endpoint_certs", "attempts"] {
            #expect(try store.rows("SELECT count(*) FROM \(table)") == ["0"], "\(table)")
        }
        #expect(try store.rows("SELECT mx_host, domains_count FROM mx_hosts") == ["m2.test|0"])
        #expect(session.progress.endpoints.total == 0 && session.progress.domains.total == 0)
    }
}
