// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Verdicts

/// The recipient's domain as a name of the certificate: behind secure MX records alone, under DANE-TA alone.
@Suite struct DANENextHopTests {
    private func host(
        _ state: DANEOutcome, _ shown: [[(DANEOutcome, [String], String?)]], mx: Security = .secure
    ) throws -> DANEOutcome {
        let name = try DomainName("mx.provider.test")
        return DANEVerdict.host(
            state,
            shown: shown.map { endpoint in
                endpoint.map { outcome, names, commonName in
                    DANEVerdict.ShownName(outcome: outcome, dnsNames: names, commonNames: commonName.map { [$0] } ?? [])
                }
            },
            names: DANEReferenceNames(
                base: name, mxHost: name, nextHop: try DomainName("example.org"), mxSecurity: mx))
    }

    @Test(
        arguments: [
            (["example.org"], nil, DANEOutcome.matchTA), (["www.example.org", "example.org"], nil, .matchTA),
            (["*.org"], nil, .taNameMismatch), (["*.example.org"], nil, .taNameMismatch), ([], "example.org", .matchTA),
            (["other.test"], "example.org", .taNameMismatch), ([], nil, .taNameMismatch),
        ] as [([String], String?, DANEOutcome)])
    func theDomainIsAName(_ names: [String], _ commonName: String?, _ expected: DANEOutcome) throws {
        #expect(try host(.taNameMismatch, [[(.taNameMismatch, names, commonName)]]) == expected)
        for security: Security in [.insecure, .bogus, .indeterminate, .notValidated, .notMeasured] {
            let found = try host(.taNameMismatch, [[(.taNameMismatch, names, commonName)]], mx: security)
            #expect(found == .taNameMismatch, "\(security)")
        }
    }

    @Test func everyEndpointMustBearIt() throws {
        let good: (DANEOutcome, [String], String?) = (.taNameMismatch, ["example.org"], nil)
        let bad: (DANEOutcome, [String], String?) = (.taNameMismatch, ["else.test"], nil)
        #expect(try host(.taNameMismatch, [[good], [good]]) == .matchTA)
        #expect(try host(.taNameMismatch, [[good], [bad]]) == .taNameMismatch)
        #expect(try host(.taNameMismatch, [[good, bad]]) == .taNameMismatch, "for each kind of certificate")
        #expect(try host(.taNameMismatch, [[good], [(.matchEE, [], nil)]]) == .matchTA)
        #expect(try host(.taNameMismatch, [[good], []]) == .unknown, "an endpoint that showed nothing is unknown")
        #expect(try host(.taNameMismatch, []) == .taNameMismatch)
    }

    @Test(arguments: DANEOutcome.allCases.filter { $0 != .taNameMismatch })
    func nothingElseHangsOnTheName(_ state: DANEOutcome) throws {
        #expect(try host(state, [[(state, ["example.org"], nil)]]) == state)
    }
}
