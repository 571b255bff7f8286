// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

struct DomainPoliciesReadingTests {
    private func observe(_ source: ScriptedPolicies, _ domain: String = "example.com") async throws -> DomainPolicies {
        await DomainPolicies.observe(try DomainName(domain), dmarc: DMARCEvaluation(from: source), from: source)
    }

    @Test func aDomainWithEverything() async throws {
        let source = ScriptedPolicies(
            texts: [
                "_mta-sts.example.com": ["v=STSv1; id=a;"],
                "_smtp._tls.example.com": ["v=TLSRPTv1; rua=mailto:a@example.com"],
                "example.com": ["v=spf1 mx -all"], "_dmarc.example.com": ["v=DMARC1; p=reject"],
                "k._domainkey.example.com": ["v=DKIM1; p=x"],
            ], exchanges: ["example.com": 1], v6: ["ns1.example.com": 1],
            nameServers: ["example.com": ["ns1.example.com", "ns2.example.com"]], existing: ["ns2.example.com"])
        let seen = try await observe(source)
        #expect(seen.sts.outcome == .valid)
        #expect(seen.tlsrpt.outcome == .valid)
        #expect(seen.spf.outcome == .valid && seen.spf.all == .fail && seen.spf.lookups == 1)
        #expect(seen.dmarc.outcome == .valid && seen.dmarc.effective == .reject)
        #expect(seen.dkim.outcome == .entPresent)
        #expect(seen.nameServers == NameServerCount(all: 2, withIPv6: 1))
    }

    /// MX is asked before; of the rest, `_dmarc.com` and the servers of a hoster are answered from the cache mostly.
    @Test func aDomainWithNothing() async throws {
        let source = ScriptedPolicies(nameServers: ["example.com": ["ns.hoster.example"]], existing: ["example.com"])
        let seen = try await observe(source)
        #expect(seen.sts.outcome == .absent && seen.tlsrpt.outcome == .absent && seen.spf.outcome == .absent)
        #expect(seen.dmarc.outcome == .absent && seen.dkim.outcome == .nxdomain)
        #expect(source.asked.count == 8)
        let shared: [PolicyQuestion] = try [
            .texts(DomainName("_dmarc.com")), .addresses(DomainName("ns.hoster.example"), .v6),
        ]
        #expect(source.asked.filter { !shared.contains($0) }.count == 6)
    }

    @Test func nameServersOfTheZoneAbove() async throws {
        let source = ScriptedPolicies(
            nameServers: ["example.com": ["ns.example"]], existing: ["a.b.example.com"], failing: [])
        #expect(try await observe(source, "a.b.example.com").nameServers == NameServerCount(all: 1, withIPv6: 0))
    }

    @Test func noAnswerIsNoNumber() async throws {
        let source = ScriptedPolicies(nameServers: ["example.com": ["ns.example"]], bogus: [])
        let seen = try await observe(ScriptedPolicies(existing: ["example.com"]))
        #expect(seen.nameServers == NameServerCount())
        #expect(try await observe(source).nameServers.all == 1)
    }

    /// Under a wildcard `_domainkey` exists because everything does; what is said of other names does not tell otherwise.
    @Test func aNameThatIsMissingElsewhereRulesOutNoWildcard() async throws {
        let everything = ["_domainkey", DKIMHint.absentLabel].map { $0 + ".example.com" }
        let alias = ScriptedPolicies(existing: everything, deadAliases: ["_mta-sts.example.com": "dead.example"])
        #expect(try await observe(alias).dkim.outcome == .nodataWildcard)
        let below = ScriptedPolicies(existing: everything + ["_mta-sts.example.com", "x._tls.example.com"])
        #expect(try await observe(below).dkim.outcome == .nodataWildcard)
    }

    /// The longest name that there is has no room for `_mta-sts` before it.
    @Test func longestName() async throws {
        let label = String(repeating: "a", count: 61)
        let seen = try await observe(ScriptedPolicies(), "\(label).\(label).\(label).\(label).com")
        #expect(seen.sts.outcome == .absent && seen.tlsrpt.outcome == .absent && seen.dkim.outcome == .nxdomain)
    }
}
