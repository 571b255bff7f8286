// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

/// Zones that ask for more work than an answer is worth. What is counted here is what an attacker can make us do.
@Suite("Limits on work")
struct WorkLimitTests {
    let world = TestWorld()

    /// KeyTrap (CVE-2023-50387): keys with one tag, and as many signatures by "it".
    @Test func collidingKeysAreNotTriedOut() async {
        let zone = TestZone("trap.test", seed: 7)
        world.delegate(zone, from: world.test)
        // Swapping octets at even places keeps the sum that the tag is.
        let colliding: [[UInt8]] = (0..<40).map { index in
            var rdata = zone.keyRData
            rdata[4] &+= UInt8(index + 1)
            rdata[6] &-= UInt8(index + 1)
            return rdata
        }
        .filter { DNSKEY(rdata: $0)?.keyTag == zone.keyTag }
        #expect(colliding.count > 10)
        // The zone signs all of them, so that they are its keys; the real one comes last.
        let keys = RRset(owner: zone.name, type: .dnskey, ttl: 60, rdatas: colliding + [zone.keyRData])
        world.answer(zone.name, .dnskey, [zone.sign(keys)])
        var rrset = zone.a("www.trap.test")
        rrset.signatures = (0..<60).flatMap { offset in
            zone.sign(
                RRset(owner: rrset.owner, type: .a, ttl: UInt32(offset), rdatas: rrset.rdatas)
            ).signatures
        }
        rrset.rdatas = [[192, 0, 2, 66]]
        let answer = await world.judge("www.trap.test", answer: [rrset])
        #expect(answer.status.security == .indeterminate)
        #expect(answer.status.reason?.contains("trap.test") == true)
        #expect(world.validator.work.signatures <= 16)
    }

    @Test func manySignaturesAreNotAllTried() async {
        var rrset = world.signed.a("www.signed.test")
        rrset.signatures = (0..<200).flatMap { offset in
            world.signed.sign(
                RRset(owner: rrset.owner, type: .a, ttl: UInt32(offset), rdatas: [[1, 1, 1, 1]])
            ).signatures
        }
        let answer = await world.judge("www.signed.test", answer: [rrset])
        #expect(answer.status.security == .indeterminate)
        #expect(world.validator.work.signatures <= 5 + world.limits.signaturesPerRRset)
    }

    /// CVE-2023-50868: a name of many labels, and hashes of many iterations for each.
    @Test func nsec3HashesAreCounted() async {
        let proofs = (0..<30).map { index in
            world.signed.nsec3(
                matching: "n\(index).signed.test", .a, iterations: 150,
                salt: [UInt8](repeating: UInt8(index), count: 200))
        }
        let long = (0..<100).map { _ in "a" }.joined(separator: ".") + ".signed.test"
        let answer = await world.judge(long, authority: [world.signed.soa()] + proofs, rcode: 3)
        #expect(answer.status.security == .indeterminate)
        #expect(answer.status.reason?.contains("NSEC3") == true)
        #expect(world.validator.work.nsec3Blocks <= world.limits.nsec3Blocks)
    }

    @Test func largeSetsOfKeysAndSignersAreNotLookedAt() async {
        let zone = TestZone("large.test", seed: 7)
        let other = (0..<100).map { [UInt8(1), 1, 3, 15, UInt8($0)] + [UInt8](repeating: 0, count: 31) }
        world.delegate(zone, from: world.test)
        world.answer(zone.name, .dnskey, [zone.keys(with: other)])
        let keys = await world.judge("www.large.test", answer: [zone.a("www.large.test")])
        #expect(keys.status.security == .indeterminate)

        let many = TestZone("many.test", seed: 7)
        let signers = (0..<200).map { index in
            var rdata = many.dsRData()
            rdata[35] = UInt8(index)
            return rdata
        }
        world.answer(many.name, .ds, [world.test.sign(RRset(owner: many.name, type: .ds, ttl: 60, rdatas: signers))])
        let ds = await world.judge("www.many.test", answer: [many.a("www.many.test")])
        #expect(ds.status.security == .indeterminate)
        #expect(world.validator.work.digests < 10)
    }

    @Test func giantRRsetsAreNotSorted() async {
        let rdatas = (0..<5_000).map { [UInt8($0 >> 8), UInt8($0 & 0xFF), 0, 0] }
        var rrset = world.signed.a("www.signed.test")
        rrset.rdatas = rdatas
        let answer = await world.judge("www.signed.test", answer: [rrset])
        #expect(answer.status.security == .indeterminate)
    }

    /// A name of 120 labels below a signed zone, each of which could be a zone cut.
    @Test func questionsAreCounted() async {
        let labels = (0..<110).map { "l\($0 % 10)" }
        var owner = "signed.test"
        for label in labels.prefix(80) {
            owner = "\(label).\(owner)"
            world.deny(name(owner), .ds, [world.signed.nsec("signed.test", "z.\(owner)", .ns, .soa)])
        }
        let rrset = RRset(owner: name(owner), type: .a, ttl: 1, rdatas: [[192, 0, 2, 1]])
        let answer = await world.judge(owner, answer: [rrset])
        #expect(answer.status.security == .indeterminate)
        #expect(world.asked.count <= world.limits.queries)
    }

    @Test func whatIsRememberedIsBounded() async {
        world.limits.cachedZones = 10
        for index in 0..<100 {
            let owner = "d\(index).hash"
            world.deny(
                name(owner), .ds,
                [
                    world.hash.nsec3(matching: "hash", .soa, .ns), world.hash.nsec3(covering: owner, optOut: true),
                ])
            #expect(await world.judge(owner).status.security == .insecure)
        }
        #expect(world.validator.territories.count <= 20)
        // The TLD is in use all the time and stays.
        #expect(world.asked.filter { $0.type == .dnskey }.count <= 4)
    }
}
