// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@Suite struct VisitStandingTests {
    private func standing(
        _ tcp: TCPOutcome, _ greeting: GreetingOutcome = .notReached, _ ehlo: EHLOOutcome = .notReached,
        _ starttls: STARTTLSOutcome = .notReached, _ tls: TLSOutcome = .notReached
    ) -> VisitStanding {
        VisitStanding(tcp: tcp, greeting: greeting, ehlo: ehlo, starttls: starttls, tls: tls)
    }

    @Test func whatIsConclusiveStays() {
        let measured = standing(.open, .ready, .ok, .offered, .ok)
        let plain = standing(.open, .ready, .ok, .notOffered)
        for later in [standing(.timeout), standing(.open, .closing), standing(.open, .ready, .ok, .offered, .timeout)] {
            #expect(!later.replaces(measured))
            #expect(!later.replaces(plain))
            #expect(measured.replaces(later))
        }
    }

    @Test func ofTwoInconclusiveOnesTheFurtherAndThenTheLater() {
        #expect(!standing(.timeout).replaces(standing(.open, .closing)))
        #expect(standing(.open, .ready, .closing).replaces(standing(.open, .closing)))
        #expect(standing(.refused).replaces(standing(.timeout)))
        #expect(standing(.open, .blockedByReputation).replaces(standing(.open, .temporaryRefusal)))
    }

    @Test func aLimitOfOurOwnHidesNothing() {
        #expect(!standing(.budgetExhausted).replaces(standing(.timeout)))
        #expect(standing(.timeout).replaces(standing(.budgetExhausted)))
        #expect(standing(.timeout).replaces(standing(.localResource)))
        #expect(standing(.budgetExhausted).replaces(standing(.notMeasured)))
    }

    @Test func ofTwoConclusiveOnesTheLaterWhereItCameAsFar() {
        let measured = standing(.open, .ready, .ok, .offered, .ok)
        #expect(standing(.open, .ready, .ok, .offered, .ok).replaces(measured))
    }
}
