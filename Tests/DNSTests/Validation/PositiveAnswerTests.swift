// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite("Positive answers")
struct PositiveAnswerTests {
    let world = TestWorld()

    @Test func aSignedAnswerIsSecure() async {
        let answer = await world.judge("www.signed.test", answer: [world.signed.a("www.signed.test")])
        #expect(answer.status.security == .secure)
        #expect(answer.status.outcome == .noerrorData)
        #expect(answer.status.reason == nil)
        #expect(answer.rrset?.addresses.map(\.description) == ["192.0.2.1"])
        #expect(answer.ttl == 300)
        #expect(answer.proof.map(\.zone.description) == [".", "test", "signed.test"])
        #expect(answer.proof.last?.keyTag == world.signed.keyTag)
    }

    /// DS and DNSKEY of the domain alone are asked for where the TLD is known already.
    @Test func aWarmTLDCostsTwoQuestionsAndThreeSignatures() async {
        _ = await world.judge("plain.test", answer: [])
        let before = (world.asked.count, world.validator.work.signatures)
        _ = await world.judge("www.signed.test", answer: [world.signed.a("www.signed.test")])
        #expect(world.asked.count - before.0 == 2)
        #expect(world.validator.work.signatures - before.1 == 3)
        _ = await world.judge("www.signed.test", answer: [world.signed.a("www.signed.test", 2)])
        #expect(world.asked.count - before.0 == 2)
    }

    @Test func alteredDataIsBogus() async {
        var rrset = world.signed.a("www.signed.test")
        rrset.rdatas = [[192, 0, 2, 99]]
        let answer = await world.judge("www.signed.test", answer: [rrset])
        #expect(answer.status.security == .bogus)
        #expect(answer.status.outcome == .bogus)
        #expect(answer.status.extendedError?.code == 6)
        #expect(answer.status.reason?.contains("signed.test") == true)
        #expect(answer.rrset == nil)
    }

    @Test func missingSignaturesAreBogusInASignedZone() async {
        var rrset = world.signed.a("www.signed.test")
        rrset.signatures = []
        let answer = await world.judge("www.signed.test", answer: [rrset])
        #expect(answer.status.security == .bogus)
        #expect(answer.status.extendedError?.code == 10)
    }

    @Test func dataUnderNXDOMAINIsBogus() async {
        let answer = await world.judge("www.signed.test", answer: [world.signed.a("www.signed.test")], rcode: 3)
        #expect(answer.status.security == .bogus)
    }

    @Test func anUnsignedDelegationMakesInsecure() async {
        let rrset = RRset(owner: name("mx.plain.test"), type: .a, ttl: 300, rdatas: [[192, 0, 2, 1]])
        let answer = await world.judge("mx.plain.test", answer: [rrset])
        #expect(answer.status.security == .insecure)
        #expect(answer.status.reason == "the zone test proves that plain.test has no DS record")
        #expect(answer.rrset == rrset)
        // Once proven, it is known for every name below.
        let asked = world.asked.count
        _ = await world.judge("mx2.plain.test", answer: [])
        #expect(world.asked.count == asked)
    }

    @Test(arguments: [
        (Int64(-86_400), Int64(-1), 7), (Int64(1), Int64(86_400), 8), (Int64(86_400), Int64(-86_400), 25),
    ])
    func datesOfSignaturesCount(inception: Int64, expiration: Int64, code: Int) async {
        let bare = RRset(owner: name("www.signed.test"), type: .a, ttl: 300, rdatas: [[192, 0, 2, 1]])
        let rrset = world.signed.sign(bare, inception: inception, expiration: expiration)
        let answer = await world.judge("www.signed.test", answer: [rrset])
        #expect(answer.status.security == .bogus)
        #expect(answer.status.extendedError?.code == code)
    }

    /// RFC 1982: the numbers wrap in 2106, and signatures across the wrap are as good as others.
    @Test func datesAreSerialNumbers() async {
        let bare = RRset(owner: name("www.signed.test"), type: .a, ttl: 300, rdatas: [[192, 0, 2, 1]])
        let wrap = Int64(UInt32.max) - testTime.seconds
        #expect(wrap > 0x8000_0000)
        let behind = world.signed.sign(bare, inception: -86_400, expiration: wrap + 10)
        #expect(await world.judge("www.signed.test", answer: [behind]).status.extendedError?.code == 25)
        let far = world.signed.sign(bare, inception: -86_400, expiration: 0x7000_0000)
        #expect(await world.judge("www.signed.test", answer: [far]).status.security == .secure)
    }

    @Test func theTTLEndsWithTheSignature() async {
        let bare = RRset(owner: name("www.signed.test"), type: .a, ttl: 300, rdatas: [[192, 0, 2, 1]])
        let rrset = world.signed.sign(bare, expiration: 20)
        #expect(await world.judge("www.signed.test", answer: [rrset]).ttl == 20)
    }

    /// RFC 4035 §5.3.1: the signer must be the zone that the data belongs to.
    @Test func aSignerThatIsNoZoneIsNotFollowed() async {
        let stranger = TestZone("www.signed.test", seed: 9)
        let answer = await world.judge("www.signed.test", answer: [stranger.a("www.signed.test")])
        #expect(answer.status.security == .bogus)
        let outside = TestZone("other.test", seed: 9)
        let second = await world.judge("www.signed.test", answer: [outside.a("www.signed.test")])
        #expect(second.status.security == .bogus)
    }

    @Test func aSecondSignatureMayBeWrong() async {
        var rrset = world.signed.a("www.signed.test")
        rrset.signatures.insert(contentsOf: TestZone("signed.test", seed: 9).a("www.signed.test").signatures, at: 0)
        #expect(await world.judge("www.signed.test", answer: [rrset]).status.security == .secure)
    }

    @Test func withoutAnAnchorNothingIsExpected() async {
        let source = TestWorld()
        let validator = Validator(
            anchors: [source.test.anchor].compactMap { $0 }, source: source.records, now: { testTime })
        let question = Question(name: name("example.org"), type: .a)
        let answer = await validator.validate(Message(question: question), for: question)
        #expect(answer.status.security == .insecure)
        #expect(answer.status.reason == "no trust anchor stands above example.org")
    }

    @Test func everythingThatANYBringsIsJudged() async {
        let mx = world.signed.sign(
            RRset(owner: name("www.signed.test"), type: .mx, ttl: 100, rdatas: [[0, 10, 0]]))
        let both = [world.signed.a("www.signed.test"), mx]
        let good = await world.judge("www.signed.test", .any, answer: both)
        #expect(good.status.security == .secure)
        #expect(good.ttl == 100)
        var altered = both
        altered[1].rdatas = [[0, 20, 0]]
        #expect(await world.judge("www.signed.test", .any, answer: altered).status.security == .bogus)
    }

    @Test func signaturesAreNotSigned() async {
        let rrset = RRset(owner: name("www.signed.test"), type: .rrsig, ttl: 100, rdatas: [[0]])
        let answer = await world.judge("www.signed.test", .rrsig, answer: [rrset])
        #expect(answer.status.security == .insecure)
        #expect(answer.status.outcome == .noerrorData)
    }
}
