// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

struct MXPatternTests {
    @Test(arguments: [
        ("mail.example.com", "mail.example.com", STSMatch.matchExact),
        ("mail.example.com", "MAIL.example.com", .matchExact),
        ("mail.example.com", "*.example.com", .matchWildcard), ("example.com", "*.example.com", .noMatch),
        ("a.b.example.com", "*.example.com", .noMatch), ("mx.example.com.evil.net", "*.example.com", .noMatch),
        ("notmail.example.com", "mail.example.com", .noMatch), ("bad-example.com", "example.com", .noMatch),
        ("mail.other.com", "*.example.com", .noMatch), ("x.example.com", ".example.com", .noMatch),
    ])
    func matches(host: String, pattern: String, match: STSMatch) throws {
        #expect(try MXPatterns([pattern]).match(DomainName(host)) == match)
    }

    @Test func byNameBeforeByWildcard() throws {
        let host = try DomainName("mx.example.com")
        #expect(MXPatterns(["*.example.com", "other.example", "mx.example.com"]).match(host) == .matchExact)
        #expect(MXPatterns([]).match(host) == .noMatch)
    }

    @Test func ofADomain() throws {
        let hosts = try ["a.example.com", "b.c.example.com"].map { try DomainName($0) }
        func match(_ outcome: STSPolicyOutcome, _ patterns: [String]) -> STSDomainMatch {
            STSSummary.matches(hosts, policy: STSPolicyObservation(outcome: outcome, patterns: patterns)).domain
        }
        #expect(match(.validEnforce, ["*.example.com", "*.c.example.com"]) == .all)
        #expect(match(.validTesting, ["*.example.com"]) == .some)
        #expect(match(.validEnforce, ["example.com"]) == .none)
        #expect(match(.validNone, ["*.example.com"]) == .notApplicable)
        #expect(match(.noMX, []) == .notApplicable)
        #expect(STSSummary.matches(hosts, policy: nil).hosts.values.allSatisfy { $0 == .notReached })
        #expect(
            STSSummary.matches([], policy: STSPolicyObservation(outcome: .validEnforce, patterns: ["a.b"])).domain
                == .notApplicable)
    }
}
