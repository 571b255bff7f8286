// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

/// Zones that are right in every signature and still made to cost: many questions, many proofs, many records. The work is
/// counted, and what is honest at the edge of the limits is still judged.
@Suite("Hostile zones")
struct HostileZoneTests {
    let world = TestWorld()
    private var zone: TestZone { world.signed }

    private func cname(_ owner: String, _ target: String) -> RRset {
        zone.sign(RRset(owner: name(owner), type: .cname, ttl: 200, rdatas: [name(target).wire]))
    }

    /// What a resolver sends that follows no alias by itself: one step in each response.
    private func answerOneStep(_ owner: String, _ target: String) -> RRset {
        let alias = cname(owner, target)
        world.answer(name(owner), .a, [alias])
        return alias
    }

    @Test func aLoopOverManyResponsesEndsAtItsSecondRound() async {
        let first = answerOneStep("a.signed.test", "b.signed.test")
        for (owner, target) in [("b", "c"), ("c", "d"), ("d", "a")] {
            _ = answerOneStep("\(owner).signed.test", "\(target).signed.test")
        }
        let answer = await world.judge("a.signed.test", answer: [first])
        #expect(answer.status.outcome == .cnameLoop)
        #expect(world.asked.count { $0.type == .a } == 3)
        #expect(world.validator.work.signatures <= 4 + 5)
    }

    @Test func aliasesWithoutEndCostSixteenSteps() async {
        let first = answerOneStep("n0.signed.test", "n1.signed.test")
        for step in 1..<60 { _ = answerOneStep("n\(step).signed.test", "n\(step + 1).signed.test") }
        let answer = await world.judge("n0.signed.test", answer: [first])
        #expect(answer.status.outcome == .cnameTooLong)
        #expect(world.asked.count { $0.type == .a } == world.limits.aliases)
        #expect(world.validator.work.signatures <= world.limits.aliases + 1 + 5)
    }

    /// Each step of a DNAME onto its own parent makes the name longer.
    @Test func aNameThatGrowsForEverEnds() async {
        let dname = RRset(owner: name("d.signed.test"), type: .dname, ttl: 200, rdatas: [name("x.d.signed.test").wire])
        let answer = await world.judge("www.d.signed.test", answer: [zone.sign(dname)])
        #expect([.cnameTooLong, .nameIllegal].contains(answer.status.outcome))
        #expect(answer.aliases.count <= world.limits.aliases + 1)
        #expect(world.validator.work.queries <= world.limits.queries)
    }

    /// Four hundred true NSEC records, none of which proves anything about the name.
    @Test func proofsThatProveNothingAreNotAllChecked() async {
        let proofs = (0..<400).map { zone.nsec("m\($0).signed.test", "m\($0)a.signed.test", .a) }
        let answer = await world.judge("a.signed.test", authority: [zone.soa()] + proofs, rcode: 3)
        #expect(answer.status.security == .indeterminate)
        #expect(world.validator.work.signatures <= world.limits.signatures)
    }

    /// As many addresses as a message of 64 KiB can hold.
    @Test func aGiantRRsetCostsOneSignature() async {
        let rdatas = (0..<4_000).map { [10, 0, UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let giant = zone.sign(RRset(owner: name("www.signed.test"), type: .a, ttl: 60, rdatas: rdatas))
        let small = await world.judge("www.signed.test", answer: [zone.a("www.signed.test")])
        #expect(small.status.security == .secure)
        let before = world.validator.work.signatures
        let answer = await world.judge("www.signed.test", answer: [giant])
        #expect(answer.status.security == .secure)
        #expect(world.validator.work.signatures - before == 1)
    }

    /// Nine labels, each hashed 151 times: dear, but honest and bounded.
    @Test func theDearestHonestDenialIsJudged() async {
        let denied = "a.b.c.d.e.f.g.h.signed.test"
        let proofs = [
            zone.nsec3(matching: "signed.test", .soa, .ns, iterations: 150, salt: [1, 2, 3, 4]),
            zone.nsec3(covering: "h.signed.test", iterations: 150, salt: [1, 2, 3, 4]),
            zone.nsec3(covering: "*.signed.test", iterations: 150, salt: [1, 2, 3, 4]),
        ]
        let answer = await world.judge(denied, authority: [zone.soa()] + proofs, rcode: 3)
        #expect(answer.status.security == .secure)
        #expect((1_000...2_500).contains(world.validator.work.nsec3Blocks))
    }
}
