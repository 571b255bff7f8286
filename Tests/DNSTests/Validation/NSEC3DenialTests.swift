// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite("Denial with NSEC3")
struct NSEC3DenialTests {
    let world = TestWorld()
    private var zone: TestZone { world.signed }

    private func deny(
        _ owner: String, _ type: RecordType = .a, rcode: Int = 0, _ proofs: [RRset]
    ) async -> ValidatedAnswer {
        await world.judge(owner, type, authority: [zone.soa()] + proofs, rcode: rcode)
    }

    @Test(arguments: [0, 10, 150])
    func nodata(iterations: Int) async {
        let proof = zone.nsec3(matching: "www.signed.test", .a, iterations: iterations, salt: [0xAA, 0xBB])
        let answer = await deny("www.signed.test", .mx, [proof])
        #expect(answer.status.security == .secure)
        #expect(await deny("www.signed.test", .a, [proof]).status.security == .bogus)
        #expect(world.validator.work.nsec3Blocks > iterations)
        #expect(await deny("www.signed.test", .mx, rcode: 3, [proof]).status.security == .bogus)
    }

    @Test func nxdomain() async {
        let apex = zone.nsec3(matching: "signed.test", .soa, .ns)
        let cover = zone.nsec3(covering: "b.signed.test")
        let wildcard = zone.nsec3(covering: "*.signed.test")
        #expect(await deny("b.signed.test", rcode: 3, [apex, cover, wildcard]).status.security == .secure)
        #expect(await deny("x.b.signed.test", rcode: 3, [apex, cover, wildcard]).status.security == .secure)
        #expect(await deny("b.signed.test", rcode: 3, [apex, cover]).status.security == .bogus)
        #expect(await deny("b.signed.test", rcode: 3, [cover, wildcard]).status.security == .bogus)
        #expect(await deny("b.signed.test", rcode: 3, [apex, wildcard]).status.security == .bogus)
        let optOut = zone.nsec3(covering: "b.signed.test", optOut: true)
        let weaker = await deny("b.signed.test", rcode: 3, [apex, optOut, wildcard])
        #expect(weaker.status.security == .insecure)
        #expect(weaker.status.outcome == .nxdomain)
        #expect(weaker.status.reason?.contains("opt-out") == true)
    }

    @Test func wildcardNodata() async {
        let apex = zone.nsec3(matching: "signed.test", .soa, .ns)
        let cover = zone.nsec3(covering: "b.signed.test")
        let wildcard = zone.nsec3(matching: "*.signed.test", .a)
        #expect(await deny("b.signed.test", .mx, [apex, cover, wildcard]).status.security == .secure)
        #expect(await deny("b.signed.test", .a, [apex, cover, wildcard]).status.security == .bogus)
        // Without the wildcard there is a gap and no reason for NODATA; with opt-out there may be a delegation in it.
        #expect(await deny("b.signed.test", .mx, [apex, cover]).status.security == .bogus)
        let optOut = zone.nsec3(covering: "b.signed.test", optOut: true)
        #expect(await deny("b.signed.test", .mx, [apex, optOut]).status.security == .insecure)
    }

    /// The encloser must not be a delegation or a DNAME (RFC 6840 §4.1).
    @Test(arguments: [RecordType.ns, .dname])
    func anEncloserWithoutAuthorityProvesNothing(type: RecordType) async {
        let encloser = zone.nsec3(matching: "sub.signed.test", type)
        let cover = zone.nsec3(covering: "b.sub.signed.test")
        let wildcard = zone.nsec3(covering: "*.sub.signed.test")
        let answer = await deny("b.sub.signed.test", rcode: 3, [encloser, cover, wildcard])
        #expect(answer.status.security == .bogus)
    }

    /// Above the limit the zone counts as insecure, but only on the word of a good signature (RFC 9276 §3.2).
    @Test func tooManyIterationsAreInsecure() async {
        let high = zone.nsec3(matching: "www.signed.test", .a, iterations: 151)
        let answer = await deny("www.signed.test", .mx, [high])
        #expect(answer.status.security == .insecure)
        #expect(answer.status.extendedError?.code == 27)
        #expect(world.validator.work.nsec3Blocks == 0)
        var forged = high
        forged.rdatas = [TestZone("signed.test", seed: 9).nsec3(matching: "x.signed.test", iterations: 200).rdatas[0]]
        #expect(await deny("www.signed.test", .mx, [forged]).status.security == .bogus)
    }

    /// RFC 5155 §8.1, §8.2: such records are as if they were not there.
    @Test(arguments: [(0, UInt8(2)), (1, UInt8(2)), (1, UInt8(0x80))])
    func unknownHashesAndFlagsAreIgnored(at: Int, value: UInt8) async {
        var proof = zone.nsec3(matching: "www.signed.test", .a)
        proof.rdatas[0][at] = value
        proof = zone.sign(RRset(owner: proof.owner, type: .nsec3, ttl: 600, rdatas: proof.rdatas))
        #expect(await deny("www.signed.test", .mx, [proof]).status.security == .bogus)
    }

    /// The single record of a zone with one name: its gap is everything else.
    @Test func aLoneRecordCoversEverythingElse() async {
        var proof = zone.nsec3(matching: "signed.test", .soa, .ns)
        let hash = NSEC3Hashes.hash(name("signed.test"), iterations: 0, salt: [])
        proof.rdatas[0].replaceSubrange(6..<26, with: hash)
        proof = zone.sign(RRset(owner: proof.owner, type: .nsec3, ttl: 600, rdatas: proof.rdatas))
        #expect(await deny("b.signed.test", rcode: 3, [proof]).status.security == .secure)
        #expect(await deny("signed.test", .mx, [proof]).status.security == .secure)
    }
}
