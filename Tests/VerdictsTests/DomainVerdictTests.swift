// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing
import Verdicts

struct DomainVerdictTests {
    typealias Outcomes = DomainVerdict.EndpointOutcomes

    private static let sound = Outcomes(
        tcp: .open, ehlo: .ok, starttls: .offered, tls: .ok, pkix: .valid, nameMatchMX: .matchExact)
    private static let inClear = Outcomes(tcp: .open, ehlo: .ok, starttls: .notOffered)
    private static let refused = Outcomes(tcp: .refused)
    private static let busy = Outcomes(tcp: .open)  // 421 for a greeting

    private func verdict(_ hosts: (Int, [Outcomes])...) -> DomainVerdict {
        DomainVerdict(hosts: hosts.map { DomainVerdict.Host(preference: $0.0, endpoints: $0.1) })
    }

    private func cells(_ answer: DomainVerdict.Answer) -> [Bool?] { [answer.any, answer.all, answer.primary] }

    @Test func oneSoundHost_IsYesThroughout() {
        let verdict = verdict((10, [Self.sound]))
        #expect(cells(verdict.starttls) == [true, true, true])
        #expect(cells(verdict.tlsWorks) == [true, true, true])
        #expect(cells(verdict.pkixMX) == [true, true, true])
    }

    @Test func noHosts_NoAnswer() {
        let verdict = verdict()
        #expect(cells(verdict.starttls) == [nil, nil, nil])
        #expect(cells(verdict.pkixMX) == [nil, nil, nil])
    }

    @Test func nobodyReached_NothingIsKnown() {
        for verdict in [verdict((10, [Self.refused])), verdict((10, [Self.busy])), verdict((10, []))] {
            #expect(cells(verdict.starttls) == [nil, nil, nil])
            #expect(cells(verdict.tlsWorks) == [nil, nil, nil])
            #expect(cells(verdict.pkixMX) == [nil, nil, nil])
        }
    }

    @Test func aWeakBackup_SpoilsAll() {
        let verdict = verdict((10, [Self.sound]), (20, [Self.inClear]))
        #expect(cells(verdict.starttls) == [true, false, true])
        #expect(cells(verdict.tlsWorks) == [true, false, true])
        #expect(verdict.pkixMX.all == false)
    }

    @Test func aDeadPrimary_LeavesPrimaryOpen() {
        #expect(cells(verdict((10, [Self.refused]), (20, [Self.sound])).starttls) == [true, nil, nil])
        #expect(cells(verdict((10, []), (20, [Self.sound])).starttls) == [true, nil, nil])
    }

    @Test func oneOfTwoEqualPrimaries_Counts() {
        #expect(cells(verdict((10, [Self.refused]), (10, [Self.sound])).starttls) == [true, nil, true])
        #expect(cells(verdict((10, [Self.inClear]), (10, [Self.sound])).starttls) == [true, false, false])
        #expect(cells(verdict((10, [Self.busy]), (10, [Self.sound])).starttls) == [true, nil, nil])
    }

    @Test func allInClear_IsNoOnlyIfAllWereAsked() {
        #expect(cells(verdict((10, [Self.inClear]), (20, [Self.inClear])).starttls) == [false, false, false])
        #expect(cells(verdict((10, [Self.inClear]), (20, [Self.refused])).starttls) == [nil, false, false])
        #expect(cells(verdict((10, [Self.inClear]), (20, [])).starttls) == [nil, false, false])
    }

    @Test func everyEndpointOfAHostCounts() {
        #expect(cells(verdict((10, [Self.sound, Self.inClear])).starttls) == [true, false, false])
        #expect(cells(verdict((10, [Self.sound, Self.busy])).starttls) == [true, nil, nil])
        #expect(cells(verdict((10, [Self.sound, Self.refused])).starttls) == [true, nil, true])
    }

    @Test func addressesThatCouldNotBeResolved_LeaveAllOpen() {
        let half = DomainVerdict.Host(preference: 10, endpoints: [Self.sound], hasKnownAddresses: false)
        #expect(cells(DomainVerdict(hosts: [half]).starttls) == [true, nil, true])
        let clear = DomainVerdict.Host(preference: 10, endpoints: [Self.inClear], hasKnownAddresses: false)
        #expect(cells(DomainVerdict(hosts: [clear]).starttls) == [nil, false, false])
    }

    /// metrics (d): an endpoint that was never asked is never credited.
    @Test func whatWasNotMeasured_IsNotCredited() {
        let sixOnly = Outcomes(tcp: .notMeasured, ehlo: .notMeasured, starttls: .notMeasured, tls: .notMeasured)
        #expect(cells(verdict((10, [sixOnly])).starttls) == [nil, nil, nil])
        #expect(cells(verdict((10, [sixOnly])).tlsWorks) == [nil, nil, nil])
    }
}

struct EndpointOutcomesTests {
    typealias Outcomes = DomainVerdict.EndpointOutcomes

    @Test(
        arguments: [
            (.offered, true), (.refused, true), (.unavailable, true), (.temporaryRefusal, true), (.timeout, true),
            (.eof, true), (.malformed, true), (.trailingPlaintext, true), (.notOffered, false),
            (.notOfferedMasked, false), (.notReached, nil), (.notMeasured, nil),
        ] as [(STARTTLSOutcome, Bool?)])
    func offered(_ starttls: STARTTLSOutcome, _ expected: Bool?) {
        #expect(Outcomes(tcp: .open, ehlo: .ok, starttls: starttls).offersSTARTTLS == expected)
    }

    @Test func onlyHELO_IsANo_ARefusalIsNot() {
        for ehlo in EHLOOutcome.allCases {
            let outcomes = Outcomes(tcp: .open, ehlo: ehlo)
            #expect(outcomes.offersSTARTTLS == (ehlo == .heloOnly ? false : nil), "\(ehlo)")
            #expect(outcomes.completesTLS == (ehlo == .heloOnly ? false : nil), "\(ehlo)")
            #expect(outcomes.provesItsName == (ehlo == .heloOnly ? false : nil), "\(ehlo)")
        }
    }

    @Test(
        arguments: [
            (.notOffered, false), (.notOfferedMasked, false), (.refused, false), (.malformed, false),
            (.trailingPlaintext, false), (.unavailable, nil), (.temporaryRefusal, nil), (.timeout, nil), (.eof, nil),
            (.offered, nil), (.notReached, nil), (.notMeasured, nil),
        ] as [(STARTTLSOutcome, Bool?)])
    func works_WithoutAHandshake(_ starttls: STARTTLSOutcome, _ expected: Bool?) {
        #expect(Outcomes(tcp: .open, ehlo: .ok, starttls: starttls).completesTLS == expected)
    }

    @Test(
        arguments: [
            (.ok, true), (.alertHandshakeFailure, false), (.alertProtocolVersion, false),
            (.alertInsufficientSecurity, false), (.alertUnrecognizedName, false), (.alertInternalError, false),
            (.alertOther, false), (.badRecord, false), (.notTLS, false), (.clientCertRequired, false), (.timeout, nil),
            (.eof, nil), (.reset, nil), (.clientPolicy, nil), (.localError, nil), (.notReached, nil),
            (.notMeasured, nil),
        ] as [(TLSOutcome, Bool?)])
    func works_WithAHandshake(_ tls: TLSOutcome, _ expected: Bool?) {
        #expect(Outcomes(tcp: .open, ehlo: .ok, starttls: .offered, tls: tls).completesTLS == expected)
    }

    private func proof(_ tls: TLSOutcome, _ pkix: PKIXOutcome, _ name: NameMatch) -> Bool? {
        Outcomes(tcp: .open, ehlo: .ok, starttls: .offered, tls: tls, pkix: pkix, nameMatchMX: name).provesItsName
    }

    @Test func aProof_NeedsHandshakeChainAndName() {
        #expect(proof(.ok, .valid, .matchExact) == true)
        #expect(proof(.ok, .valid, .matchWildcard) == true)
        for name in [NameMatch.commonNameOnly, .mismatch, .noNames] { #expect(proof(.ok, .valid, name) == false) }
        for pkix in PKIXOutcome.allCases where pkix != .valid {
            let isUnseen = pkix == .notReached || pkix == .notMeasured
            #expect(proof(.ok, pkix, .matchExact) == (isUnseen ? nil : false), "\(pkix)")
        }
        #expect(proof(.ok, .valid, .notMeasured) == nil)
        #expect(proof(.eof, .valid, .matchExact) == nil, "the handshake may yet complete another time")
        #expect(proof(.eof, .expiredLeaf, .matchExact) == false, "the chain was seen, and it will not do")
        #expect(proof(.alertOther, .notReached, .notReached) == false, "no TLS, no proof")
        #expect(proof(.timeout, .notReached, .notReached) == nil)
    }
}
