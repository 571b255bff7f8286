// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Store

/// What the raw hellos of one endpoint add up to: yes, no, unknown or excluded.
@Suite struct HelloStatisticsTests {
    enum Counted: Int { case no, yes, unknown, excluded }

    struct Case: CustomTestStringConvertible, Sendable {
        var full: TLSVersion
        var hellos: [(HelloProfile, TLSOutcome, TLSVersion?)]
        var expected: [String: Counted]

        var testDescription: String { "\(full.rawValue) \(hellos.map { "\($0.0.rawValue) \($0.1.rawValue)" })" }
    }

    static let cases = [
        Case(
            full: .tls13,
            hellos: [
                (.pq, .ok, .tls13), (.tls12, .ok, .tls12), (.legacy, .alertProtocolVersion, nil),
            ],
            expected: [
                "tls.supports{1.3}": .yes, "tls.supports{1.2}": .yes, "tls.supports{1.1}": .no,
                "tls.supports{1.0}": .no, "tls.supports{SSLv3}": .excluded, "tls.legacy_accepted": .no,
                "tls.legacy_only": .no, "tls.pq_supported": .yes, "tls.pq_preferred": .excluded,
            ]),
        // 1.0 behind an accepted 1.1 was not asked; that one of them is accepted is certain.
        Case(
            full: .tls13,
            hellos: [
                (.pq, .alertHandshakeFailure, nil), (.tls12, .alertProtocolVersion, nil), (.legacy, .ok, .tls11),
                (.tls10, .notMeasured, nil),
            ],
            expected: [
                "tls.supports{1.2}": .no, "tls.supports{1.1}": .yes, "tls.supports{1.0}": .unknown,
                "tls.legacy_accepted": .yes, "tls.pq_supported": .no, "tls.ems": .excluded,
            ]),
        Case(
            full: .tls13, hellos: [(.legacy, .ok, .tls10)],
            expected: [
                "tls.supports{1.1}": .no, "tls.supports{1.0}": .yes, "tls.legacy_accepted": .yes,
                "tls.pq_supported": .unknown, "tls.supports{1.2}": .unknown, "tls.ems": .unknown,
            ]),
        // A failure is no answer, and of the alerts only number 40 says no to a group.
        Case(
            full: .tls13, hellos: [(.pq, .alertOther, nil), (.tls12, .timeout, nil), (.legacy, .reset, nil)],
            expected: [
                "tls.supports{1.2}": .unknown, "tls.supports{1.1}": .unknown, "tls.supports{1.0}": .unknown,
                "tls.legacy_accepted": .unknown, "tls.pq_supported": .unknown,
            ]),
        Case(
            full: .tls12, hellos: [(.tls11, .alertProtocolVersion, nil), (.tls10, .ok, .tls10)],
            expected: [
                "tls.supports{1.3}": .no, "tls.supports{1.2}": .yes, "tls.supports{1.1}": .no,
                "tls.supports{1.0}": .yes, "tls.legacy_accepted": .yes, "tls.legacy_only": .no,
                "tls.pq_supported": .no,
            ]),
        Case(
            full: .tls12, hellos: [(.tls11, .alertProtocolVersion, nil), (.tls10, .eof, nil)],
            expected: ["tls.supports{1.0}": .unknown, "tls.legacy_accepted": .unknown]),
        Case(
            full: .tls10, hellos: [(.tls11, .alertProtocolVersion, .tls10), (.tls10, .ok, .tls10)],
            expected: [
                "tls.supports{1.2}": .no, "tls.supports{1.1}": .no, "tls.supports{1.0}": .yes,
                "tls.legacy_accepted": .yes, "tls.legacy_only": .yes, "tls.ems": .excluded,
            ]),
        Case(
            full: .tls13,
            hellos: [(.legacy, .alertProtocolVersion, nil), (.deepSSL3, .ok, .ssl3), (.deepGroups, .ok, .tls13)],
            expected: ["tls.supports{SSLv3}": .yes, "tls.legacy_accepted": .yes, "tls.pq_preferred": .yes]),
    ]

    @Test(arguments: cases)
    func hellosAreCounted(_ example: Case) async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "m.test")]))
        try await session.record(host: Sample.host("m.test"))
        let endpoint = try Sample.endpoint("m.test")
        try await session.record(endpoint: Sample.secured(endpoint, example.full, chain: ["leaf"]))
        let probes = example.hellos.map { profile, outcome, version in
            var probe = TLSProbeObservation(profile: profile, serverName: nil, outcome: outcome)
            probe.version = version
            if profile == .deepGroups { probe.group = "X25519MLKEM768" }
            return probe
        }
        try await session.record(hellos: HelloResult(endpoint: endpoint, visits: [], probes: probes))
        try await session.flush()
        let rows = try Statistics.compute(store, scanID: session.scanID)
        for (metric, expected) in example.expected {
            let row = try #require(rows.first { $0.metric == metric }, "\(metric)")
            #expect([row.no, row.yes, row.unknown, row.excluded].firstIndex(of: 1) == expected.rawValue, "\(metric)")
        }
    }
}
