// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

/// Where the record is, under both rule sets, and who may have the reports.
struct DMARCEvaluationTests {
    private func evaluate(
        _ domain: String, _ texts: [String: [String]], rules: DMARCRuleSet = .rfc9989, exists: Bool = true,
        failing: [String] = []
    ) async throws -> DMARCObservation {
        let source = ScriptedPolicies(texts: texts, failing: failing)
        let registered = { (name: DomainName) in name.labelCount < 2 ? nil : name.suffix(labels: 2) }
        return await DMARCEvaluation(rules: rules, from: source, registeredDomain: registered)
            .evaluate(try DomainName(domain), exists: exists)
    }

    @Test(
        arguments: [
            ([:], nil, DMARCOutcome.absent, nil),
            (["_dmarc.example.com": "v=DMARC1; p=reject"], "example.com", .valid, DMARCPolicy.reject),
            (["_dmarc.example.com": "v=DMARC1; p=reject; sp=quarantine; np=none"], "example.com", .valid, .quarantine),
            // The organization's is the record of the fewest labels, unless one says that it is not, or is.
            (
                ["_dmarc.b.example.com": "v=DMARC1; p=none", "_dmarc.example.com": "v=DMARC1; p=reject"], "example.com",
                .valid, .reject
            ),
            (
                ["_dmarc.b.example.com": "v=DMARC1; p=none; psd=n", "_dmarc.example.com": "v=DMARC1; p=reject"],
                "b.example.com",
                .valid, DMARCPolicy.none
            ),
            (["_dmarc.com": "v=DMARC1; p=reject; psd=y"], "com", .valid, .reject),
            (
                ["_dmarc.example.com": "v=DMARC1; p=quarantine", "_dmarc.com": "v=DMARC1; p=reject; psd=y"],
                "example.com", .valid,
                .quarantine
            ),
            (
                ["_dmarc.a.b.example.com": "v=DMARC1; p=none", "_dmarc.com": "v=DMARC1; p=reject"], "a.b.example.com",
                .valid, DMARCPolicy.none
            ),
        ] as [([String: String], String?, DMARCOutcome, DMARCPolicy?)])
    func treeWalk(records: [String: String], at: String?, outcome: DMARCOutcome, effective: DMARCPolicy?) async throws {
        let seen = try await evaluate("a.b.example.com", records.mapValues { [$0] })
        #expect(seen.foundAt?.description == at)
        #expect(seen.outcome == outcome)
        #expect(seen.effective == effective)
        #expect(seen.place == (at == nil ? nil : at == "a.b.example.com" ? .own : .organizational))
    }

    @Test func namesThatDoNotExist() async throws {
        let record = ["_dmarc.example.com": ["v=DMARC1; p=none; sp=quarantine; np=reject"]]
        #expect(try await evaluate("x.example.com", record, exists: false).effective == .reject)
        #expect(try await evaluate("x.example.com", record).effective == .quarantine)
        let without = ["_dmarc.example.com": ["v=DMARC1; p=none; sp=quarantine"]]
        #expect(try await evaluate("x.example.com", without, exists: false).effective == .quarantine)
    }

    /// RFC 9989 §4.10 has this example: eight questions, whatever the name.
    @Test func walkOfALongName() async throws {
        let source = ScriptedPolicies()
        let domain = try DomainName("a.b.c.d.e.f.g.h.i.j.mail.example.com")
        _ = await DMARCEvaluation(from: source).evaluate(domain)
        let names = [
            "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com", "_dmarc.g.h.i.j.mail.example.com",
            "_dmarc.h.i.j.mail.example.com",
            "_dmarc.i.j.mail.example.com", "_dmarc.j.mail.example.com", "_dmarc.mail.example.com", "_dmarc.example.com",
            "_dmarc.com",
        ]
        #expect(try source.asked == names.map { .texts(try DomainName($0)) })
    }

    @Test func severalRecords() async throws {
        let two = ["_dmarc.example.com": ["v=DMARC1; p=reject", "v=DMARC1; p=none"]]
        let alone = try await evaluate("example.com", two)
        #expect(alone.outcome == .multiple && alone.effective == nil)
        // RFC 9989 §4.10: they are discarded, and the walk goes on. RFC 7489 §6.6.3: the search ends.
        let below = [
            "_dmarc.x.example.com": two["_dmarc.example.com"] ?? [], "_dmarc.example.com": ["v=DMARC1; p=quarantine"],
        ]
        let walked = try await evaluate("x.example.com", below)
        #expect(walked.outcome == .multiple && walked.effective == .quarantine && walked.place == .organizational)
        #expect(try await evaluate("x.example.com", below, rules: .rfc7489).effective == nil)
        #expect(
            try await evaluate("example.com", ["_dmarc.example.com": ["v=DMARC1; p=reject", "token"]]).outcome == .valid
        )
    }

    /// Whose record is to be mended: not always where the policy is from.
    @Test(arguments: [
        (["_dmarc.example.com": ["v=DMARC1; p=reject; fo=x"]], DMARCOutcome.syntax, "example.com"),
        (
            ["_dmarc.example.com": ["v=DMARC1; p=reject; rua=mailto:a@far.example"]], .externalRUAUnauthorised,
            "example.com"
        ),
        (
            [
                "_dmarc.x.example.com": ["v=DMARC1;p=none", "v=DMARC1;p=none"],
                "_dmarc.example.com": ["v=DMARC1; p=reject; fo=x"],
            ],
            .multiple, "x.example.com"
        ),
        (
            ["_dmarc.x.example.com": ["v=DMARC1;p=x"], "_dmarc.example.com": ["v=DMARC1; p=reject"]], .badPolicy,
            "x.example.com"
        ),
    ])
    func recordToMend(records: [String: [String]], outcome: DMARCOutcome, at: String) async throws {
        let seen = try await evaluate("x.example.com", records)
        #expect(seen.outcome == outcome)
        #expect(seen.recordAt?.description == at)
        #expect(seen.raw == records["_dmarc." + at].map { PolicyText(records: $0.map { Array($0.utf8) }) })
    }

    @Test func recordToMendByThePublicSuffixList() async throws {
        let records = ["_dmarc.example.com": ["v=DMARC1; p=reject", "v=DMARC1; p=none"]]
        let seen = try await evaluate("x.example.com", records, rules: .rfc7489)
        #expect(seen.outcome == .multiple && seen.recordAt?.description == "example.com" && seen.foundAt == nil)
    }

    @Test func publicSuffixList() async throws {
        let records = [
            "_dmarc.b.example.com": ["v=DMARC1; p=none"], "_dmarc.example.com": ["v=DMARC1; p=reject; sp=none"],
        ]
        let seen = try await evaluate("a.b.example.com", records, rules: .rfc7489)
        #expect(try seen.foundAt == DomainName("example.com"))
        #expect(seen.effective == DMARCPolicy.none && seen.ruleSet == .rfc7489)
        #expect(try await evaluate("example.com", [:], rules: .rfc7489).outcome == .absent)
    }

    @Test func troubleIsNoAbsence() async throws {
        #expect(try await evaluate("example.com", [:], failing: ["_dmarc.example.com"]).outcome == .dnsTempfail)
        #expect(try await evaluate("x.example.com", [:], failing: ["_dmarc.example.com"]).outcome == .dnsTempfail)
        #expect(
            try await evaluate("x.example.com", [:], rules: .rfc7489, failing: ["_dmarc.example.com"]).outcome
                == .dnsTempfail)
        // What the walk found below the failure might not be the organization's.
        let record = ["_dmarc.example.com": ["v=DMARC1; p=reject"]]
        #expect(try await evaluate("x.example.com", record, failing: ["_dmarc.com"]).outcome == .dnsTempfail)
        #expect(try await evaluate("example.com", record, failing: ["_dmarc.com"]).outcome == .valid)
    }

    @Test(arguments: [
        (
            ["example.com._report._dmarc.report.example": "v=DMARC1"], DMARCOutcome.valid,
            DMARCObservation.Authorisation.authorised
        ),
        (["example.com._report._dmarc.report.example": "v=DMARC1; rua=mailto:x@report.example"], .valid, .authorised),
        (["example.com._report._dmarc.report.example": "v=DMARC2"], .externalRUAUnauthorised, .unauthorised),
        // RFC 9990 §4: what is no list of tags is discarded.
        (
            ["example.com._report._dmarc.report.example": "v=DMARC1; p=none; bogus;"], .externalRUAUnauthorised,
            .unauthorised
        ),
        ([:], .externalRUAUnauthorised, .unauthorised),
    ])
    func externalReports(
        consent: [String: String], outcome: DMARCOutcome, authorisation: DMARCObservation.Authorisation
    ) async throws {
        var texts = consent.mapValues { [$0] }
        texts["_dmarc.example.com"] = ["v=DMARC1; p=reject; rua=mailto:a@report.example"]
        for rules in DMARCRuleSet.allCases {
            let seen = try await evaluate("example.com", texts, rules: rules)
            #expect(seen.outcome == outcome)
            #expect(seen.reports.map(\.authorisation) == [authorisation])
            #expect(seen.effective == .reject)
        }
    }

    @Test func reportsWithinTheOrganization() async throws {
        let texts = ["_dmarc.example.com": ["v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@mail.example.com"]]
        for rules in DMARCRuleSet.allCases {
            #expect(try await evaluate("example.com", texts, rules: rules).outcome == .valid)
        }
    }

    @Test func noAnswerAboutConsentAccusesNobodyAndIsNoConsent() async throws {
        let texts = ["_dmarc.example.com": ["v=DMARC1; p=reject; rua=mailto:a@report.example"]]
        let silent = "example.com._report._dmarc.report.example"
        let seen = try await evaluate("example.com", texts, failing: [silent])
        #expect(seen.outcome == .dnsTempfail && seen.effective == .reject && seen.place == .own)
        #expect(seen.reports.map(\.authorisation) == [.unknown])
        // What is known to be wrong is told, whatever else is not known.
        let refused = ["_dmarc.example.com": ["v=DMARC1; p=none; rua=mailto:a@report.example,mailto:a@other.example"]]
        #expect(try await evaluate("example.com", refused, failing: [silent]).outcome == .externalRUAUnauthorised)
        let broken = ["_dmarc.example.com": ["v=DMARC1; p=none; fo=x; rua=mailto:a@report.example"]]
        #expect(try await evaluate("example.com", broken, failing: [silent]).outcome == .syntax)
    }

    /// What is wrong at the domain leaves the policy to the record above, of which nothing is known.
    @Test(arguments: [["v=DMARC1; p=reject", "v=DMARC1; p=none"], ["v=dmarc1; p=reject"]])
    func noAnswerFromAboveIsNoAbsence(own: [String]) async throws {
        let texts = ["_dmarc.x.example.com": own]
        let seen = try await evaluate("x.example.com", texts, failing: ["_dmarc.example.com"])
        #expect(seen.outcome == .dnsTempfail && seen.effective == nil)
        #expect(seen.raw == PolicyText(records: own.map { Array($0.utf8) }))
    }
}
