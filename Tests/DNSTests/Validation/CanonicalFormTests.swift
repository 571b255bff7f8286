// SPDX-License-Identifier: Apache-2.0

import CLDNS
import Observations
import Testing

@testable import DNS

@Suite("Canonical form and order")
struct CanonicalFormTests {
    /// The example of RFC 4034 §6.1.
    @Test func namesAreInTheOrderOfTheRFC() throws {
        let names = [
            "example", "a.example", "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE", "z.example",
            "\\001.z.example", "*.z.example", "\\200.z.example",
        ].map(name)
        for (left, right) in zip(names, names.dropFirst()) {
            #expect(left.canonicallyPrecedes(right), "\(left) \(right)")
            #expect(!right.canonicallyPrecedes(left))
            #expect(!left.canonicallyPrecedes(left))
        }
    }

    @Test func commonAncestors() {
        #expect(name("a.b.example").commonAncestor(name("c.b.example")) == name("b.example"))
        #expect(name("b.example").commonAncestor(name("a.b.example")) == name("b.example"))
        #expect(name("example").commonAncestor(name("test")).isRoot)
        #expect(name("ab.example").commonAncestor(name("b.example")) == name("example"))
    }

    /// ldns puts each record into canonical form too; both must be the same octets.
    @Test(arguments: [
        "a.test. 60 IN MX 10 MX.Example.ORG.", "a.test. 60 IN NS NS.Example.", "a.test. 60 IN CNAME C.Example.",
        "a.test. 60 IN SOA A.B. C.D. 1 2 3 4 5", "a.test. 60 IN SRV 1 2 3 Host.Example.",
        "a.test. 60 IN NAPTR 1 2 \"S\" \"SIP+D2U\" \"!X!Y!\" Host.Example.", "a.test. 60 IN TXT \"Upper\" \"Case\"",
        "a.test. 60 IN RP Mail.Box. Txt.Name.", "a.test. 60 IN DNAME D.Example.", "a.test. 60 IN PTR P.Example.",
        "a.test. 60 IN NSEC Next.Example. A MX", "a.test. 60 IN A 192.0.2.1", "a.test. 60 IN HINFO \"CPU\" \"OS\"",
        "a.test. 60 IN KX 1 Kx.Example.", "a.test. 60 IN AFSDB 1 Afs.Example.", "a.test. 60 IN TLSA 3 1 1 ABCD",
        "a.test. 60 IN CAA 0 issue \"Ca.Example\"", "a.test. 60 IN TYPE65280 \\# 2 4142",
    ])
    func rdataIsFoldedAsByLdns(text: String) throws {
        let record = try PresentationRecord(text)
        let rrset = RRset(owner: record.owner, type: record.type, ttl: 60, rdatas: [record.rdata])
        let signature = try #require(TestZone("test").sign(rrset).signatures.first)
        let ours = CanonicalForm(rrset).octets(for: signature).dropFirst(18 + signature.signer.wire.count)
        var pointer: UnsafeMutablePointer<ldns_rr>?
        #expect(ldns_rr_new_frm_str(&pointer, text, 0, nil, nil) == LDNS_STATUS_OK)
        defer { ldns_rr_free(pointer) }
        // RFC 6840 §5.1 took NSEC and HINFO off the list of RFC 4034 §6.2.
        ldns_rr2canonical(pointer)
        var wire: UnsafeMutablePointer<UInt8>?
        var size = 0
        ldns_rr2wire(&wire, pointer, Int32(LDNS_SECTION_ANSWER.rawValue), &size)
        defer { free(wire) }
        #expect(Array(ours) == Array(UnsafeBufferPointer(start: wire, count: size)))
    }

    @Test func recordsAreSortedAndCountOnce() throws {
        let signature = try #require(TestZone("test").a("a.test").signatures.first)
        func octets(_ rdatas: [[UInt8]]) -> [UInt8] {
            CanonicalForm(RRset(owner: name("a.test"), type: .a, ttl: 300, rdatas: rdatas)).octets(for: signature)
        }
        #expect(octets([[2], [1, 9], [1]]) == octets([[1], [1, 9], [2]]))
        #expect(octets([[2], [1], [2]]) == octets([[1], [2]]))
        #expect(octets([[2], [1]]) != octets([[1], [3]]))
    }

    @Test func typeBitmaps() throws {
        let bitmap = try #require(TypeBitmap(TestZone.bitmap([.a, .mx, .nsec])))
        #expect(bitmap.contains(.a) && bitmap.contains(.mx) && bitmap.contains(.nsec))
        #expect(!bitmap.contains(.aaaa) && !bitmap.contains(.caa) && !bitmap.contains(.any))
        #expect(TypeBitmap([0, 1, 0x40, 1, 1, 0x40])?.contains(.caa) == true)
        for broken: [UInt8] in [[0], [0, 0], [0, 33], [0, 2, 1], [1, 1, 1, 0, 1, 1], [0, 1, 1, 0, 1, 1]] {
            #expect(TypeBitmap(broken) == nil, "\(broken)")
        }
    }

    @Test func generationsAreBounded() {
        var cache = GenerationCache<Int, Int>(capacity: 10)
        for index in 0..<100 {
            cache.insert(index, for: index, expires: testTime.adding(seconds: 10))
            #expect(cache.value(for: 0, at: testTime) != nil)
        }
        #expect(cache.count <= 20)
        #expect(cache.value(for: 1, at: testTime) == nil)
        #expect(cache.value(for: 0, at: testTime.adding(seconds: 10)) == nil)
    }
}
