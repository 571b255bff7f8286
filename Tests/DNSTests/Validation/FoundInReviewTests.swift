// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

/// What a review found that neither vectors nor fuzzing had shown: each was wrong once.
@Suite("Found in review")
struct FoundInReviewTests {
    let world = TestWorld()

    private func cname(_ owner: String, _ target: String, labels: Int? = nil) -> RRset {
        let alias = RRset(owner: name(owner), type: .cname, ttl: 200, rdatas: [name(target).wire])
        return world.signed.sign(alias, labels: labels)
    }

    /// The parent's NSEC of an unsigned delegation proves nothing about what is below, which needs no proof.
    @Test(arguments: [("plain.test", 0), ("x.plain.test", 0), ("x.plain.test", 3)])
    func aParentsRecordBesideAnUnsignedZonesAbsenceIsNoBogusProof(owner: String, rcode: Int) async {
        let parents = [world.test.soa(), world.test.nsec("plain.test", "signed.test", .ns)]
        world.deny(name("x.plain.test"), .ds, [])
        let answer = await world.judge(owner, authority: parents, rcode: rcode)
        #expect(answer.status.security == .insecure)
        #expect(answer.status.reason?.contains("plain.test has no DS") == true)
        // In the signed zone itself a failed proof stays one.
        let same = await world.judge("other.test", authority: [world.test.nsec("plain.test", "signed.test", .ns)])
        #expect(same.status.security == .bogus)
    }

    /// An opt-out gap may hold an unsigned delegation. The zone's own failed proof does not get better by that.
    @Test func anOptOutGapDoesNotMendAFailedProof() async {
        world.deny(
            name("gone.hash"), .ds,
            [
                world.hash.soa(), world.hash.nsec3(matching: "hash", .soa, .ns),
                world.hash.nsec3(covering: "gone.hash", optOut: true),
            ])
        let elsewhere = [world.hash.soa(), world.hash.nsec3(covering: "other.hash", optOut: true)]
        #expect(await world.judge("gone.hash", authority: elsewhere, rcode: 3).status.security == .bogus)
    }

    /// Data of an unsigned zone with a signature that claims to be its parent's.
    @Test func aForeignSignatureOverUnsignedDataIsNoBogusSignature() async {
        var rrset = RRset(owner: name("mx.plain.test"), type: .a, ttl: 300, rdatas: [[192, 0, 2, 1]])
        rrset.signatures = world.test.sign(rrset).signatures
        rrset.rdatas = [[192, 0, 2, 2]]
        #expect(await world.judge("mx.plain.test", answer: [rrset]).status.security == .insecure)
    }

    /// A wildcard alias into an unsigned zone, with the wildcard's proof beside the target's absence.
    @Test func aWildcardsProofIsNoneAboutTheTarget() async {
        let alias = cname("v.signed.test", "n.plain.test", labels: 2)
        let proof = world.signed.nsec("a.signed.test", "w.signed.test", .a)
        let answer = await world.judge("v.signed.test", .mx, answer: [alias], authority: [proof])
        #expect(answer.status.security == .indeterminate, "the target was asked for and has no answer here")
        #expect(world.asked.contains(Question(name: name("n.plain.test"), type: .mx)))
    }

    /// The same within one zone: its proof names the zone, and still says nothing of the target.
    @Test func aChainCutShortBehindAWildcardIsAskedOn() async {
        let alias = cname("v.signed.test", "www.signed.test", labels: 2)
        let proof = world.signed.nsec("a.signed.test", "w.signed.test", .a)
        world.answer(name("www.signed.test"), .a, [world.signed.a("www.signed.test")])
        let answer = await world.judge("v.signed.test", answer: [alias], authority: [proof])
        #expect(answer.status.security == .secure)
        #expect(answer.rrset?.owner == name("www.signed.test"))
    }

    @Test func aliasesOverTheLimitAreIndeterminateWithTheReason() async {
        let chain = (0..<40).map { cname("n\($0).signed.test", "n\($0 + 1).signed.test") }
        let long = await world.judge("n0.signed.test", answer: chain)
        #expect(long.status.outcome == .cnameTooLong)
        #expect(long.status.security == .indeterminate)
        #expect(long.status.reason == "validation stopped: more than 16 aliases")
        #expect(long.wasAnswered)
        let loop = await world.judge(
            "a.signed.test", answer: [cname("a.signed.test", "b.signed.test"), cname("b.signed.test", "a.signed.test")])
        #expect(loop.status.outcome == .cnameLoop)
        #expect(loop.status.security == .indeterminate)
        #expect(loop.status.reason?.contains("a.signed.test") == true)
    }

    @Test func signaturesOfANameThatIsNotThereAreAbsent() async {
        let proof = [
            world.signed.soa(), world.signed.nsec("a.signed.test", "c.signed.test", .a),
            world.signed.nsec("signed.test", "a.signed.test", .soa, .ns),
        ]
        let answer = await world.judge("b.signed.test", .rrsig, authority: proof, rcode: 3)
        #expect(answer.status.outcome == .nxdomain)
        #expect(answer.status.security == .secure)
    }

    @Test func anyShowsAllThatCame() async {
        let mx = world.signed.sign(
            RRset(owner: name("www.signed.test"), type: .mx, ttl: 60, rdatas: [[0, 5] + name("a.signed.test").wire]))
        let answer = await world.judge("www.signed.test", .any, answer: [world.signed.a("www.signed.test"), mx])
        #expect(answer.status.security == .secure)
        #expect(answer.rrsets.map(\.type) == [.a, .mx])
    }

    /// A zone whose every label has a slow server of its own.
    @Test func judgingHasAnEndInTime() async {
        var now: Int64 = 0
        let validator = Validator(
            anchors: [world.root.anchor].compactMap { $0 }, source: world.records, now: { testTime },
            monotonic: {
                now += 20_000
                return now
            })
        let question = Question(name: name("www.signed.test"), type: .a)
        let message = Message(question: question, answer: [world.signed.a("www.signed.test")])
        let answer = await validator.validate(message, for: question)
        #expect(answer.status.security == .indeterminate)
        #expect(answer.status.reason == "validation stopped: more than 60 seconds for one answer")
        #expect(world.asked.count == 3)
    }

    @Test func anAnchorWithAnUnknownDigestIsNoMistake() async throws {
        let text = "signed.test. DS \(world.signed.keyTag) 15 99 00ff"
        let anchors = try TrustAnchor.parse(text)
        let validator = Validator(anchors: anchors, source: world.records, now: { testTime })
        let question = Question(name: name("www.signed.test"), type: .a)
        let message = Message(question: question, answer: [world.signed.a("www.signed.test")])
        let answer = await validator.validate(message, for: question)
        #expect(answer.status.security == .insecure)
        #expect(answer.status.extendedError?.code == 2)
    }

    @Test func propertyTagsCannotSteerATerminal() {
        let rdata = [0, 6] + Array("a\u{1B}[31m".utf8.prefix(6)) + Array("x\n".utf8)
        let caa = RRset(owner: .root, type: .caa, ttl: 1, rdatas: [rdata])
        #expect(caa.presentation == [#"0 a\027[31m "x\010""#])
    }
}
