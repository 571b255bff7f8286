// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

/// A key or a proof that is not to be had in the middle of judging.
@Suite struct InterruptionTests {
    private let world = TestWorld()

    @Test(arguments: [DNSOutcome.resolverDown, .networkError])
    func resolversThatAreGoneLeaveNoHalfAnswer(outcome: DNSOutcome) async {
        world.records.failure = outcome
        let answer = await world.judge("www.other.test", answer: [world.signed.a("www.other.test")])
        #expect(answer.status.outcome == outcome, "to be asked again, not recorded")
        #expect(answer.status.security == .indeterminate)
        #expect(answer.rrset == nil)
    }

    @Test(arguments: [DNSOutcome.timeout, .servfail])
    func aZoneThatDoesNotAnswerLeavesItsDataIndeterminate(outcome: DNSOutcome) async {
        world.records.failure = outcome
        let answer = await world.judge("www.other.test", answer: [world.signed.a("www.other.test")])
        #expect(answer.status.outcome == .noerrorData)
        #expect(answer.status.security == .indeterminate)
    }
}
