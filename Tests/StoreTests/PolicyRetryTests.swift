// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Store

/// Policies that were not answered for, and files that did not come, are asked for again; what was seen once stays.
@Suite struct PolicyRetryTests {
    let store: SurveyStore
    let session: ScanSession
    private static let now = Sample.began
    private static let later: @Sendable (Int) -> Timestamp? = { attempts in
        attempts < 4 ? now.adding(seconds: Int64(attempts) * 300) : nil
    }

    init() async throws {
        store = try SurveyStore.inMemory()
        session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
    }

    /// Answers of one look: a question without an answer is nil.
    private func policies(
        sts: STSRecordOutcome? = nil, spf: String? = nil, dkim: Bool = true, security: Security = .insecure
    ) -> DomainPolicies {
        func status(_ isAnswered: Bool) -> LookupStatus {
            LookupStatus(outcome: isAnswered ? .noerrorData : .servfail, security: security)
        }
        return DomainPolicies(
            sts: STSRecordObservation(
                outcome: sts ?? .dnsTempfail, id: sts == .valid ? "a1" : nil, status: status(sts != nil)),
            tlsrpt: TLSRPTObservation(outcome: .absent, status: status(true)),
            spf: SPFObservation(
                outcome: spf == nil ? .dnsTempfail : .valid, all: spf == nil ? nil : .fail,
                raw: spf.map { PolicyText(Array($0.utf8)) }, status: status(spf != nil)),
            dmarc: DMARCObservation(outcome: .absent, ruleSet: .rfc9989, status: status(true)),
            dkim: DKIMHintObservation(outcome: dkim ? .nxdomain : .dnsTempfail, status: status(dkim)),
            nameServers: NameServerCount(all: spf == nil ? nil : 2))
    }

    private func measure(_ policies: DomainPolicies, _ shape: MXShape = .explicit) async throws {
        var result = try Sample.domain("a.test", shape, [(10, "m.test")])
        result.policies = policies
        result.stsDomain = .unknown
        try await session.record(domain: result, retryAt: Self.later)
    }

    private func further(
        _ policies: DomainPolicies, _ remarks: [MXFlag] = [], _ summary: STSDomainOutcome = .unknown
    ) async throws {
        try await session.record(
            further: FurtherPolicies(
                domain: try Sample.name("a.test"), policies: policies, remarks: remarks, stsDomain: summary),
            notBefore: Self.now.adding(seconds: 700), retryAt: Self.later)
        try await session.flush()
    }

    @Test func whatWasNotAnsweredIsDueAgainAndTheRestIsNot() async throws {
        try await measure(policies(sts: .absent, spf: "v=spf1 -all", dkim: false))
        let due = try await session.dueDomains(at: Self.now.adding(seconds: 300), limit: 9)
        #expect(due.map(\.shape) == [.explicit])
        #expect(try await session.dueDomains(at: Self.now.adding(seconds: 299), limit: 9).isEmpty)
        try await further(policies(sts: .absent, spf: "v=spf1 -all"))
        #expect(try await session.nextDueLookup() == nil)
        #expect(try store.rows("SELECT attempts FROM domains") == ["2"])
        #expect(try store.rows("SELECT outcome FROM txt_policies WHERE kind = 'dkim_hint'") == ["nxdomain"])
    }

    @Test func nobodyIsAskedAgainWhoHasAnswered() async throws {
        try await measure(policies(sts: .absent, spf: "v=spf1 -all"))
        #expect(try await session.nextDueLookup() == nil)
    }

    /// Who fails validation has answered, and the question was asked twice.
    @Test func aBogusAnswerIsAnAnswer() async throws {
        try await measure(policies(sts: .dnsBogus, security: .bogus))
        #expect(try await session.nextDueLookup() == nil)
    }

    /// Two looks that each see a part come to the whole; neither unsees what the other saw.
    @Test func ofSeveralLooksTheBestAnswersStay() async throws {
        try await measure(policies(spf: "v=spf1 a -all"))
        try await further(policies(sts: .absent), [], .none)
        #expect(try store.rows("SELECT record FROM mta_sts") == ["absent"])
        #expect(try store.rows("SELECT outcome, raw FROM txt_policies WHERE kind = 'spf'") == ["valid|v=spf1 a -all"])
        #expect(try store.rows("SELECT sts_domain, ns_count FROM domains") == ["none|2"])
        #expect(try store.rows("SELECT sts_match FROM domain_mx") == ["not_reached"])
        #expect(try await session.nextDueLookup() == nil)
    }

    @Test func attemptsComeToAnEnd() async throws {
        try await measure(policies())
        for attempts in 1...3 {
            #expect(try await session.nextDueLookup() == Self.now.adding(seconds: Int64(attempts) * 300))
            try await further(policies())
        }
        #expect(try await session.nextDueLookup() == nil)
        #expect(try store.rows("SELECT attempts FROM domains") == ["4"])
        #expect(try store.rows("SELECT outcome FROM txt_policies WHERE kind = 'spf'") == ["dns_tempfail"])
    }

    @Test func aRecordThatIsFoundLateHasItsFileFetched() async throws {
        try await measure(policies())
        #expect(try await session.pendingPolicies(at: Self.now, limit: 9).isEmpty)
        try await further(policies(sts: .valid))
        #expect(try await session.nextDuePolicy(after: Self.now) == Self.now.adding(seconds: 700))
        let due = try await session.pendingPolicies(at: Self.now.adding(seconds: 700), limit: 9)
        #expect(due.map(\.id) == ["a1"] && due.map(\.hosts.count) == [1])
    }

    /// The remark hangs on SPF, once it is there.
    @Test func aRemarkIsAddedWithTheAnswerThatItHangsOn() async throws {
        try await measure(policies(sts: .absent), .implicit)
        try await further(policies(sts: .absent, spf: "v=spf1 -all"), [.noNullMXButSPFMinusAll])
        #expect(try store.rows("SELECT mx_flags FROM domains") == [#"["no_null_mx_but_spf_-all"]"#])
        try await further(policies(sts: .absent, spf: "v=spf1 -all"), [.noNullMXButSPFMinusAll])
        #expect(try store.rows("SELECT mx_flags FROM domains") == [#"["no_null_mx_but_spf_-all"]"#])
    }

    private func fetched(
        _ outcome: STSFetchOutcome, _ status: Int? = nil, at moment: Timestamp, retryAt: Timestamp? = nil
    ) async throws {
        let isRead = outcome == .ok
        try await session.record(
            policy: PolicyResult(
                domain: try Sample.name("a.test"), fetch: STSPolicyFetch(outcome: outcome, httpStatus: status),
                fetchedAt: moment, text: nil,
                policy: isRead ? STSPolicyObservation(outcome: .validTesting, mode: .testing) : nil, hosts: [:],
                match: .notApplicable, summary: isRead ? .validTesting : .unknown), retryAt: retryAt)
        try await session.flush()
    }

    @Test func aFileThatDidNotComeIsFetchedAgain() async throws {
        try await measure(policies(sts: .valid, spf: "v=spf1 -all"))
        let first = try #require(try await session.pendingPolicies(at: Self.now, limit: 9).first)
        let due = Self.now.adding(seconds: 300)
        try await fetched(.serverError, 503, at: Self.now, retryAt: due)
        #expect(try await session.pendingPolicies(at: Self.now.adding(seconds: 299), limit: 9).isEmpty)
        #expect(try await session.nextDuePolicy(after: Self.now) == due)
        let again = try await session.pendingPolicies(after: first, at: due, limit: 9)
        #expect(again.map(\.attempts) == [1])
        #expect(try await session.pendingPolicies(after: again.last, at: due, limit: 9).isEmpty, "not twice in one run")
        // Our own network lost the next one: nothing of the first is lost.
        try await fetched(.notMeasured, at: due, retryAt: due.adding(seconds: 300))
        #expect(try store.rows("SELECT fetch, http_status, attempts FROM mta_sts") == ["http_5xx|503|2"])
        try await fetched(.ok, 200, at: due.adding(seconds: 300))
        #expect(try store.rows("SELECT fetch, policy, attempts, due_at FROM mta_sts") == ["ok|valid_testing|3|NULL"])
        #expect(try store.rows("SELECT sts_domain FROM domains") == ["valid_testing"])
    }

    @Test func aFetchInDoubtIsMadeAgain() async throws {
        try await measure(policies(sts: .valid, spf: "v=spf1 -all"))
        try await fetched(.tcpTimeout, at: Self.now.adding(seconds: 5), retryAt: Self.now.adding(seconds: 300))
        _ = try await session.doubt(since: Self.now.adding(seconds: 1), longestVisit: 60)
        #expect(try await session.pendingPolicies(at: Self.now, limit: 9).map(\.attempts) == [0])
    }
}
