// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Observations
import Testing

@testable import Store

@Suite struct TLSARowsTests {
    let store: SurveyStore
    let session: ScanSession
    private let digest = [UInt8](repeating: 0xA0, count: 32)
    private let longDigest = [UInt8](repeating: 0x0B, count: 64)

    init() async throws {
        store = try SurveyStore.inMemory()
        session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(10, "m1.test"), (20, "m2.test")]))
    }

    private func lookup(
        _ base: String, _ records: [(Int, Int, Int, [UInt8])], _ security: Security = .secure
    ) throws -> TLSALookup {
        TLSALookup(
            base: try Sample.name(base), status: LookupStatus(outcome: .noerrorData, security: security),
            records: records.map {
                TLSARecord(certificateUsage: $0, selector: $1, matchingType: $2, associationData: $3)
            })
    }

    private func record(_ host: String, _ tlsa: TLSALookup) async throws {
        var result = try Sample.host(host, security: .secure)
        result.tlsa = tlsa
        try await session.record(host: result)
        try await session.flush()
    }

    @Test func everyRecordIsARowThatSaysWhetherItCounts() async throws {
        try await record(
            "m1.test",
            lookup("m1.test", [(3, 1, 1, digest), (3, 1, 2, longDigest), (1, 1, 1, digest), (2, 0, 1, [1])]))
        #expect(
            try store.rows("SELECT tlsa_base, tlsa_outcome, tlsa_dnssec FROM mx_hosts WHERE mx_host = 'm1.test'")
                == ["m1.test|noerror_data|secure"])
        #expect(
            try store.rows("SELECT usage, selector, mtype, length(data_hex), dnssec, usable, shadowed FROM tlsa")
                == [
                    "1|1|1|64|secure|bad_usage|0", "2|0|1|2|secure|bad_length|0", "3|1|1|64|secure|usable|1",
                    "3|1|2|128|secure|usable|0",
                ])
        #expect(try store.rows("SELECT data_hex FROM tlsa WHERE mtype = 2") == [String(repeating: "0b", count: 64)])
    }

    @Test func recordsComeBackAsTheyWere() async throws {
        let found = try lookup("m1.test", [(2, 0, 0, [0x30, 0xFF]), (3, 1, 1, digest)])
        try await record("m1.test", found)
        let back = try store.read { db in
            try TLSARows(scanID: session.scanID, base: Sample.name("m1.test")).records(db)
        }
        #expect(back == found.records)
    }

    @Test func aLaterVisitReplacesWhatWasFoundBelowTheName() async throws {
        try await record("m1.test", lookup("shared.test", [(3, 1, 1, digest)]))
        try await record("m2.test", lookup("shared.test", [(2, 1, 1, digest)]))
        #expect(try store.rows("SELECT tlsa_base, usage FROM tlsa") == ["shared.test|2"])
    }

    @Test func recordsAreForgottenWithTheLastOfTheirHosts() async throws {
        try await record("m1.test", lookup("shared.test", [(3, 1, 1, digest)]))
        try await record("m2.test", lookup("shared.test", [(3, 1, 1, digest)]))
        try await session.forget(host: Sample.name("m1.test"))
        try await session.flush()
        #expect(try store.rows("SELECT tlsa_base FROM tlsa") == ["shared.test"])
        try await session.forget(host: Sample.name("m2.test"))
        try await session.flush()
        #expect(try store.rows("SELECT tlsa_base FROM tlsa").isEmpty)
    }

    @Test func anAbsenceHasNoRows() async throws {
        let absent = TLSALookup(status: LookupStatus(outcome: .nxdomain, security: .secure))
        try await record("m1.test", absent)
        #expect(
            try store.rows("SELECT tlsa_base, tlsa_outcome, tlsa_dnssec FROM mx_hosts WHERE mx_host = 'm1.test'")
                == ["NULL|nxdomain|secure"])
        #expect(try store.rows("SELECT * FROM tlsa").isEmpty)
    }

    @Test(
        arguments: [
            (3, Security.secure, "base.test"), (3, .insecure, "m1.test"), (1, .secure, "m1.test"),
        ])
    func theNameToAskForIsTheBaseOfUsableSecureRecords(usage: Int, security: Security, name: String) async throws {
        try await record("m1.test", lookup("base.test", [(usage, 1, 1, digest)], security))
        try await record("m2.test", .notReached)
        let pending = try await session.pendingEndpoints(limit: 9)
        let names = Dictionary(uniqueKeysWithValues: pending.map { ($0.endpoint.host.description, $0.serverName) })
        #expect(names["m1.test"]?.description == name)
        #expect(names["m2.test"]?.description == "m2.test")
    }

    @Test func aCellWithoutMatchesSaysWhy() async throws {
        try await record("m1.test", lookup("m1.test", [(3, 1, 1, digest)]))
        let folder = try ScratchFolder()
        func cell() throws -> String? {
            _ = try Exporter(store, scanID: session.scanID).write(to: folder.path)
            return try CSVLines(folder.file("tlsa.csv")).records.first?["matched_ips"]
        }
        #expect(try cell() == "NM")
        try await session.setAggregates(DomainAggregates(), of: Sample.name("a.test"))
        try await session.flush()
        #expect(try cell() == "UNK")
        try await record("m1.test", lookup("m1.test", [(1, 1, 1, digest)]))
        #expect(try cell() == "", "nobody compares what is not usable")
    }
}
