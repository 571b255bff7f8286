// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations
import Testing

@testable import Store

@Suite struct PolicyRowsTests {
    let store: SurveyStore
    let session: ScanSession
    private let status = LookupStatus(outcome: .noerrorData, security: .secure)

    init() async throws {
        store = try SurveyStore.inMemory()
        session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
    }

    private func policies(_ record: STSRecordOutcome = .valid, raw: String = "v=spf1 a -all") -> DomainPolicies {
        DomainPolicies(
            sts: STSRecordObservation(outcome: record, id: record == .valid ? "a1" : nil, status: status),
            tlsrpt: TLSRPTObservation(
                outcome: .valid,
                reportURIs: [.https, .mailto, .https].map { ReportURI(kind: $0, text: "", host: nil) }, status: status),
            spf: SPFObservation(
                outcome: .valid, all: .fail, lookups: 1, raw: PolicyText(Array(raw.utf8)), status: status),
            dmarc: DMARCObservation(
                outcome: .valid, ruleSet: .rfc9989, place: .organizational, effective: .reject, status: status),
            dkim: DKIMHintObservation(outcome: .dnsTempfail, status: status),
            nameServers: NameServerCount(all: 2, withIPv6: nil))
    }

    private func record(_ policies: DomainPolicies?, _ summary: STSDomainOutcome = .unknown) async throws {
        var result = try Sample.domain("a.test", .explicit, [(10, "m1.test"), (20, "m2.test")])
        result.policies = policies
        result.stsDomain = summary
        try await session.record(domain: result)
        try await session.flush()
    }

    private func column(_ sql: String) throws -> [String?] {
        try store.read { db in try Optional<String>.fetchAll(db, sql: sql) }
    }

    @Test func everyKindIsARow() async throws {
        try await record(policies())
        let rows = try column(
            """
            SELECT kind || ' ' || outcome || ' ' || dnssec || ' ' || coalesce(found_at, '.') || ' '
                || coalesce(effective, '.') || ' ' || coalesce(lookups, '.') || ' ' || coalesce(ruleset, '.') FROM txt_policies ORDER BY kind
            """)
        #expect(
            rows == [
                "dkim_hint dns_tempfail secure . . . .", "dmarc valid secure org reject . rfc9989",
                "mta_sts valid secure . . . .", "spf valid secure . - 1 .", "tlsrpt valid secure . mailto+https . .",
            ])
        #expect(try column("SELECT raw FROM txt_policies WHERE kind = 'spf'") == ["v=spf1 a -all"])
        #expect(
            try column("SELECT record || ' ' || record_id || ' ' || fetch || ' ' || policy FROM mta_sts") == [
                "valid a1 not_measured not_measured"
            ])
        #expect(try column("SELECT sts_domain || ' ' || ns_count FROM domains") == ["unknown 2"])
        #expect(try column("SELECT sts_match FROM domain_mx") == ["not_measured", "not_measured"])
    }

    @Test func nothingIsFetchedWithoutARecord() async throws {
        try await record(policies(.absent), .none)
        #expect(
            try column("SELECT record || ' ' || fetch || ' ' || policy || ' ' || match_domain FROM mta_sts") == [
                "absent not_reached not_reached na"
            ])
        #expect(try column("SELECT sts_match FROM domain_mx") == ["not_reached", "not_reached"])
        #expect(try await session.pendingPolicies(at: Sample.began, limit: 10).isEmpty)
    }

    @Test func anotherVisitReplaces() async throws {
        try await record(policies(), .unknown)
        try await record(policies(.syntax, raw: "v=spf1"), .invalid)
        #expect(try column("SELECT raw FROM txt_policies WHERE kind = 'spf'") == ["v=spf1"])
        #expect(try column("SELECT record FROM mta_sts") == ["syntax"])
        try await record(nil, .notReached)
        #expect(try column("SELECT kind FROM txt_policies").isEmpty)
        #expect(try column("SELECT record FROM mta_sts").isEmpty)
    }

    @Test func whoOptsOutLeavesTheseTablesToo() async throws {
        try await record(policies())
        try await session.forget(domain: Sample.name("a.test"))
        try await session.flush()
        #expect(try column("SELECT kind FROM txt_policies").isEmpty)
        #expect(try column("SELECT record FROM mta_sts").isEmpty)
    }

    @Test func aFetchedPolicyIsWrittenDown() async throws {
        try await record(policies())
        let pending = try await session.pendingPolicies(at: Sample.began, limit: 10)
        let domain = try Sample.name("a.test")
        let hosts = [try Sample.name("m1.test"), try Sample.name("m2.test")]
        #expect(pending.map(\.domain) == [domain] && pending.first?.hosts == hosts && pending.first?.id == "a1")
        try await session.record(
            policy: PolicyResult(
                domain: domain,
                fetch: STSPolicyFetch(outcome: .ok, httpStatus: 200, bodySHA256: "b0d1", certificateSHA256: "ce47"),
                fetchedAt: Sample.began, text: PolicyText(Array("version: STSv1".utf8)),
                policy: STSPolicyObservation(
                    outcome: .validEnforce, mode: .enforce, maxAge: 86_400, patterns: ["m1.test"],
                    flags: [.unknownKey, .maxAgeShort]),
                hosts: [hosts[0]: .matchExact, hosts[1]: .noMatch], match: .some, summary: .validEnforce))
        try await session.flush()
        #expect(
            try column(
                """
                SELECT fetch || ' ' || http_status || ' ' || policy || ' ' || mode || ' ' || max_age || ' '
                    || mx_patterns || ' ' || policy_sha256 || ' ' || host_cert_sha256 || ' ' || match_domain FROM mta_sts
                """) == [#"ok 200 valid_enforce enforce 86400 ["m1.test"] b0d1 ce47 some"#])
        #expect(
            try column("SELECT flags || ' ' || fetched_at || ' ' || policy_text FROM mta_sts") == [
                #"["unknown_key","max_age_short"] \#(Sample.began) version: STSv1"#
            ])
        #expect(try column("SELECT sts_match FROM domain_mx ORDER BY mx_host") == ["match_exact", "no_match"])
        #expect(try column("SELECT sts_domain FROM domains") == ["valid_enforce"])
        #expect(try await session.pendingPolicies(at: Sample.began, limit: 10).isEmpty)
        let report = try #require(try DomainReport(domain, in: store, scanID: session.scanID))
        #expect(report.mtaSTS?["mode"] == "enforce" && report.textPolicy("dmarc")?["found_at"] == "org")
    }

    /// Whoever asks to come again has not said what the file holds.
    @Test(arguments: [(408, "UNK"), (425, "UNK"), (429, "UNK"), (403, ""), (404, "")])
    func aRefusalForNowLeavesTheFileUnknown(status: Int, cell: String) async throws {
        try await record(policies())
        try await session.record(
            policy: PolicyResult(
                domain: try Sample.name("a.test"),
                fetch: STSPolicyFetch(outcome: status == 404 ? .notFound : .clientError, httpStatus: status),
                fetchedAt: Sample.began, text: nil, policy: nil, hosts: [:], match: .notApplicable, summary: .unknown))
        try await session.flush()
        let folder = try ScratchFolder()
        _ = try Exporter(store, scanID: session.scanID).write(to: folder.path)
        let row = try #require(try CSVLines(folder.file("mta_sts.csv")).records.first)
        #expect(row["mode"] == cell && row["policy_sha256"] == cell)
        #expect(row["http_status"] == "\(status)")
    }

    @Test(arguments: [
        (
            "v=DMARC1; rua=mailto:jane.doe@a.test,mailto:x@b.test!10m; p=none",
            "v=DMARC1; rua=mailto:@a.test,mailto:@b.test!10m; p=none"
        ),
        ("v=TLSRPTv1;rua=MAILTO:jane@a.test", "v=TLSRPTv1;rua=MAILTO:@a.test"), ("rua=mailto:jane", "rua=mailto:"),
        ("mailto:", "mailto:"), ("v=spf1 -all", "v=spf1 -all"),
    ])
    func aReleaseNamesNobodysMailbox(text: String, released: String) {
        #expect(FreeText.withoutMailboxes(text) == released)
    }
}
