// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Store

/// What is written where another name's handshake stands for one's own, and what a scan that goes on finds of it.
@Suite struct HandshakeSharingRecordTests {
    let store: SurveyStore
    let session: ScanSession
    let names = ["a.test", "b.test", "c.test", "d.test"]

    init() async throws {
        store = try SurveyStore.inMemory()
        session = try store.beginOrResumeScan(Sample.description())
        for name in names + ["alone.test"] {
            try await session.addInput([InputRow(domain: try Sample.name("for-" + name))])
            try await session.record(domain: Sample.domain("for-" + name, .explicit, [(1, name)]))
            try await session.record(host: Sample.host(name, [name == "alone.test" ? "192.0.2.2" : "192.0.2.1"]))
        }
    }

    @Test func onlyFourNamesShareAnAddress() async throws {
        let pending = try await session.pendingEndpoints(limit: 9)
        #expect(pending.filter(\.sharesAddress).count == 4)
        #expect(pending.first { !$0.sharesAddress }?.endpoint.host.description == "alone.test")
        #expect(pending.allSatisfy { !$0.hasSecureTLSA })
    }

    @Test func secureTLSARecordsAreSeen() async throws {
        let record = TLSARecord(
            certificateUsage: 3, selector: 1, matchingType: 1, associationData: [UInt8](repeating: 1, count: 32))
        var host = try Sample.host("d.test")
        host.tlsa = TLSALookup(
            base: host.addresses.host, status: LookupStatus(outcome: .noerrorData, security: .secure), records: [record]
        )
        try await session.record(host: host)
        let pending = try await session.pendingEndpoints(limit: 9)
        #expect(pending.filter(\.hasSecureTLSA).map { "\($0.endpoint.host)" } == ["d.test"])
    }

    @Test func anInferredEndpointIsTheDonorsWithoutConnections() async throws {
        var donor = Sample.secured(try Sample.endpoint("a.test"), chain: ["leaf", "ca"])
        donor.wantsHellos = true
        try await session.record(endpoint: donor)
        try await session.record(inferred: Sample.endpoint("b.test"), from: Sample.name("a.test"))
        try await session.flush()
        #expect(
            try store.rows(
                "SELECT tcp, starttls, tls, requiretls, final_class, connections_used, attempts, state, hellos FROM endpoints WHERE mx_host = 'b.test'"
            ) == ["open|offered_220|ok|1|C|0|0|done|pending"])
        #expect(
            try store.rows(
                "SELECT hello_profile, source, inferred_from, sni, outcome, chain_sha256, pkix FROM tls_probes WHERE mx_host = 'b.test'"
            ) == ["full|inferred|a.test|a.test|ok|leaf+ca|not_measured"])
        #expect(
            try store.rows("SELECT cert_sha256 FROM endpoint_certs WHERE mx_host = 'b.test' ORDER BY position") == [
                "sha-leaf", "sha-ca",
            ])
        #expect(session.progress.inferred == 1 && session.progress.endpoints.done == 2)
        #expect(session.progress.hellos.total == 2)
        #expect(try store.beginOrResumeScan(Sample.description()).progress == session.progress)
    }

    /// In the order of probing, whatever the order of the answers; what was inferred is no evidence.
    @Test func aScanThatGoesOnFindsWhatWasShown() async throws {
        let order = try await session.pendingEndpoints(limit: 9).filter(\.sharesAddress).map(\.endpoint)
        for endpoint in order.prefix(3).reversed() {
            try await session.record(endpoint: Sample.secured(endpoint, chain: ["leaf"]))
        }
        try await session.record(inferred: order[3], from: order[0].host)
        let again = try store.beginOrResumeScan(Sample.description())
        try await session.flush()
        let shown = try await again.handshakes(at: order[3], limit: 64)
        #expect(shown.map(\.host) == order.prefix(3).map(\.host) && shown.allSatisfy { $0.chainSHA256 == "leaf" })
        #expect(try await again.handshakes(at: order[3], limit: 2).count == 2)
    }

    @Test func theControlSampleIsCounted() async throws {
        for (name, check) in zip(names, [InferenceCheck.agrees, .disagrees, .unknown, nil]) {
            var result = Sample.secured(try Sample.endpoint(name), chain: ["leaf"])
            result.inferenceCheck = check
            try await session.record(endpoint: result)
        }
        try await session.flush()
        let progress = session.progress
        #expect(progress.checks.total == 3 && progress.checks.done == 2 && progress.checks.inconclusive == 1)
        #expect(progress.disagreements == 1)
        #expect(try store.beginOrResumeScan(Sample.description()).progress == progress)
        let row = try Statistics.compute(store, scanID: session.scanID).first { $0.metric == "tls.inference_disagrees" }
        #expect(row.map { [$0.yes, $0.no, $0.unknown, $0.excluded] } == [1, 1, 1, 2])
    }

    @Test func aSampleIsTheSameOnEveryRunAndAboutAsLargeAsItsShare() throws {
        let again = try store.beginOrResumeScan(Sample.description())
        let drawn = (0..<10_000).filter { session.draws(0.01, "control h\($0)") }
        #expect((60...140).contains(drawn.count))
        #expect(drawn == (0..<10_000).filter { again.draws(0.01, "control h\($0)") })
        #expect((0..<100).allSatisfy { session.draws(1, "\($0)") && !session.draws(0, "\($0)") })
    }
}
