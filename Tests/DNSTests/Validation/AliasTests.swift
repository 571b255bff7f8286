// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite("Aliases")
struct AliasTests {
    let world = TestWorld()

    private func cname(_ owner: String, _ target: String) -> RRset {
        RRset(owner: name(owner), type: .cname, ttl: 200, rdatas: [name(target).wire])
    }
    private func dname(_ owner: String, _ target: String) -> RRset {
        RRset(owner: name(owner), type: .dname, ttl: 200, rdatas: [name(target).wire])
    }
    private func unsigned(_ owner: String) -> RRset {
        RRset(owner: name(owner), type: .a, ttl: 300, rdatas: [[192, 0, 2, 1]])
    }

    @Test func theWholeIsAsSecureAsItsWeakestPart() async {
        let alias = world.signed.sign(cname("w.signed.test", "www.signed.test"))
        let secure = await world.judge("w.signed.test", answer: [alias, world.signed.a("www.signed.test")])
        #expect(secure.status.security == .secure)
        #expect(secure.canonicalName == name("www.signed.test"))
        #expect(secure.aliases.map(\.security) == [.secure])
        #expect(secure.ttl == 200)

        let out = world.signed.sign(cname("w.signed.test", "mx.plain.test"))
        let mixed = await world.judge("w.signed.test", answer: [out, unsigned("mx.plain.test")])
        #expect(mixed.status.security == .insecure)
        #expect(mixed.aliases.map(\.security) == [.secure])
        #expect(mixed.rrset?.owner == name("mx.plain.test"))

        let back = cname("mx.plain.test", "www.signed.test")
        let third = await world.judge("mx.plain.test", answer: [back, world.signed.a("www.signed.test")])
        #expect(third.status.security == .insecure)
        #expect(third.aliases.map(\.security) == [.insecure])
    }

    @Test func aBogusStepMakesAllBogus() async {
        let answer = await world.judge(
            "w.signed.test",
            answer: [cname("w.signed.test", "www.signed.test"), world.signed.a("www.signed.test")])
        // The DS question for w.signed.test has no answer here, so that nothing is known.
        #expect(answer.status.security == .indeterminate)
        world.deny(name("w.signed.test"), .ds, [world.signed.nsec("w.signed.test", "x.signed.test", .cname)])
        let known = await world.judge(
            "w.signed.test",
            answer: [cname("w.signed.test", "www.signed.test"), world.signed.a("www.signed.test")])
        #expect(known.status.security == .bogus)
        #expect(known.rrset == nil)
    }

    @Test func absenceAtTheEnd() async {
        let alias = world.signed.sign(cname("w.signed.test", "www.signed.test"))
        let proof = world.signed.nsec("www.signed.test", "x.signed.test", .a)
        let answer = await world.judge("w.signed.test", .mx, answer: [alias], authority: [world.signed.soa(), proof])
        #expect(answer.status.security == .secure)
        #expect(answer.status.outcome == .noerrorNodata)
    }

    @Test func aChainThatIsCutShortIsAskedOn() async {
        let alias = world.signed.sign(cname("w.signed.test", "www.signed.test"))
        world.answer(name("www.signed.test"), .a, [world.signed.a("www.signed.test")])
        let answer = await world.judge("w.signed.test", answer: [alias])
        #expect(answer.status.security == .secure)
        #expect(answer.rrset?.owner == name("www.signed.test"))
    }

    @Test func aDNAMEMakesItsCNAMEs() async {
        let tree = world.signed.sign(dname("d.signed.test", "signed.test"))
        let target = world.signed.a("www.signed.test")
        let made = cname("www.d.signed.test", "www.signed.test")
        let answer = await world.judge("www.d.signed.test", answer: [tree, made, target])
        #expect(answer.status.security == .secure)
        #expect(answer.aliases.first?.dname == name("d.signed.test"))
        let forged = cname("www.d.signed.test", "other.signed.test")
        let wrong = await world.judge("www.d.signed.test", answer: [tree, forged, target])
        #expect(wrong.status.security == .bogus)
        let asked = await world.judge("www.d.signed.test", .cname, answer: [tree, made])
        #expect(asked.status.security == .secure)
        #expect(asked.rrset?.type == .cname)
    }

    @Test func aTargetThatGrowsTooLongIsIllegal() async {
        let long = String(repeating: "a.", count: 118) + "d.signed.test"
        let tree = world.signed.sign(dname("d.signed.test", "very.very.very.signed.test"))
        let answer = await world.judge(long, answer: [tree])
        #expect(answer.status.outcome == .nameIllegal)
    }

    @Test func loopsAndLongChainsEnd() async {
        let loop = [("a", "b"), ("b", "a")].map { world.signed.sign(cname("\($0).signed.test", "\($1).signed.test")) }
        #expect(await world.judge("a.signed.test", answer: loop).status.outcome == .cnameLoop)
        let chain = (0..<40).map { world.signed.sign(cname("n\($0).signed.test", "n\($0 + 1).signed.test")) }
        let answer = await world.judge("n0.signed.test", answer: chain)
        #expect(answer.status.outcome == .cnameTooLong)
        #expect(answer.aliases.count == 17)
        let fits = Array(chain.suffix(16)) + [world.signed.a("n40.signed.test")]
        #expect(await world.judge("n24.signed.test", answer: fits).status.outcome == .noerrorData)
    }
}
