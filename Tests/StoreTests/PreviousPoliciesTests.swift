// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Store

/// What an earlier survey knows of a policy file, and when that is enough.
@Suite struct PreviousPoliciesTests {
    private let week = PreviousPolicies.lifetime
    private let fetched = Sample.began

    /// A survey with one scan for each fetch, in their order.
    private func survey(
        _ fetches: [(id: String, at: Timestamp, fetch: STSPolicyFetch, policy: STSPolicyObservation?)]
    ) async throws -> SurveyStore {
        let store = try SurveyStore.inMemory()
        for (number, fetch) in fetches.enumerated() {
            let session = try store.beginOrResumeScan(Sample.description("config \(number)"))
            try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
            var result = try Sample.domain("a.test", .explicit, [(10, "m1.test")])
            let status = LookupStatus(outcome: .noerrorData, security: .insecure)
            result.policies = DomainPolicies(
                sts: STSRecordObservation(outcome: .valid, id: fetch.id, status: status),
                tlsrpt: TLSRPTObservation(outcome: .absent, status: status),
                spf: SPFObservation(outcome: .absent, status: status),
                dmarc: DMARCObservation(outcome: .absent, ruleSet: .rfc9989, status: status),
                dkim: DKIMHintObservation(outcome: .nxdomain, status: status), nameServers: NameServerCount())
            try await session.record(domain: result)
            try await session.record(
                policy: PolicyResult(
                    domain: try Sample.name("a.test"), fetch: fetch.fetch, fetchedAt: fetch.at,
                    text: fetch.policy.map { _ in PolicyText(Array("version: STSv1\r\n".utf8)) }, policy: fetch.policy,
                    hosts: [:], match: .notApplicable, summary: .invalid))
            try await session.flush()
        }
        return store
    }

    private let read = STSPolicyFetch(
        outcome: .contentTypeNotTextPlain, httpStatus: 200, contentType: "text/html", bodySHA256: "b0d1",
        certificateSHA256: "ce47", aliasTarget: try? DomainName("sts.hoster.test"))
    private let policy = STSPolicyObservation(
        outcome: .validEnforce, mode: .enforce, maxAge: 3_600, patterns: ["m1.test", "*.m.test"],
        flags: [.duplicateKeyIgnored, .maxAgeShort])

    private func known(_ store: SurveyStore, id: String = "a1", at now: Timestamp) async throws -> KnownPolicy? {
        let domain = try Sample.name("a.test")
        let pending = PendingPolicy(domain: domain, id: id, hosts: [])
        return try await PreviousPolicies(store).known(among: [pending], at: now)[domain]
    }

    @Test func everythingThatWasSeenIsKnown() async throws {
        let store = try await survey([("a1", fetched, read, policy)])
        let known = try #require(try await known(store, at: fetched.adding(seconds: 60)))
        #expect(known.fetch == read && known.policy == policy && known.fetchedAt == fetched)
        #expect(known.text?.text == #"version: STSv1\013\010"#)
    }

    @Test func aFileThatIsNoPolicyIsKnownForWhatItIs() async throws {
        let bad = STSPolicyObservation(outcome: .badMode, flags: [.unknownKey], line: 2)
        let store = try await survey([("a1", fetched, read, bad)])
        #expect(try await known(store, at: fetched)?.policy == bad)
    }

    @Test func onlyUnderTheSameIdAndForLessThanAWeek() async throws {
        let store = try await survey([("a1", fetched, read, policy)])
        #expect(try await known(store, at: fetched.adding(seconds: week - 1)) != nil)
        #expect(try await known(store, at: fetched.adding(seconds: week)) == nil)
        #expect(try await known(store, id: "a2", at: fetched) == nil)
        #expect(try await known(store, id: "A1", at: fetched) == nil)
        // A fetch of the future is a clock that was wrong.
        #expect(try await known(store, at: fetched.adding(seconds: -1)) == nil)
    }

    @Test func theLastFetchDecides() async throws {
        let gone = STSPolicyFetch(outcome: .notFound, httpStatus: 404)
        let later = fetched.adding(seconds: 3_600)
        let failed = try await survey([("a1", fetched, read, policy), ("a1", later, gone, nil)])
        #expect(try await known(failed, at: later) == nil)
        let changed = try await survey([("a1", fetched, read, policy), ("a2", later, read, policy)])
        #expect(try await known(changed, at: later) == nil)
        #expect(try await known(changed, id: "a2", at: later)?.fetchedAt == later)
        // What was carried over into a later scan is as old as it was.
        let carried = try await survey([("a1", fetched, read, policy), ("a1", fetched, read, policy)])
        #expect(try await known(carried, at: fetched.adding(seconds: week)) == nil)
    }

    @Test func othersAreNotKnown() async throws {
        let store = try await survey([("a1", fetched, read, policy)])
        let other = PendingPolicy(domain: try Sample.name("b.test"), id: "a1", hosts: [])
        #expect(try await PreviousPolicies(store).known(among: [other], at: fetched).isEmpty)
    }
}
