// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite("Delegations")
struct DelegationTests {
    let world = TestWorld()

    private func unsigned(_ owner: String) -> RRset {
        RRset(owner: name(owner), type: .a, ttl: 300, rdatas: [[192, 0, 2, 1]])
    }

    @Test func optOutMakesInsecure() async {
        world.deny(
            name("some.hash"), .ds,
            [
                world.hash.soa(), world.hash.nsec3(matching: "hash", .soa, .ns),
                world.hash.nsec3(covering: "some.hash", optOut: true),
            ])
        let answer = await world.judge("some.hash", answer: [unsigned("some.hash")])
        #expect(answer.status.security == .insecure)
        #expect(answer.status.reason?.contains("opt-out") == true)
    }

    /// The apex of the TLD comes with each denial; its signature is checked once.
    @Test func denialsOfATLDShareTheirWork() async {
        for domain in ["one.hash", "two.hash", "three.hash"] {
            world.deny(
                name(domain), .ds,
                [
                    world.hash.soa(), world.hash.nsec3(matching: "hash", .soa, .ns),
                    world.hash.nsec3(covering: domain, optOut: true),
                ])
        }
        _ = await world.judge("one.hash", answer: [unsigned("one.hash")])
        let before = world.validator.work.signatures
        _ = await world.judge("two.hash", answer: [unsigned("two.hash")])
        _ = await world.judge("three.hash", answer: [unsigned("three.hash")])
        #expect(world.validator.work.signatures - before == 2)
    }

    /// One wide gap holds many domains: the second needs no question (RFC 8198).
    @Test func verifiedGapsAreUsedAgain() async {
        let gap = world.hash.nsec3(from: [UInt8](repeating: 0, count: 20), to: [UInt8](repeating: 255, count: 20))
        let apex = world.hash.nsec3(matching: "hash", .soa, .ns)
        world.deny(name("one.hash"), .ds, [world.hash.soa(), apex, gap])
        #expect(await world.judge("one.hash", answer: [unsigned("one.hash")]).status.security == .insecure)
        let asked = world.asked.count
        let second = await world.judge("www.two.hash", answer: [unsigned("www.two.hash")])
        #expect(second.status.security == .insecure)
        #expect(second.status.reason == "the zone hash proves that two.hash has no DS record, by opt-out")
        #expect(world.asked.count == asked)
        world.records.time = testTime.adding(seconds: 601)
        _ = await world.judge("three.hash", answer: [unsigned("three.hash")])
        #expect(world.asked.last == Question(name: name("three.hash"), type: .ds))
    }

    @Test func rangesAreSearchedAndBounded() throws {
        let effort = Effort(ValidationLimits())
        var hashes = NSEC3Hashes(effort)
        var ranges = OptOutRanges(capacity: 80, zoneCapacity: 50)
        let zone = name("hash")
        let names = (0..<40).map { "d\($0).hash" }
        func entry(_ rrset: RRset) throws -> NSEC3Proof.Entry {
            var proof = NSEC3Proof(zone: zone, effort: effort)
            proof.add(rrset, ttl: 100)
            return try #require(proof.entries.first)
        }
        func insert(_ owner: String, of zone: DomainName, optOut: Bool = true, salt: [UInt8] = []) throws {
            let rrset = world.hash.nsec3(covering: owner, optOut: optOut, salt: salt)
            ranges.insert(try entry(rrset), of: zone, at: testTime)
        }
        func holds(_ owner: String, below zone: DomainName, after seconds: Int64 = 0) throws -> UInt32? {
            try ranges.holds(name(owner), below: zone, at: testTime.adding(seconds: seconds), &hashes)
        }
        for owner in names { try insert(owner, of: zone) }
        for owner in names { #expect(try holds(owner, below: zone) == 100) }
        #expect(try holds("other.hash", below: zone) == nil)
        #expect(try holds("d1.hash", below: name("other")) == nil)
        #expect(try holds("d1.hash", below: zone, after: 100) == nil)
        try insert("other.hash", of: zone, optOut: false)
        #expect(ranges.count == 40)
        for index in 0..<100 {
            try insert("e\(index).hash", of: zone)
            #expect(ranges.count <= 50)
        }
        try insert("x.hash", of: zone, salt: [1])
        #expect(ranges.count == 1)
        for index in 0..<200 {
            try insert("e\(index).hash", of: name("zone\(index % 20)"))
            #expect(ranges.count <= 80)
        }
        #expect(try holds("e199.hash", below: name("zone19")) == 100)
    }

    @Test func withoutProofThereIsNoInsecurity() async {
        for proof in [
            [], [world.test.nsec("a.test", "b.test", .ns)], [world.test.nsec("other.test", "z.test", .ns, .ds)],
        ] {
            let world = TestWorld()
            world.deny(name("other.test"), .ds, proof)
            let answer = await world.judge("other.test", answer: [unsigned("other.test")])
            #expect(answer.status.security == .bogus)
            #expect(answer.status.extendedError?.code == 12)
        }
    }

    @Test(arguments: [(UInt8(1), UInt8(2), 1), (3, 2, 1), (253, 2, 1), (15, 3, 2), (15, 200, 2)])
    func unknownAlgorithmsAndDigestsAreInsecure(algorithm: UInt8, digest: UInt8, code: Int) async {
        let zone = TestZone("odd.test", seed: 7)
        let ds = RRset(
            owner: zone.name, type: .ds, ttl: 60, rdatas: [zone.dsRData(algorithm: algorithm, digestType: digest)])
        world.answer(zone.name, .ds, [world.test.sign(ds)])
        let answer = await world.judge("www.odd.test", answer: [zone.a("www.odd.test")])
        #expect(answer.status.security == .insecure)
        #expect(answer.status.extendedError?.code == code)
    }

    /// RFC 4509 §3: SHA-1 does not count beside SHA-256.
    @Test func sha1DigestsAreIgnoredBesideBetterOnes() async {
        func judge(_ rdatas: [[UInt8]]) async -> Security {
            let world = TestWorld()
            let zone = TestZone("odd.test", seed: 7)
            world.answer(zone.name, .ds, [world.test.sign(RRset(owner: zone.name, type: .ds, ttl: 60, rdatas: rdatas))])
            world.answer(zone.name, .dnskey, [zone.keys()])
            return await world.judge("www.odd.test", answer: [zone.a("www.odd.test")]).status.security
        }
        let zone = TestZone("odd.test", seed: 7)
        var wrong = zone.dsRData()
        wrong[10] ^= 1
        #expect(await judge([zone.dsRData(digestType: 1)]) == .secure)
        #expect(await judge([zone.dsRData(digestType: 4)]) == .secure)
        #expect(await judge([zone.dsRData(digestType: 1), wrong]) == .bogus)
        #expect(await judge([zone.dsRData(), wrong]) == .secure)
    }

    @Test func keysThatTheParentDoesNotNameAreBogus() async {
        let stranger = TestZone("signed.test", seed: 8)
        world.answer(name("signed.test"), .dnskey, [stranger.keys()])
        let answer = await world.judge("www.signed.test", answer: [stranger.a("www.signed.test")])
        #expect(answer.status.security == .bogus)
        #expect(answer.status.extendedError?.code == 9)
        #expect(answer.status.reason?.contains("signed.test") == true)
    }

    @Test func dsUnderNXDOMAINIsBogus() async {
        let question = Question(name: name("signed.test"), type: .ds)
        world.records.responses[question]?.rcode = 3
        let answer = await world.judge("www.signed.test", answer: [world.signed.a("www.signed.test")])
        #expect(answer.status.security == .bogus)
    }

    @Test func noKeysAreBogusAndNoAnswerIsIndeterminate() async {
        world.deny(name("signed.test"), .dnskey, [])
        let none = await world.judge("www.signed.test", answer: [world.signed.a("www.signed.test")])
        #expect(none.status.extendedError?.code == 9)
        #expect(none.status.security == .bogus)
        let zone = TestZone("mute.test", seed: 7)
        world.delegate(zone, from: world.test)
        let mute = await world.judge("www.mute.test", answer: [zone.a("www.mute.test")])
        #expect(mute.status.security == .indeterminate)
        #expect(mute.status.outcome == .noerrorData)
        #expect(mute.status.reason == "no answer to mute.test DNSKEY: timeout")
        // What failed is not remembered.
        world.answer(zone.name, .dnskey, [zone.keys()])
        #expect(await world.judge("www.mute.test", answer: [zone.a("www.mute.test")]).status.security == .secure)
    }

    @Test(arguments: [(UInt16(0x0101 | 0x80), 9), (0x0001, 11)])
    func revokedAndForeignKeysSignNothing(flags: UInt16, code: Int) async {
        let zone = TestZone("odd.test", seed: 7, flags: flags)
        world.delegate(zone, from: world.test)
        world.answer(zone.name, .dnskey, [zone.keys()])
        let answer = await world.judge("www.odd.test", answer: [zone.a("www.odd.test")])
        #expect(answer.status.security == .bogus)
        #expect(answer.status.extendedError?.code == code)
    }

    /// An unsigned answer at a name that is no zone cut must be signed by the zone above.
    @Test func aNameWithoutACutBelongsToTheZoneAbove() async {
        let answer = await world.judge("www.signed.test", answer: [unsigned("www.signed.test")])
        #expect(answer.status.security == .bogus)
        #expect(world.asked.last == Question(name: name("www.signed.test"), type: .ds))
    }

    @Test func whatIsKnownExpires() async {
        _ = await world.judge("www.signed.test", answer: [world.signed.a("www.signed.test")])
        let asked = world.asked.count
        world.records.time = testTime.adding(seconds: 3_599)
        _ = await world.judge("www.signed.test", answer: [world.signed.a("www.signed.test")])
        #expect(world.asked.count == asked)
        world.records.time = testTime.adding(seconds: 3_600)
        _ = await world.judge("www.signed.test", answer: [world.signed.a("www.signed.test")])
        #expect(world.asked.count > asked)
    }
}
