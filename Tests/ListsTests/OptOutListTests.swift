// SPDX-License-Identifier: Apache-2.0
import Foundation
import Lists
import Observations
import Testing

struct OptOutListTests {
    private let folder: ScratchFolder
    private let now: Timestamp

    init() throws {
        folder = try ScratchFolder()
        now = try #require(Timestamp(rfc3339: "2026-06-15T12:00:00Z"))
    }

    private func list(_ lines: String...) throws -> OptOutList {
        var list = OptOutList()
        for line in lines { try list.add(line, at: now) }
        return list
    }

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test func prefixes_CoverTheirAddresses() throws {
        let list = try list(
            "192.0.2.0/24", "198.51.100.7", "10.1.2.3/15 # host bits are ignored", "2001:db8::/33", "2001:db9::1",
            "203.0.113.0/24# as ZMap writes", "::ffff:100.64.0.0/106")
        for text in [
            "192.0.2.0", "192.0.2.255", "198.51.100.7", "10.0.0.1", "10.1.255.255", "2001:db8:7fff::1", "2001:db9::1",
            "203.0.113.9", "100.64.1.1", "::ffff:192.0.2.1", "64:ff9b::192.0.2.1",
        ] {
            #expect(list.covers(address: try address(text)), "\(text)")
        }
        for text in ["192.0.3.0", "198.51.100.6", "10.2.0.0", "2001:db8:8000::1", "2001:db9::2", "::ffff:192.0.3.1"] {
            #expect(!list.covers(address: try address(text)), "\(text)")
        }
        #expect(list.count == 7)
    }

    @Test func everything_CanBeCovered() throws {
        let list = try list("0.0.0.0/0")
        #expect(list.covers(address: try address("255.255.255.255")))
        #expect(!list.covers(address: try address("2001:db8::1")))
    }

    @Test func aDomain_CoversWhatStandsBelowIt() throws {
        let list = try list("domain:Example.NL", "domain:münchen.example", "domain:test", "host:mx.other.example")
        for name in ["example.nl", "a.b.example.nl", "xn--mnchen-3ya.example", "x.test", "test"] {
            #expect(list.covers(domain: try DomainName(name)), "\(name)")
            #expect(list.covers(host: try DomainName(name)), "\(name)")
        }
        for name in ["example.nl.org", "notexample.nl", "nl", "mx.other.example", "other.example"] {
            #expect(!list.covers(domain: try DomainName(name)), "\(name)")
        }
        #expect(list.covers(host: try DomainName("MX.other.example")))
        #expect(!list.covers(host: try DomainName("a.mx.other.example")))
        #expect(!list.covers(host: try DomainName("other.example")))
    }

    @Test func systems_AreKept() throws {
        let list = try list("AS64500", "as4294967295")
        #expect(list.covers(autonomousSystem: 64_500) && list.covers(autonomousSystem: 4_294_967_295))
        #expect(!list.covers(autonomousSystem: 64_501))
    }

    @Test func remarks_AndExpiry() throws {
        let list = try list(
            "domain:a.example expires=2026-06-15 reason=\"they asked, # twice\" ref=https://x.example/#1 # note",
            "domain:b.example expires=2026-06-14", "domain:c.example expires=2026-06-15T12:00:01Z",
            "domain:d.example expires=2026-06-15T12:00:00Z", "  ", "# domain:e.example", "")
        #expect(list.covers(domain: try DomainName("a.example")), "a date alone means its whole day")
        #expect(!list.covers(domain: try DomainName("b.example")))
        #expect(list.covers(domain: try DomainName("c.example")))
        #expect(!list.covers(domain: try DomainName("d.example")))
        #expect(!list.covers(domain: try DomainName("e.example")))
        #expect(list.count == 2 && list.expiredCount == 2)
    }

    @Test(arguments: [
        "example.nl", "192.0.2.0/33", "192.0.2.0/-0", "192.0.2.0/", "192.0.2", "192.0.2.1-192.0.2.9", "AS", "ASx",
        "AS-1",
        "AS4294967296", "domain:", "domain:*.example.nl", "domain:a..b", "host: mx.example", "192.0.2.0/24 10.0.0.0/8",
        "192.0.2.0/24, 10.0.0.0/8", "domain:a.example expires=soon", "domain:a.example until=2027-01-01",
        "domain:a.example reason=they asked", "domain:a.example reason=\"they asked", "domain:☃.example",
        "2001:db8::/129",
    ])
    func whatCannotBeUnderstood_IsNeverPassedOver(_ line: String) {
        #expect(throws: OptOutError.Reason.self) { try list(line) }
    }

    @Test func aBadLine_NamesFileAndLine() throws {
        let path = try folder.file("# asked us\n192.0.2.0/24\nexample.nl\n".utf8)
        #expect(throws: OptOutError.badLine(file: path, line: 3, reason: .unknownSubject("example.nl"))) {
            try OptOutList(path: path, at: now)
        }
        let latin = try folder.file(Array("domain:".utf8) + [0xFC, 0x0A], "latin")
        #expect(throws: OptOutError.badLine(file: latin, line: 1, reason: .notUTF8)) {
            try OptOutList(path: latin, at: now)
        }
        let missing = folder.path("missing")
        #expect(throws: OptOutError.list(.missing(file: missing))) { try OptOutList(path: missing, at: now) }
    }

    @Test func anEmptyFile_CoversNobody() throws {
        let list = try OptOutList(path: folder.file([]), at: now)
        #expect(list.count == 0)
        #expect(!list.covers(address: try address("192.0.2.1")))
        #expect(!list.covers(host: try DomainName("a.example")))
    }
}
