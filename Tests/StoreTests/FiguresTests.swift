// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Store

@Suite struct FiguresTests {
    @Test func whoWasAskedMostAndWhatIsNotKnown() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput(["a.test", "b.test"].map { InputRow(domain: try Sample.name($0)) })
        try await session.record(domain: Sample.domain("a.test", .explicit, (1...4).map { ($0, "m\($0).test") }))
        try await session.record(domain: Sample.domain("b.test", .unknown, outcome: .servfail))
        for host in 1...2 { try await session.record(host: Sample.host("m\(host).test", ["192.0.2.1"])) }
        try await session.record(host: Sample.host("m3.test", ["192.0.2.3"], v6: .dnsTempfail))
        try await session.record(endpoint: Sample.secured(Sample.endpoint("m1.test"), chain: ["leaf"]))
        var failed = try Sample.failed(Sample.endpoint("m2.test"), .timeout)
        failed.observation.connectionsUsed = 1
        for _ in 0..<2 { try await session.record(endpoint: failed) }
        var refused = try Sample.plain(Sample.endpoint("m3.test", "192.0.2.3"))
        refused.observation.greeting = .blockedByReputation
        (refused.observation.ehlo, refused.observation.starttls) = (.notReached, .notReached)
        refused.observation.connectionsUsed = 1
        try await session.record(endpoint: refused)
        let figures = try await session.figures()
        #expect(figures.connections == 4)
        #expect(
            figures.receivers == [
                ScanFigures.Receiver(address: "192.0.2.1", hosts: 2, connections: 3),
                ScanFigures.Receiver(address: "192.0.2.3", hosts: 1, connections: 1),
            ])
        #expect(
            figures.inconclusive == [
                ScanFigures.Cause(stage: "address", outcome: "dns_tempfail", count: 1),
                ScanFigures.Cause(stage: "dns", outcome: "servfail", count: 1),
                ScanFigures.Cause(stage: "greeting", outcome: "blocked_by_reputation", count: 1),
                ScanFigures.Cause(stage: "tcp", outcome: "timeout", count: 1),
            ])
        #expect(try await session.figures(receivers: 1).receivers.count == 1)
    }

    @Test func aDryRunCountsWhenItIsCompleteAndConductedInTheSameWay() async throws {
        let store = try SurveyStore.inMemory()
        var description = Sample.description()
        description.isDryRun = true
        description.conductSHA256 = "c0"
        let session = try store.beginOrResumeScan(description)
        #expect(try !store.hasDryRun(conduct: "c0"), "it has only begun")
        try await session.finish(.complete, at: Sample.began)
        #expect(try store.hasDryRun(conduct: "c0"))
        #expect(try !store.hasDryRun(conduct: "c1"))
    }
}
