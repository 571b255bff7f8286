// SPDX-License-Identifier: Apache-2.0
import DNS
import Observations
import Testing

@Suite struct ForwardConfirmationTests {
    private let name: DomainName
    private let address: IPAddress
    private let forward: Question
    private let backward: Question

    init() throws {
        name = try DomainName("scanner.example.org")
        address = try #require(IPAddress("192.0.2.7"))
        forward = Question(name: name, type: .a)
        backward = Question(name: try DomainName("7.2.0.192.in-addr.arpa"), type: .ptr)
    }

    private static func pointers(_ names: String...) -> ValidatedAnswer {
        ValidatedAnswer(
            status: LookupStatus(outcome: .noerrorData, security: .insecure, rcode: 0),
            rrset: RRset(owner: .root, type: .ptr, ttl: 60, rdatas: names.map { ResponseBytes.name($0) }),
            canonicalName: .root)
    }

    private func found(_ table: [Question: ValidatedAnswer]) async -> ForwardConfirmation {
        await .of(name, address, from: ScriptedAnswers(table))
    }

    @Test func bothWaysLeadToTheOther() async throws {
        let found = await found([
            forward: .addresses("198.51.100.1", "192.0.2.7"),
            backward: Self.pointers("other.example.org", "Scanner.Example.ORG"),
        ])
        #expect(found == .confirmed)
    }

    @Test func aNameWithAnotherAddress() async throws {
        let other = try #require(IPAddress("198.51.100.1"))
        #expect(await found([forward: .addresses("198.51.100.1")]) == .otherAddresses([other]))
        #expect(await found([forward: .none(.nxdomain)]) == .otherAddresses([]))
    }

    @Test func anAddressWithAnotherName() async throws {
        let mine = ValidatedAnswer.addresses("192.0.2.7")
        let other = try DomainName("host7.isp.example")
        #expect(await found([forward: mine, backward: Self.pointers("host7.isp.example")]) == .otherNames([other]))
        #expect(await found([forward: mine, backward: .none(.nxdomain)]) == .otherNames([]))
    }

    /// What nobody answered, or what cannot be believed, is not a no.
    @Test func unknownIsUnknown() async throws {
        #expect(await found([:]) == .unanswered(forward, .servfail))
        let mine = ValidatedAnswer.addresses("192.0.2.7")
        #expect(await found([forward: mine]) == .unanswered(backward, .servfail))
        let forged = ValidatedAnswer.addresses("192.0.2.7", security: .bogus)
        #expect(await found([forward: forged]) == .unanswered(forward, .noerrorData))
    }

    /// RFC 3596 §2.5 has this address as its example.
    @Test func theReverseNameOfIPv6() throws {
        let address = try #require(IPAddress("4321:0:1:2:3:4:567:89ab"))
        #expect(
            address.reverseName.description
                == "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa")
    }
}
