// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Store

/// What may have been our own network's doing is pending again, and what was seen before stays.
@Suite struct DoubtTests {
    let store: SurveyStore
    let session: ScanSession
    private static let well = Sample.began.adding(seconds: 1_000)

    init() async throws {
        store = try SurveyStore.inMemory()
        session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(domain: Sample.domain("a.test", .explicit, (1...4).map { ($0, "m\($0).test") }))
        for host in 1...4 { try await session.record(host: Sample.host("m\(host).test", ["192.0.2.\(host)"])) }
    }

    private func endpoint(_ number: Int) throws -> Endpoint {
        try Sample.endpoint("m\(number).test", "192.0.2.\(number)")
    }

    /// A visit that began and ended so many seconds behind the last good look.
    private func visit(_ result: EndpointResult, _ begun: Int64, _ ended: Int64) async throws {
        let seen = result.observation
        var moved = EndpointObservation(endpoint: seen.endpoint, at: Self.well.adding(seconds: begun))
        moved.endedAt = Self.well.adding(seconds: ended)
        (moved.tcp, moved.greeting, moved.ehlo, moved.starttls) = (seen.tcp, seen.greeting, seen.ehlo, seen.starttls)
        (moved.tls, moved.probes, moved.connectionsUsed) = (seen.tls, seen.probes, 1)
        var result = result
        result.observation = moved
        try await session.record(endpoint: result)
    }

    @Test func visitsAreForgottenFromTheMomentOn() async throws {
        try await visit(Sample.secured(endpoint(1), chain: ["leaf"]), -9, -1)
        try await visit(Sample.secured(endpoint(2), chain: ["leaf"]), 3, 4)
        try await visit(Sample.failed(endpoint(3), .timeout), -5, 5)
        try await visit(Sample.failed(endpoint(4), .timeout), -500, -490)
        try await visit(Sample.plain(endpoint(4)), 1, 2)
        #expect(try await session.doubt(since: Self.well, longestVisit: 60) == 3)
        #expect(
            try store.rows("SELECT mx_host, tcp, tls, state, attempts, connections_used FROM endpoints ORDER BY 1") == [
                "m1.test|open|ok|done|1|1", "m2.test|not_measured|not_measured|pending|0|1",
                "m3.test|not_measured|not_measured|pending|0|1", "m4.test|not_measured|not_measured|pending|1|2",
            ])
        #expect(
            try store.rows("SELECT mx_host, outcome FROM attempts ORDER BY 1") == ["m1.test|ok", "m4.test|timeout"])
        #expect(try store.rows("SELECT mx_host FROM tls_probes") == ["m1.test"])
        #expect(try store.rows("SELECT mx_host FROM endpoint_certs") == ["m1.test"])
        #expect(session.progress.endpoints.done == 1)
        #expect(try store.beginOrResumeScan(Sample.description()).progress == session.progress)
        // And it can be seen as if for the first time.
        #expect(try await session.pendingEndpoints(limit: 9).count == 3)
        try await visit(Sample.secured(endpoint(3), chain: ["leaf"]), 100, 101)
        try await visit(Sample.plain(endpoint(4)), 100, 101)
        try await session.flush()
        #expect(
            try store.rows("SELECT mx_host, attempts, state FROM endpoints ORDER BY 1").suffix(2)
                == ["m3.test|1|done", "m4.test|2|done"])
    }

    @Test func whatWasInferredFromThemGoesWithThem() async throws {
        try await session.record(host: Sample.host("m2.test", ["192.0.2.1"]))
        let donor = try endpoint(1)
        let other = try Sample.endpoint("m2.test", "192.0.2.1")
        try await visit(Sample.secured(donor, chain: ["leaf"]), 1, 2)
        try await session.record(inferred: other, from: donor.host)
        #expect(try await session.doubt(since: Self.well, longestVisit: 60) == 2)
        #expect(try store.rows("SELECT count(*) FROM tls_probes") == ["0"])
        #expect(try await session.pendingEndpoints(limit: 9).map(\.endpoint).contains(other))
    }

    @Test func rawHellosAreSentAgain() async throws {
        var result = try Sample.secured(endpoint(1), chain: ["leaf"])
        result.wantsHellos = true
        result.observation.endedAt = Self.well.adding(seconds: -100)
        try await session.record(endpoint: result)
        var hello = EndpointObservation(endpoint: try endpoint(1), at: Self.well.adding(seconds: 1))
        hello.tcp = .timeout
        hello.endedAt = Self.well.adding(seconds: 2)
        hello.connectionsUsed = 1
        let probe = TLSProbeObservation(profile: .pq, serverName: nil, outcome: .notReached)
        hello.probes = [probe]
        try await session.record(hellos: HelloResult(endpoint: try endpoint(1), visits: [hello], probes: [probe]))
        #expect(try await session.pendingHellos(limit: 9).isEmpty)
        #expect(try await session.doubt(since: Self.well, longestVisit: 60) == 0)
        #expect(try await session.pendingHellos(limit: 9).map(\.endpoint) == [endpoint(1)])
        #expect(try store.rows("SELECT hello_profile FROM tls_probes") == ["full"])
        #expect(try store.rows("SELECT tls, state FROM endpoints WHERE mx_host = 'm1.test'") == ["ok|done"])
    }

    @Test func answersOfDNSStayAndSilenceDoesNot() async throws {
        try await session.addInput(["b.test", "c.test"].map { InputRow(domain: try Sample.name($0)) })
        for (name, outcome) in [("b.test", DNSOutcome.timeout), ("c.test", .nxdomain)] {
            var result = try Sample.domain(name, outcome == .timeout ? .unknown : .nxdomain, outcome: outcome)
            result.measuredAt = Self.well.adding(seconds: 5)
            try await session.record(domain: result)
        }
        _ = try await session.doubt(since: Self.well, longestVisit: 60)
        #expect(try await session.pendingDomains(limit: 9).map(\.description) == ["b.test"])
        #expect(try store.rows("SELECT dns_mx_outcome FROM domains WHERE domain = 'c.test'") == ["nxdomain"])
    }

    @Test func theLastGoodLookIsKeptWithTheScan() async throws {
        #expect(try await session.canariesWereWell() == nil)
        try await session.noteCanariesWell(at: Self.well)
        #expect(try await session.canariesWereWell() == Self.well)
    }
}
