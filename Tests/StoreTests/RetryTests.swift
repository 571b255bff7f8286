// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Store

@Suite struct RetryTests {
    private static let now = Sample.began

    private func session(_ store: SurveyStore, _ hosts: [String], at ip: String? = nil) async throws -> ScanSession {
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(domain: Sample.domain("a.test", .explicit, hosts.map { (1, $0) }))
        for (index, host) in hosts.enumerated() {
            try await session.record(host: Sample.host(host, [ip ?? "192.0.\(2 + index / 200).\(1 + index % 200)"]))
        }
        return session
    }

    @Test func aRetryIsPendingWhenItsTimeHasComeAndNotBefore() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["m1.test", "m2.test"])
        let endpoint = try Sample.endpoint("m1.test", "192.0.2.1")
        let due = Self.now.adding(seconds: 300)
        try await session.record(endpoint: Sample.failed(endpoint, .timeout), retryAt: due)
        #expect(try await session.pendingEndpoints(limit: 9).map(\.endpoint.host.description) == ["m2.test"])
        #expect(try await session.dueEndpoints(at: Self.now.adding(seconds: 299), limit: 9).isEmpty)
        #expect(try await session.nextDue(after: Self.now) == due)
        let page = try await session.dueEndpoints(at: due, limit: 9)
        #expect(page.map(\.endpoint) == [endpoint] && page.first?.attempts == 1)
        #expect(try await session.dueEndpoints(after: page.last, at: due, limit: 9).isEmpty, "not twice in one run")
        #expect(session.progress.endpoints.retrying == 1 && session.progress.endpoints.done == 0)
        #expect(session.progress.endpoints.inconclusive == 1)
        try await session.record(endpoint: Sample.secured(endpoint, chain: ["leaf"]))
        #expect(try await session.dueEndpoints(at: due, limit: 9).isEmpty)
        #expect(try await session.nextDue(after: Self.now) == nil)
        #expect(session.progress.endpoints.retrying == 0 && session.progress.endpoints.done == 1)
        #expect(session.progress.endpoints.inconclusive == 0)
        #expect(try store.beginOrResumeScan(Sample.description()).progress == session.progress)
    }

    @Test func whatWasSeenOnceIsNotUnseen() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["m.test"])
        let endpoint = try Sample.endpoint("m.test")
        try await session.record(endpoint: Sample.secured(endpoint, chain: ["leaf"]))
        try await session.record(endpoint: Sample.failed(endpoint, .timeout))
        try await session.flush()
        #expect(try store.rows("SELECT tcp, tls, attempts, final_class FROM endpoints") == ["open|ok|2|C"])
        #expect(try store.rows("SELECT position, cert_sha256 FROM endpoint_certs") == ["0|sha-leaf"])
        #expect(
            try store.rows("SELECT attempt, stage, outcome FROM attempts") == ["1|tls|ok", "2|tcp|timeout"])
        #expect(session.progress.endpoints.inconclusive == 0)
    }

    @Test func whatIsPutOffWaitsWithoutHavingBeenTried() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["m.test"])
        let endpoint = try Sample.endpoint("m.test")
        try await session.putOff(endpoint, until: Self.now.adding(seconds: 60))
        #expect(try await session.pendingEndpoints(limit: 9).isEmpty)
        #expect(session.progress.endpoints.retrying == 0)
        let due = try await session.dueEndpoints(at: Self.now.adding(seconds: 60), limit: 9)
        #expect(due.map(\.attempts) == [0])
        #expect(try store.beginOrResumeScan(Sample.description()).progress == session.progress)
    }

    @Test func connectionsAreCountedForAnAddressUnderAllItsNames() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["m1.test", "m2.test", "m3.test"], at: "192.0.2.7")
        for host in ["m1.test", "m2.test"] {
            try await session.record(
                endpoint: Sample.secured(Sample.endpoint(host, "192.0.2.7"), chain: ["leaf"]))
        }
        let counted = try await session.pendingEndpoints(limit: 9, countingConnections: true)
        #expect(counted.map(\.connectionsToAddress) == [2])
        #expect(try await session.pendingEndpoints(limit: 9).map(\.connectionsToAddress) == [0])
    }

    /// Every endpoint comes once, however small the pages are, and those of one provider are not neighbours.
    @Test func theOrderIsOneFullCycle() async throws {
        let store = try SurveyStore.inMemory()
        let hosts = (0..<300).map { "mx\($0).\($0 < 150 ? "big" : "d\($0)").test" }
        let session = try await session(store, hosts)
        var seen: [String] = []
        var last: PendingEndpoint?
        while case let page = try await session.pendingEndpoints(after: last, limit: 7), !page.isEmpty {
            seen += page.map(\.endpoint.host.description)
            last = page.last
        }
        #expect(seen.sorted() == hosts.sorted())
        let isBig = seen.map { $0.hasSuffix(".big.test") }
        let neighbours = zip(isBig, isBig.dropFirst()).filter { $0 && $1 }.count
        #expect((40...110).contains(neighbours), "about a quarter of all pairs, as chance would have it: \(neighbours)")
    }
}
