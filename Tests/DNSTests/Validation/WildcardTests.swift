// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite("Answers from wildcards")
struct WildcardTests {
    let world = TestWorld()

    /// `*.signed.test` expanded to `b.signed.test`.
    private var expanded: RRset { world.signed.a("b.signed.test", labels: 2) }

    @Test func needsTheProofThatNoCloserNameExists() async {
        let proof = world.signed.nsec("a.signed.test", "c.signed.test", .a)
        let good = await world.judge("b.signed.test", answer: [expanded], authority: [proof])
        #expect(good.status.security == .secure)
        let missing = await world.judge("b.signed.test", answer: [expanded])
        #expect(missing.status.security == .bogus)
        #expect(missing.status.extendedError?.code == 12)
        let elsewhere = world.signed.nsec("d.signed.test", "e.signed.test", .a)
        #expect(
            await world.judge("b.signed.test", answer: [expanded], authority: [elsewhere]).status.security == .bogus)
    }

    /// A gap that ends below the name shows that the name exists, if only as an empty non-terminal.
    @Test func anEmptyNonTerminalHidesTheWildcard() async {
        let proof = world.signed.nsec("a.signed.test", "x.b.signed.test", .a)
        let answer = await world.judge("b.signed.test", answer: [expanded], authority: [proof])
        #expect(answer.status.security == .bogus)
    }

    /// The gap must not show a closer encloser: then another wildcard, or none, would stand for the name.
    @Test func aCloserEncloserHidesTheWildcard() async {
        let far = world.signed.a("b.sub.signed.test", labels: 2)
        let proof = world.signed.nsec("a.sub.signed.test", "c.sub.signed.test", .a)
        #expect(await world.judge("b.sub.signed.test", answer: [far], authority: [proof]).status.security == .bogus)
    }

    @Test func nsec3NeedsTheNextCloserNameCovered() async {
        world.delegate(world.signed, from: world.test)
        let proof = world.signed.nsec3(covering: "b.signed.test")
        #expect(await world.judge("b.signed.test", answer: [expanded], authority: [proof]).status.security == .secure)
        let optOut = world.signed.nsec3(covering: "b.signed.test", optOut: true)
        let weaker = await world.judge("b.signed.test", answer: [expanded], authority: [optOut])
        #expect(weaker.status.security == .insecure)
    }

    @Test func theWildcardItselfNeedsNoProof() async {
        let answer = await world.judge("*.signed.test", answer: [world.signed.a("*.signed.test")])
        #expect(answer.status.security == .secure)
    }

    /// A signature with more labels than the owner has fits nothing.
    @Test func tooManyLabelsAreBogus() async {
        let answer = await world.judge("b.signed.test", answer: [world.signed.a("b.signed.test", labels: 4)])
        #expect(answer.status.security == .bogus)
    }
}
