// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite("Denial with NSEC")
struct NSECDenialTests {
    let world = TestWorld()

    private func deny(
        _ owner: String, _ type: RecordType = .a, rcode: Int = 0, _ proofs: RRset...
    ) async -> ValidatedAnswer {
        await world.judge(owner, type, authority: [world.signed.soa()] + proofs, rcode: rcode)
    }

    @Test func nodata() async {
        let answer = await deny("www.signed.test", .mx, world.signed.nsec("www.signed.test", "x.signed.test", .a))
        #expect(answer.status.security == .secure)
        #expect(answer.status.outcome == .noerrorNodata)
        #expect(answer.ttl == 60)
    }

    @Test func nodataOfATypeThatExistsIsBogus() async {
        let answer = await deny("www.signed.test", .a, world.signed.nsec("www.signed.test", "x.signed.test", .a))
        #expect(answer.status.security == .bogus)
        #expect(answer.status.extendedError?.code == 12)
    }

    @Test func nxdomain() async {
        let proof = world.signed.nsec("signed.test", "www.signed.test", .soa, .ns)
        let answer = await deny("b.signed.test", rcode: 3, proof)
        #expect(answer.status.security == .secure)
        #expect(answer.status.outcome == .nxdomain)
    }

    @Test func nxdomainNeedsTheWildcardDenied() async {
        let proof = world.signed.nsec("a.signed.test", "www.signed.test", .a)
        #expect(await deny("b.signed.test", rcode: 3, proof).status.security == .bogus)
        let wildcard = world.signed.nsec("signed.test", "a.signed.test", .soa, .ns)
        #expect(await deny("b.signed.test", rcode: 3, proof, wildcard).status.security == .secure)
    }

    /// The last record of the zone leads back to the apex.
    @Test func theLastGap() async {
        let last = world.signed.nsec("www.signed.test", "signed.test", .a)
        let first = world.signed.nsec("signed.test", "www.signed.test", .soa, .ns)
        #expect(await deny("z.signed.test", rcode: 3, last, first).status.security == .secure)
    }

    @Test func emptyNonTerminal() async {
        let proof = world.signed.nsec("signed.test", "a.ent.signed.test", .soa, .ns)
        let nodata = await deny("ent.signed.test", .a, proof)
        #expect(nodata.status.security == .secure)
        #expect(nodata.status.outcome == .noerrorNodata)
        // Servers that say NXDOMAIN here prove that they are wrong.
        let wrong = await deny("ent.signed.test", rcode: 3, proof)
        #expect(wrong.status.security == .secure)
        #expect(wrong.status.outcome == .noerrorNodata)
    }

    @Test func wildcardNodata() async {
        let cover = world.signed.nsec("a.signed.test", "c.signed.test", .a)
        let wildcard = world.signed.nsec("*.signed.test", "a.signed.test", .a)
        #expect(await deny("b.signed.test", .mx, cover, wildcard).status.security == .secure)
        #expect(await deny("b.signed.test", .a, cover, wildcard).status.security == .bogus)
        #expect(await deny("b.signed.test", .mx, cover).status.security == .bogus)
    }

    /// `*.signed.test`'s own NSEC, played as if it were that of an expanded name.
    @Test func aReplayedWildcardNSECIsNoProof() async {
        var replayed = world.signed.nsec("*.signed.test", "a.signed.test", .a)
        replayed.owner = name("www.signed.test")
        let answer = await deny("www.signed.test", .mx, replayed)
        #expect(answer.status.security == .bogus)
    }

    @Test func theNSECOfACNAMEOwnerIsNoProof() async {
        let answer = await deny("www.signed.test", .mx, world.signed.nsec("www.signed.test", "x.signed.test", .cname))
        #expect(answer.status.security == .bogus)
    }

    /// Nothing below a DNAME belongs to the zone any more (RFC 6840 §4.1).
    @Test func theNSECOfADNAMEOwnerDeniesNothingBelow() async {
        let dname = world.signed.nsec("d.signed.test", "x.signed.test", .dname)
        let apex = world.signed.nsec("signed.test", "d.signed.test", .soa, .ns)
        #expect(await deny("b.d.signed.test", rcode: 3, dname, apex).status.security == .bogus)
    }

    /// The parent's NSEC of a delegation says "no DS" and nothing more.
    @Test func theParentSideNSECIsNoProof() async {
        let parent = world.test.nsec("signed.test", "t.test", .ns, .ds)
        let apex = world.test.nsec("test", "signed.test", .ns, .soa)
        let nodata = await world.judge("signed.test", .mx, authority: [world.test.soa(), parent])
        #expect(nodata.status.security == .bogus)
        let below = await world.judge("www.signed.test", authority: [world.test.soa(), parent, apex], rcode: 3)
        #expect(below.status.security == .bogus)
    }

    /// The child's apex has a say about everything but DS.
    @Test func theChildsApexDoesNotDenyDS() async {
        let child = world.signed.nsec("signed.test", "www.signed.test", .ns, .soa, .dnskey)
        let answer = await world.judge("signed.test", .ds, authority: [world.signed.soa(), child])
        #expect(answer.status.security == .bogus)
        let parent = world.test.nsec("plain.test", "signed.test", .ns)
        let proven = await world.judge("plain.test", .ds, authority: [world.test.soa(), parent])
        #expect(proven.status.security == .secure)
    }

    @Test func unprovenAbsenceIsBogusInASignedZone() async {
        let answer = await world.judge("www.signed.test", .mx)
        #expect(answer.status.security == .bogus)
        #expect(answer.status.extendedError?.code == 12)
    }

    @Test func absenceBelowAnUnsignedDelegationIsInsecure() async {
        let answer = await world.judge("plain.test", .mx, rcode: 3)
        #expect(answer.status.security == .insecure)
        #expect(answer.status.outcome == .nxdomain)
    }

    @Test func anUnsignedRecordBesideTheProofIsBogus() async {
        var bare = world.signed.nsec("a.signed.test", "b.signed.test", .a)
        bare.signatures = []
        let proof = world.signed.nsec("www.signed.test", "x.signed.test", .a)
        let answer = await deny("www.signed.test", .mx, proof, bare)
        #expect(answer.status.security == .bogus)
        #expect(answer.status.extendedError?.code == 10)
    }

    @Test func aWrongSignatureOnTheProofIsBogus() async {
        let stranger = TestZone("signed.test", seed: 9)
        let answer = await deny("www.signed.test", .mx, stranger.nsec("www.signed.test", "x.signed.test", .a))
        #expect(answer.status.security == .bogus)
        #expect(answer.status.extendedError?.code == 9)
    }
}
