// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations
import Testing

@testable import Store

/// Each port has TLSA records of its own (RFC 6698 §3): they decide for the endpoints with that port alone.
@Suite struct PortTLSATests {
    let store: SurveyStore
    let session: ScanSession
    private let record = TLSARecord(
        certificateUsage: 3, selector: 1, matchingType: 1, associationData: [UInt8](repeating: 7, count: 32))
    private let broken = TLSARecord(
        certificateUsage: 2, selector: 0, matchingType: 0, associationData: [1, 2], isFullDataReadable: false)

    init() async throws {
        store = try SurveyStore.inMemory()
        session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(10, "m1.test")], security: .secure))
        var host = try Sample.host("m1.test", security: .secure)
        host.tlsa = lookup("m1.test", [record])
        host.tlsaOfOtherPorts = [
            465: TLSALookup(status: LookupStatus(outcome: .nxdomain, security: .secure)),
            587: lookup("base.test", [record, broken]), 2525: lookup("base.test", [broken]),
        ]
        host.endpoints = [25, 465, 587, 2525].map {
            Endpoint(host: host.addresses.host, address: host.endpoints[0].address, port: $0)
        }
        try await session.record(host: host)
    }

    private func lookup(_ base: String, _ records: [TLSARecord]) -> TLSALookup {
        TLSALookup(
            base: try? DomainName(base), status: LookupStatus(outcome: .noerrorData, security: .secure),
            records: records)
    }

    @Test func aHostComesWithTheRecordsOfEachPort() async throws {
        for pending in try await session.pendingEndpoints(limit: 9) {
            try await session.record(endpoint: Sample.secured(pending.endpoint, chain: ["leaf"]))
        }
        let host = try #require(try await session.hostsToJudge(limit: 1).first)
        #expect(host.records == [record] && host.endpoints.map(\.outcomes.endpoint.port) == [25])
        #expect(host.otherPorts.map(\.port) == [465, 587, 2525])
        #expect(host.otherPorts.map(\.tlsa.records) == [[], [record, broken], [broken]])
        #expect(host.otherPorts.map(\.tlsa.status.outcome) == [.nxdomain, .noerrorData, .noerrorData])
        #expect(host.otherPorts.map { $0.endpoints.map(\.outcomes.endpoint.port) } == [[], [587], []])
    }

    @Test func theNameToAskForIsThatOfThePort() async throws {
        let names = try await session.pendingEndpoints(limit: 9).map { ($0.endpoint.port, "\($0.serverName)") }
        #expect(
            Dictionary(uniqueKeysWithValues: names)
                == [25: "m1.test", 465: "m1.test", 587: "base.test", 2525: "m1.test"])
    }

    @Test func theBaseOfAProbeIsThatOfItsPort() async throws {
        for pending in try await session.pendingEndpoints(limit: 9) {
            try await session.record(endpoint: Sample.secured(pending.endpoint, chain: ["leaf"]))
        }
        let bases = try await session.probes(limit: 9).map { ($0.endpoint.port, $0.tlsaBase?.description) }
        #expect(
            Dictionary(uniqueKeysWithValues: bases)
                == [25: "m1.test", 465: nil, 587: "base.test", 2525: "base.test"])
    }

    @Test func aJudgementReachesTheProbesOfItsPort() async throws {
        for pending in try await session.pendingEndpoints(limit: 9) {
            try await session.record(endpoint: Sample.secured(pending.endpoint, chain: ["leaf"]))
        }
        var judgement = HostJudgement(host: try Sample.name("m1.test"), state: .matchEE)
        judgement.otherPorts = [465: .absentSecure, 587: .mismatch, 2525: .unusable]
        try await session.setDANE(judgement)
        try await session.flush()
        #expect(
            try store.rows("SELECT port, dane FROM tls_probes ORDER BY port")
                == ["25|match_ee", "465|absent_secure", "587|mismatch", "2525|unusable"])
        #expect(try store.rows("SELECT dane_state FROM mx_hosts") == ["match_ee"])
    }

    @Test func whoOptsOutTakesThemAlong() async throws {
        try await session.forget(host: Sample.name("m1.test"))
        try await session.flush()
        #expect(try store.rows("SELECT * FROM port_tlsa").isEmpty)
    }
}

/// TLS before the greeting (RFC 8314 §3.3): the stages come in another order.
@Suite struct ImplicitTLSRowsTests {
    @Test func starttlsIsNotReachedAndTheScanGoesOn() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(10, "m1.test"), (10, "m2.test")]))
        for name in ["m1.test", "m2.test"] { try await session.record(host: Sample.host(name)) }
        var result = Sample.secured(try Sample.endpoint("m1.test"), chain: ["leaf"])
        result.observation.opensInTLS = true
        result.observation.starttls = .notReached
        result.observation.starttlsCode = nil
        try await session.record(endpoint: result)
        var late = Sample.secured(try Sample.endpoint("m2.test"), chain: ["leaf"])
        late.observation.opensInTLS = true
        (late.observation.starttls, late.observation.ehlo) = (.notReached, .notReached)
        late.observation.greeting = .timeout
        #expect(late.observation.finalClass == .transient, "the greeting comes last")
        try await session.record(endpoint: late)
        try await session.flush()
        #expect(
            try store.rows("SELECT tls, greeting, ehlo, starttls, final_class FROM endpoints ORDER BY mx_host")
                == ["ok|220|250|not_reached|C", "ok|timeout|not_reached|not_reached|T"])
        let rows = try Statistics.compute(store, scanID: session.scanID)
        let offered = rows.filter { $0.metric.hasPrefix("starttls.") && $0.unit == "endpoint" }
        #expect(offered.count == 2 && offered.allSatisfy { $0.yes == 0 && $0.no == 0 }, "nobody asked")
    }
}
