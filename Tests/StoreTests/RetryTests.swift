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

    @Test func aDomainThatNobodyAnsweredForIsAskedAgain() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput(["a.test", "b.test"].map { InputRow(domain: try Sample.name($0)) })
        let later: @Sendable (Int) -> Timestamp? = { $0 < 3 ? Self.now.adding(seconds: Int64($0) * 300) : nil }
        try await session.record(domain: Sample.domain("a.test", .unknown, outcome: .servfail), retryAt: later)
        try await session.record(domain: Sample.domain("b.test", .nxdomain, outcome: .nxdomain), retryAt: later)
        #expect(try await session.nextDueLookup() == Self.now.adding(seconds: 300))
        #expect(try await session.dueDomains(at: Self.now, limit: 9).isEmpty)
        let due = try await session.dueDomains(at: Self.now.adding(seconds: 300), limit: 9)
        #expect(due.map(\.domain.description) == ["a.test"] && session.progress.domains.inconclusive == 1)
        #expect(due.map(\.shape) == [nil])
        try await session.record(domain: Sample.domain("a.test", .unknown, outcome: .timeout), retryAt: later)
        #expect(try await session.nextDueLookup() == Self.now.adding(seconds: 600))
        try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "m.test")]), retryAt: later)
        #expect(try await session.nextDueLookup() == nil)
        #expect(try await session.pendingHosts(limit: 9).map(\.description) == ["m.test"])
        #expect(
            try store.rows("SELECT domain, mx_shape, attempts FROM domains") == [
                "a.test|explicit|3", "b.test|nxdomain|1",
            ])
        #expect(session.progress.domains.inconclusive == 0 && session.progress.domains.done == 2)
        #expect(try store.beginOrResumeScan(Sample.description()).progress == session.progress)
    }

    /// The order of probing may have been gone through by then: what a further look finds waits among what is due.
    @Test func whatIsFoundLateIsDueAndNotPending() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        let moment = Self.now.adding(seconds: 301)
        try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "m.test")]), notBefore: moment)
        #expect(try await session.nextDueLookup() == moment)
        #expect(try await session.dueHosts(at: moment, limit: 9).map(\.description) == ["m.test"])
        try await session.record(host: Sample.host("m.test"), notBefore: moment)
        #expect(try await session.nextDueLookup() == nil)
        #expect(try await session.pendingEndpoints(limit: 9).isEmpty)
        #expect(try await session.nextDue(after: Self.now) == moment)
        #expect(try await session.dueEndpoints(at: moment, limit: 9).map(\.attempts) == [0])
        #expect(session.progress.endpoints.total == 1 && session.progress.endpoints.retrying == 0)
        #expect(try store.beginOrResumeScan(Sample.description()).progress == session.progress)
    }

    /// That there is no MX is no answer yet while nobody can say whether there is an address.
    @Test func aDomainWhoseAddressWasNotAnsweredIsAskedAgain() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        let later: @Sendable (Int) -> Timestamp? = { _ in Self.now }
        try await session.record(domain: Sample.domain("a.test", .unknown, outcome: .noerrorNodata), retryAt: later)
        #expect(try await session.dueDomains(at: Self.now, limit: 9).map(\.domain.description) == ["a.test"])
        try await session.record(domain: Sample.domain("a.test", .noMail, outcome: .noerrorNodata), retryAt: later)
        #expect(try await session.nextDueLookup() == nil)
        #expect(session.progress.domains.inconclusive == 0)
    }

    /// A further look that was answered less does not unsee what was seen.
    @Test func aHostThatWasHalfAnsweredIsLookedUpAgain() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "m.test")]))
        let later: @Sendable (Int) -> Timestamp? = { Self.now.adding(seconds: Int64($0) * 300) }
        try await session.record(host: Sample.host("m.test", v6: .dnsTempfail), retryAt: later)
        let due = try await session.dueHosts(at: Self.now.adding(seconds: 300), limit: 9)
        #expect(due.map(\.description) == ["m.test"] && session.progress.hosts.inconclusive == 1)
        var worse = try Sample.host("m.test", [], v6: .dnsTempfail)
        worse.addresses.v4.outcome = .dnsTempfail
        try await session.record(host: worse, retryAt: later)
        try await session.flush()
        #expect(
            try store.rows("SELECT address_v4_outcome, address_v6_outcome, attempts FROM mx_hosts")
                == ["resolved|dns_tempfail|2"])
        #expect(try await session.nextDueLookup() == Self.now.adding(seconds: 600))
        try await session.record(host: Sample.host("m.test"), retryAt: later)
        try await session.flush()
        #expect(try store.rows("SELECT address_v6_outcome, due_at FROM mx_hosts") == ["nodata|NULL"])
        #expect(session.progress.hosts.inconclusive == 0 && session.progress.endpoints.total == 1)
        #expect(try store.beginOrResumeScan(Sample.description()).progress == session.progress)
    }

    /// A clock that was set back by a year between two runs: what was due in minutes is not due in a year.
    @Test func aClockThatWasSetBackMakesNobodyWait() async throws {
        let store = try SurveyStore.inMemory()
        let session = try await session(store, ["m1.test", "m2.test"])
        let year: Int64 = 365 * 86_400
        for (host, due) in [("m1.test", year + 300), ("m2.test", 600)] {
            let endpoint = try #require(try await session.endpoints(limit: 9).first { "\($0.host)" == host })
            try await session.record(
                endpoint: Sample.failed(endpoint, .timeout), retryAt: Self.now.adding(seconds: due))
        }
        let latest = Self.now.adding(seconds: 86_400)
        try await session.bringForward(to: latest)
        #expect(try await session.lastDue() == latest)
        #expect(try await session.nextDue(after: Self.now) == Self.now.adding(seconds: 600), "others wait as they did")
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
