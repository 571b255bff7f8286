// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

/// What a second review found: each was wrong once.
@Suite("Found in the second review")
struct FoundInSecondReviewTests {
    let world = TestWorld()

    private var proof: RRset { world.signed.nsec("a.signed.test", "w.signed.test", .a) }

    /// As data a DNAME or an NSEC may come from a wildcard as anything else (RFC 4035 §5.3.4).
    @Test(arguments: [RecordType.dname, .nsec]) func dataFromAWildcard(type: RecordType) async {
        let rdata = type == .dname ? name("plain.test").wire : name("x.signed.test").wire + [0, 1, 0x40]
        let rrset = RRset(owner: name("v.signed.test"), type: type, ttl: 200, rdatas: [rdata])
        let expanded = world.signed.sign(rrset, labels: 2)
        let answer = await world.judge("v.signed.test", type, answer: [expanded], authority: [proof])
        #expect(answer.status.security == .secure)
        let bare = await world.judge("v.signed.test", type, answer: [expanded])
        #expect(bare.status.security == .bogus)
    }

    /// From a DNAME that a wildcard stands behind, nothing follows for the names below it.
    @Test func anExpandedDNAMELeadsNowhere() async {
        let rrset = RRset(owner: name("v.signed.test"), type: .dname, ttl: 200, rdatas: [name("plain.test").wire])
        let expanded = world.signed.sign(rrset, labels: 2)
        let answer = await world.judge("x.v.signed.test", answer: [expanded], authority: [proof])
        #expect(answer.status.security == .bogus)
        #expect(answer.status.reason == "v.signed.test DNAME was expanded from a wildcard")
    }

    /// A replayed NSEC would deny names that it knows nothing of.
    @Test func anExpandedNSECDeniesNothing() async {
        let nsec = RRset(
            owner: name("v.signed.test"), type: .nsec, ttl: 60,
            rdatas: [name("x.signed.test").wire + TestZone.bitmap([.a])])
        let answer = await world.judge(
            "v.signed.test", .mx, authority: [world.signed.soa(), world.signed.sign(nsec, labels: 2)])
        #expect(answer.status.security == .bogus)
    }

    /// The sentence is about what is wrong with the key, not that it is not there.
    @Test(arguments: [
        (0, 3, "lacks the zone-key bit", 11), (0x0181, 3, "is revoked", 9),
        (0x0100, 1, "has protocol 1, not 3 (RFC 4034 section 2.1.2)", 9),
    ])
    func aKeyThatMaySignNothing(flags: Int, number: Int, why: String, code: Int) async throws {
        let rdata = [UInt8(flags >> 8), UInt8(flags & 0xFF), UInt8(number), 15] + [UInt8](repeating: 7, count: 32)
        let tag = try #require(DNSKEY(rdata: rdata)).keyTag
        world.answer(world.signed.name, .dnskey, [world.signed.keys(with: [rdata])])
        let rrset = RRset(owner: name("www.signed.test"), type: .a, ttl: 300, rdatas: [[192, 0, 2, 1]])
        let answer = await world.judge("www.signed.test", answer: [world.signed.sign(rrset, keyTag: tag)])
        #expect(answer.status.security == .bogus)
        #expect(
            answer.status.reason == "www.signed.test A is signed with key \(tag) of algorithm 15, which \(why)")
        #expect(answer.status.extendedError?.code == code)
    }

    /// There is no parent to speak of where the anchor is what does not fit.
    @Test func anAnchorThatFitsNoKeyIsNamed() async throws {
        let anchors = try TrustAnchor.parse("signed.test. DS 1 15 2 \(String(repeating: "00", count: 32))")
        let validator = Validator(anchors: anchors, source: world.records, now: { testTime })
        let question = Question(name: name("www.signed.test"), type: .a)
        let message = Message(question: question, answer: [world.signed.a("www.signed.test")])
        let answer = await validator.validate(message, for: question)
        #expect(answer.status.security == .bogus)
        #expect(answer.status.reason == "no key of the zone signed.test matches the trust anchor")
    }

    /// Files of resolvers and of zones are anchors, too.
    @Test func anchorsAsZoneFilesHaveThem() throws {
        let key = "uwmvz8gXrTp3yKKg+1hP6iJ8Sbmn3N5FkXQJXQ0jYQA="
        let anchors = try TrustAnchor.parse(
            """
            $TTL 3600
            $ORIGIN example.
            example.org. 1d12h IN DNSKEY 257 3 ED25519 \(key)
            example.org. IN 1D DS 5 ECDSAP256SHA256 1 \(String(repeating: "0a", count: 20))
            """)
        #expect(anchors.count == 2)
        guard case .dnskey(let dnskey) = anchors[0].form, case .ds(let ds) = anchors[1].form else {
            Issue.record("not a key and a digest")
            return
        }
        #expect(dnskey.algorithm == 15 && ds.algorithm == 13)
    }
}
