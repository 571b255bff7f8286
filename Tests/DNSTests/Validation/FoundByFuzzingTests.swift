// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

/// What differed from unbound on random zones (`make fuzz-dnssec`) and was our mistake, each named after it.
@Suite("Found by fuzzing")
struct FoundByFuzzingTests {
    let world = TestWorld()

    /// Resolvers turn RRsets round; with five keys of one tag the right one came among the first four or did not.
    @Test(arguments: 0..<5) func theVerdictDependedOnTheOrderOfCollidingKeys(place: Int) async {
        let zone = TestZone("trap.test", seed: 7)
        world.delegate(zone, from: world.test)
        var keys: [[UInt8]] = (1...4).map { step in
            var rdata = zone.keyRData
            // Octets at even places: the sum that the tag is stays.
            rdata[4] ^= 0x80
            rdata[6] ^= 0x80
            rdata[8] = rdata[8] &+ UInt8(step)
            rdata[10] = rdata[10] &- UInt8(step)
            return rdata
        }
        keys.insert(zone.keyRData, at: place)
        world.answer(zone.name, .dnskey, [zone.sign(RRset(owner: zone.name, type: .dnskey, ttl: 60, rdatas: keys))])
        let answer = await world.judge("www.trap.test", answer: [zone.a("www.trap.test")])
        #expect(Set(keys.compactMap { DNSKEY(rdata: $0)?.keyTag }) == [zone.keyTag])
        #expect(answer.status.security == .indeterminate)
        #expect(answer.status.reason?.contains("keys with the tag") == true)
    }

    /// Mail servers go by RCODE: for them a name is not there, whatever the answer section holds beside.
    @Test func dataUnderNXDOMAINOfAnUnsignedZoneCountedAsData() async {
        let rrset = RRset(
            owner: name("plain.test"), type: .mx, ttl: 60, rdatas: [[0, 10] + name("mx.plain.test").wire])
        let answer = await world.judge("plain.test", .mx, answer: [rrset], rcode: 3)
        #expect(answer.status.security == .insecure)
        #expect(answer.status.outcome == .nxdomain)
        #expect(answer.rrset == nil)
    }

    /// RFC 6604 §3 had to say that RCODE speaks of the last name: NOERROR came with the proof that the target is not there.
    @Test func theProofAtTheEndOfAnAliasHadToFitRCODE() async {
        let alias = world.signed.sign(
            RRset(owner: name("w.signed.test"), type: .cname, ttl: 200, rdatas: [name("b.signed.test").wire]))
        let gone = [
            world.signed.soa(), world.signed.nsec("a.signed.test", "c.signed.test", .a),
            world.signed.nsec("signed.test", "a.signed.test", .soa, .ns),
        ]
        let absent = await world.judge("w.signed.test", .mx, answer: [alias], authority: gone)
        #expect(absent.status.security == .secure)
        #expect(absent.status.outcome == .nxdomain)
        let there = [world.signed.soa(), world.signed.nsec3(matching: "b.signed.test", .a)]
        let empty = await world.judge("w.signed.test", .mx, answer: [alias], authority: there, rcode: 3)
        #expect(empty.status.security == .secure)
        #expect(empty.status.outcome == .noerrorNodata)
        // Asked for itself the name gets what it was promised or nothing.
        #expect(await world.judge("b.signed.test", .mx, authority: gone).status.security == .bogus)
        #expect(await world.judge("b.signed.test", .mx, authority: there, rcode: 3).status.security == .bogus)
    }
}
