// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Store

/// Raw hellos: once for each address and port, for every name there, and never against what is known.
@Suite struct HelloRecordingTests {
    let store: SurveyStore
    let session: ScanSession

    init() async throws {
        store = try SurveyStore.inMemory()
        session = try store.beginOrResumeScan(Sample.description())
    }

    /// Hosts at one address, each with a completed handshake that asks for hellos, or not.
    private func hosts(_ names: [String], at ip: String = "192.0.2.1", wantsHellos: Bool = true) async throws {
        for name in names {
            try await session.addInput([InputRow(domain: try Sample.name("for-" + name))])
            try await session.record(domain: Sample.domain("for-" + name, .explicit, [(1, name)]))
            try await session.record(host: Sample.host(name, [ip]))
            var result = Sample.secured(try Sample.endpoint(name, ip), chain: ["leaf"])
            result.wantsHellos = wantsHellos
            try await session.record(endpoint: result)
        }
    }

    private func visit(_ endpoint: Endpoint, _ probe: TLSProbeObservation) -> EndpointObservation {
        var seen = EndpointObservation(endpoint: endpoint, at: Sample.began)
        seen.tcp = .open
        seen.greeting = .ready
        seen.ehlo = .ok
        seen.starttls = .offered
        seen.tls = probe.outcome
        seen.connectionsUsed = 1
        seen.probes = [probe]
        return seen
    }

    private func probe(
        _ profile: HelloProfile, _ outcome: TLSOutcome, _ version: TLSVersion? = nil
    ) -> TLSProbeObservation {
        var probe = TLSProbeObservation(profile: profile, serverName: nil, outcome: outcome)
        probe.version = version
        return probe
    }

    private func answers(_ endpoint: Endpoint, _ probes: [TLSProbeObservation]) -> HelloResult {
        HelloResult(endpoint: endpoint, visits: probes.map { visit(endpoint, $0) }, probes: probes)
    }

    @Test func anAddressIsAskedOnceForAllItsNames() async throws {
        try await hosts(["a.test", "b.test", "c.test"])
        try await hosts(["other.test"], at: "192.0.2.2")
        try await hosts(["plain.test"], wantsHellos: false)
        let pending = try await session.pendingHellos(limit: 9)
        #expect(Set(pending.map { "\($0.endpoint.address)" }) == ["192.0.2.1", "192.0.2.2"] && pending.count == 2)
        let asked = try #require(pending.first { "\($0.endpoint.address)" == "192.0.2.1" })
        #expect(asked.connectionsUsed == 4 && asked.probes.map(\.profile) == [.full])
        #expect(asked.probes.first?.version == .tls13 && asked.probes.first?.serverName == asked.endpoint.host)
        #expect(session.progress.hellos.total == 4)

        try await session.record(
            hellos: answers(asked.endpoint, [probe(.pq, .alertHandshakeFailure), probe(.tls12, .ok, .tls12)]))
        #expect(try await session.pendingHellos(limit: 9).map { "\($0.endpoint.host)" } == ["other.test"])
        #expect(session.progress.hellos.done == 3)
        let host = "\(asked.endpoint.host)"
        #expect(
            try store.rows(
                """
                SELECT mx_host = '\(host)', source, inferred_from, hello_profile, outcome, version FROM tls_probes
                WHERE hello_profile <> 'full' AND ip = '192.0.2.1' GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 4
                """) == [
                    "0|inferred|\(host)|pq|alert_handshake_failure|NULL", "0|inferred|\(host)|tls12|ok|TLSv1.2",
                    "1|measured|NULL|pq|alert_handshake_failure|NULL", "1|measured|NULL|tls12|ok|TLSv1.2",
                ])
        #expect(
            try store.rows("SELECT count(*) FROM tls_probes WHERE mx_host = 'plain.test'") == ["1"],
            "nothing is inferred for who did not reach TLS")
        #expect(
            try store.rows(
                "SELECT mx_host = '\(host)', connections_used FROM endpoints WHERE ip = '192.0.2.1' GROUP BY 1")
                == ["0|1", "1|3"])
    }

    @Test func aLaterFailureTakesNoAnswerBack() async throws {
        try await hosts(["a.test"])
        let endpoint = try Sample.endpoint("a.test")
        var first = answers(endpoint, [probe(.pq, .ok, .tls13), probe(.tls12, .timeout)])
        first.isFinished = false
        try await session.record(hellos: first)
        // Told to stop: what is known need not be asked again.
        let pending = try #require(try await session.pendingHellos(limit: 9).first)
        #expect(Set(pending.probes.map(\.profile)) == [.full, .pq, .tls12])
        try await session.record(hellos: answers(endpoint, [probe(.pq, .reset), probe(.tls12, .ok, .tls12)]))
        try await session.flush()
        #expect(
            try store.rows("SELECT hello_profile, outcome, version FROM tls_probes ORDER BY 1") == [
                "full|ok|TLSv1.3", "pq|ok|TLSv1.3", "tls12|ok|TLSv1.2",
            ])
        #expect(
            try store.rows("SELECT hello_profile, attempt, outcome FROM attempts ORDER BY 1, 2") == [
                "full|1|ok", "pq|1|ok", "pq|2|reset", "tls12|1|timeout", "tls12|2|ok",
            ])
        #expect(try store.rows("SELECT starttls, tls, final_class, attempts FROM endpoints") == ["offered_220|ok|C|1"])
    }

    @Test func aVisitThatFoundOutLessChangesNothingButTheCounts() async throws {
        try await hosts(["a.test"])
        let endpoint = try Sample.endpoint("a.test")
        try await session.record(endpoint: Sample.failed(endpoint, .timeout))
        try await session.flush()
        #expect(
            try store.rows("SELECT tcp, tls, final_class, attempts, hellos FROM endpoints") == ["open|ok|C|2|pending"])
        #expect(try store.rows("SELECT outcome FROM tls_probes") == ["ok"])
        #expect(try store.rows("SELECT attempt, stage FROM attempts ORDER BY 1") == ["1|tls", "2|tcp"])
    }

    @Test func suitesAreKeptInTheServersOrder() async throws {
        try await hosts(["a.test"])
        let endpoint = try Sample.endpoint("a.test")
        var whole = probe(.deepSuites(.tls12), .ok, .tls12)
        whole.serverPreference = true
        var result = answers(endpoint, [whole])
        result.suites = [.tls12: ["TLS_RSA_WITH_B", "TLS_RSA_WITH_A"]]
        try await session.record(hellos: result)
        try await session.flush()
        #expect(
            try store.rows("SELECT version, position, cipher FROM tls_suites ORDER BY position") == [
                "TLSv1.2|0|TLS_RSA_WITH_B", "TLSv1.2|1|TLS_RSA_WITH_A",
            ])
        #expect(
            try store.rows("SELECT server_preference FROM tls_probes WHERE hello_profile = 'deep_suites_TLSv1.2'") == [
                "1"
            ])
    }

    @Test func aScanGoesOnWithTheSameCounts() async throws {
        try await hosts(["a.test", "b.test"])
        let pending = try #require(try await session.pendingHellos(limit: 1).first)
        try await session.record(hellos: answers(pending.endpoint, [probe(.pq, .ok, .tls13)]))
        try await session.flush()
        #expect(try store.beginOrResumeScan(Sample.description()).progress == session.progress)
    }
}
