// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing
import Verdicts

@Suite struct DANEEndpointTests {
    private let usable = [DANELiterals.record(3, 1, 1, about: 1)]

    private func before(
        _ addresses: [Security], _ outcome: DNSOutcome = .noerrorData, _ security: Security = .secure,
        _ records: [TLSARecord]? = nil
    ) -> DANEOutcome? {
        DANEVerdict.beforeConnection(
            addresses: addresses, tlsa: LookupStatus(outcome: outcome, security: security), records: records ?? usable)
    }

    @Test func addressesComeFirst() {
        #expect(before([.secure]) == nil)
        #expect(before([.secure, .secure]) == nil)
        #expect(before([.secure, .notMeasured]) == nil)
        #expect(before([.secure, .indeterminate]) == nil)
        #expect(before([.secure, .insecure]) == .insecureAddress)
        #expect(before([.insecure], .notReached, .notReached, []) == .insecureAddress)
        #expect(before([.bogus, .bogus]) == .notReached)
        #expect(before([.indeterminate, .bogus]) == .notReached)
        #expect(before([]) == .notReached)
        #expect(before([.notMeasured]) == .notMeasured)
        #expect(before([.notValidated, .notValidated]) == .notMeasured)
    }

    @Test func whatTheTLSAQuestionCameTo() {
        for outcome: DNSOutcome in [.noerrorNodata, .nxdomain] {
            #expect(before([.secure], outcome, .secure, []) == .absentSecure)
            #expect(before([.secure], outcome, .insecure, []) == .tlsaInsecure)
            #expect(before([.secure], outcome, .bogus, []) == .tempfail)
            #expect(before([.secure], outcome, .indeterminate, []) == .tempfail)
        }
        #expect(before([.secure], .noerrorData, .insecure) == .tlsaInsecure)
        #expect(before([.secure], .noerrorData, .bogus) == .tempfail)
        #expect(before([.secure], .noerrorData, .indeterminate) == .tempfail)
        for outcome: DNSOutcome in [
            .servfail, .timeout, .refused, .formerr, .notimp, .bogus, .cnameLoop, .networkError,
        ] {
            #expect(before([.secure], outcome, .indeterminate, []) == .tempfail)
        }
        // What our own resolver cannot do is nobody's failure.
        #expect(before([.secure], .resolverDown, .indeterminate, []) == .unknown)
        #expect(before([.secure], .localError, .indeterminate, []) == .unknown)
        #expect(before([.secure], .nameIllegal, .indeterminate, []) == .absentSecure)
        #expect(before([.secure], .notMeasured, .notMeasured, []) == .notMeasured)
        #expect(before([.secure], .notReached, .notReached, []) == .notReached)
    }

    @Test func usableRecordsOrNone() {
        #expect(before([.secure], .noerrorData, .secure, [DANELiterals.record(1, 1, 1, about: 1)]) == .unusable)
        #expect(before([.secure], .noerrorData, .secure, []) == .unusable)
        #expect(before([.secure], .noerrorData, .secure, [DANELiterals.record(0, 0, 1, about: 1)] + usable) == nil)
    }

    private func after(
        tcp: TCPOutcome = .open, ehlo: EHLOOutcome = .ok, starttls: STARTTLSOutcome = .notReached,
        tls: TLSOutcome = .notReached, shown: DANEVerdict? = nil
    ) -> DANEOutcome {
        DANEVerdict.afterConnection(
            DomainVerdict.EndpointOutcomes(tcp: tcp, ehlo: ehlo, starttls: starttls, tls: tls), shown: shown)
    }

    @Test func afterTheConnection() throws {
        let moment = try #require(Timestamp(rfc3339: "2025-06-01"))
        let name = try DomainName("mx.example")
        let shown = DANEVerdict.judge(
            records: usable, chain: DANELiterals.chain([1]), names: DANEReferenceNames(base: name, mxHost: name),
            at: moment)
        #expect(after(starttls: .offered, tls: .ok, shown: shown) == .matchEE)
        #expect(after(starttls: .offered, tls: .ok) == .unknown)
        #expect(after(starttls: .notOffered) == .noSTARTTLS)
        #expect(after(starttls: .notOfferedMasked) == .noSTARTTLS)
        #expect(after(ehlo: .heloOnly) == .noSTARTTLS)
        for starttls: STARTTLSOutcome in [.refused, .malformed, .trailingPlaintext] {
            #expect(after(starttls: starttls) == .tlsFailed)
        }
        for starttls: STARTTLSOutcome in [.unavailable, .temporaryRefusal, .timeout, .eof] {
            #expect(after(starttls: starttls) == .unknown)
        }
        #expect(after(starttls: .offered, tls: .alertHandshakeFailure) == .tlsFailed)
        #expect(after(starttls: .offered, tls: .notTLS) == .tlsFailed)
        for tls: TLSOutcome in [.timeout, .eof, .reset, .clientPolicy, .localError, .notMeasured] {
            #expect(after(starttls: .offered, tls: tls) == .unknown)
        }
        for tcp: TCPOutcome in [.refused, .timeout, .budgetExhausted] {
            #expect(after(tcp: tcp, ehlo: .notReached) == .unknown)
        }
        #expect(after(ehlo: .permanentRefusal) == .unknown)
        #expect(after(ehlo: .notReached) == .unknown)
    }

    @Test func theWorstEndpointIsTheHosts() {
        #expect(DANEVerdict.host([]) == .notReached)
        #expect(DANEVerdict.host([(.matchEE, true), (.matchEE, true)]) == .matchEE)
        #expect(DANEVerdict.host([(.matchEE, true), (.matchTA, true)]) == .matchTA)
        #expect(DANEVerdict.host([(.matchEE, true), (.mismatch, true)]) == .mismatch)
        #expect(DANEVerdict.host([(.unknown, true), (.mismatch, true)]) == .mismatch)
        #expect(DANEVerdict.host([(.matchEE, true), (.unknown, true)]) == .unknown)
        // A sender goes on to the next address.
        #expect(DANEVerdict.host([(.matchEE, true), (.unknown, false)]) == .matchEE)
        #expect(DANEVerdict.host([(.unknown, false), (.unknown, false)]) == .unknown)
        #expect(DANEVerdict.host([(.absentSecure, false)]) == .absentSecure)
    }

    @Test func everyStateHasItsPlace() {
        for state in DANEOutcome.allCases {
            #expect(DANEVerdict.host([(state, true)]) == state)
        }
    }
}
