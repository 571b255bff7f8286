// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DNS

@Suite struct ServerHealthTests {
    @Test func aDeadServerRestsGetsOneTrialAndRestsTwiceAsLong() {
        var health = ServerHealth(firstRest: 1_000, longestRest: 3_000)
        #expect(health.isUsable(at: 0))
        health.died(at: 0)
        #expect(!health.isUsable(at: 999))
        #expect(health.isUsable(at: 1_000))
        health.willAsk(at: 1_000)
        #expect(!health.isUsable(at: 1_001), "one trial at a time")
        health.died(at: 1_500)
        #expect(!health.isUsable(at: 3_499))
        #expect(health.isUsable(at: 3_500))
        health.died(at: 3_500)
        #expect(health.isUsable(at: 6_500), "no rest is longer than the longest")
        #expect(!health.isUsable(at: 6_499))
    }

    @Test func anAnswerEndsTheRestAndItsLength() {
        var health = ServerHealth(firstRest: 1_000, longestRest: 60_000)
        health.died(at: 0)
        health.died(at: 1_000)
        health.answered(at: 3_000)
        #expect(health.isUsable(at: 3_000))
        #expect(health.lastAnswer == 3_000)
        health.died(at: 4_000)
        #expect(health.isUsable(at: 5_000))
    }

    @Test func onlyAServerThatEverAnsweredIsWaitedFor() {
        var health = ServerHealth(firstRest: 1_000, longestRest: 60_000)
        health.died(at: 0)
        #expect(health.restLeft(at: 400) == nil)
        health.answered(at: 1_000)
        #expect(health.restLeft(at: 1_000) == 0)
        health.died(at: 2_000)
        #expect(health.restLeft(at: 2_400) == 600)
        #expect(health.restLeft(at: 4_000) == 0)
    }

    @Test func aLivingServerIsNotHeldBackByQuestions() {
        var health = ServerHealth(firstRest: 1_000, longestRest: 60_000)
        health.willAsk(at: 0)
        #expect(health.isUsable(at: 0))
    }
}
