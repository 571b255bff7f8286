// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

struct DKIMHintTests {
    private let absent = LookupStatus(outcome: .nxdomain, security: .insecure)
    private let present = LookupStatus(outcome: .noerrorNodata, security: .insecure)

    private func observe(_ source: ScriptedPolicies, _ siblings: [LookupStatus]) async throws -> DKIMHintOutcome {
        await DKIMHint.observe(try DomainName("example.com"), siblings: siblings, from: source).outcome
    }

    @Test func somethingBelow() async throws {
        let source = ScriptedPolicies(texts: ["s1._domainkey.example.com": ["v=DKIM1; p="]])
        #expect(try await observe(source, [present, absent]) == .entPresent)
        #expect(source.asked.count == 1)
        #expect(try await observe(source, [present]) == .entPresent)
        #expect(source.asked.count == 3)
    }

    @Test func nothing() async throws {
        #expect(try await observe(ScriptedPolicies(existing: ["example.com"]), []) == .nxdomain)
    }

    @Test func everythingExists() async throws {
        let names = ["_domainkey.example.com", DKIMHint.absentLabel + ".example.com"]
        #expect(try await observe(ScriptedPolicies(existing: names), [present]) == .nodataWildcard)
        let texts = Dictionary(uniqueKeysWithValues: names.map { ($0, ["v=spf1 -all"]) })
        #expect(try await observe(ScriptedPolicies(texts: texts), [present]) == .nodataWildcard)
    }

    @Test func trouble() async throws {
        #expect(try await observe(ScriptedPolicies(failing: ["_domainkey.example.com"]), []) == .dnsTempfail)
        #expect(try await observe(ScriptedPolicies(bogus: ["_domainkey.example.com"]), []) == .dnsTempfail)
        let doubtful = ScriptedPolicies(
            existing: ["_domainkey.example.com"], failing: [DKIMHint.absentLabel + ".example.com"])
        #expect(try await observe(doubtful, []) == .dnsTempfail)
    }
}
