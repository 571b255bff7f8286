// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing
import Verdicts

@Suite struct DANEDomainVerdictTests {
    private func judge(
        _ states: [DANEOutcome], shape: MXShape = .explicit, mx: Security = .secure
    ) -> DANEDomainOutcome {
        let hosts = states.map { DANEDomainVerdict.Host(preference: 10, state: $0, acceptsConnections: true) }
        return DANEDomainVerdict.judge(shape: shape, mx: mx, hosts: hosts)
    }

    @Test(
        arguments: [
            ([.matchEE], DANEDomainOutcome.valid),
            ([.matchEE, .matchTA], .valid),
            ([.matchEE, .absentSecure], .partial),
            ([.matchEE, .insecureAddress], .partial),
            ([.matchEE, .unusable], .partial),
            ([.matchEE, .mismatch], .failed),
            ([.matchEE, .unknown], .unknown),
            ([.mismatch, .unknown], .failed),
            ([.noSTARTTLS], .failed),
            ([.tlsFailed], .failed),
            ([.taNameMismatch], .failed),
            ([.taChainAbsentOrExpired, .absentSecure], .failed),
            ([.tempfail], .unknown),
            ([.tempfail, .matchEE], .unknown),
            ([.unusable], .unusable),
            ([.unusable, .absentSecure], .unusable),
            ([.insecureAddress], .insecure),
            ([.tlsaInsecure, .absentSecure], .insecure),
            ([.absentSecure, .absentSecure], .none),
            ([.absentSecure, .unknown], .unknown),
            ([.notReached], .unknown),
            ([.notMeasured, .notMeasured], .notMeasured),
            ([.notMeasured, .matchEE], .unknown),
            ([], .unknown),
        ] as [([DANEOutcome], DANEDomainOutcome)])
    func hosts(_ states: [DANEOutcome], _ expected: DANEDomainOutcome) {
        #expect(judge(states) == expected)
    }

    @Test func theRouteComesFirst() {
        for shape: MXShape in [.nullMx, .nullMxNonzeroPref, .noMail, .nxdomain, .allTargetsInvalid] {
            #expect(judge([], shape: shape) == .noMX)
        }
        #expect(judge([.matchEE], shape: .unknown) == .unknown)
        #expect(judge([.matchEE], shape: .implicit) == .valid)
        #expect(judge([.matchEE], shape: .nullMxMixed) == .valid)
        #expect(judge([.matchEE], mx: .insecure) == .insecure)
        #expect(judge([.mismatch], mx: .insecure) == .insecure)
        #expect(judge([.matchEE], mx: .indeterminate) == .unknown)
        #expect(judge([.matchEE], mx: .bogus) == .unknown)
        #expect(judge([.matchEE], mx: .notValidated) == .notMeasured)
        #expect(judge([], shape: .notReached) == .notReached)
        #expect(judge([], shape: .notMeasured) == .notMeasured)
    }

    @Test func aBrokenDenialLosesMail() {
        let host = DANEDomainVerdict.Host(
            preference: 10, state: .tempfail, acceptsConnections: true, isTLSABogus: true)
        #expect(DANEDomainVerdict.judge(shape: .explicit, mx: .secure, hosts: [host]) == .failed)
    }

    @Test func onlyPrimaryHostsThatAcceptConnections() {
        func judge(_ hosts: [(preference: Int, state: DANEOutcome, accepts: Bool)]) -> DANEDomainOutcome {
            DANEDomainVerdict.judge(
                shape: .explicit, mx: .secure,
                hosts: hosts.map {
                    DANEDomainVerdict.Host(preference: $0.preference, state: $0.state, acceptsConnections: $0.accepts)
                })
        }
        #expect(judge([(10, .matchEE, true), (20, .mismatch, true)]) == .valid)
        #expect(judge([(10, .matchEE, true), (10, .unknown, false)]) == .valid)
        #expect(judge([(10, .unknown, false), (20, .matchEE, true)]) == .unknown)
        #expect(judge([(10, .absentSecure, false), (10, .absentSecure, false)]) == .none)
    }
}
