// SPDX-License-Identifier: Apache-2.0
import Observations
import Store
import Testing

@testable import Scan

/// When another name's handshake may stand for one's own.
@Suite struct HandshakeSharingTests {
    private func shown(_ host: String, _ chain: String, _ names: [String]) throws -> ShownHandshake {
        ShownHandshake(host: try DomainName(host), chainSHA256: chain, dnsNames: names, commonNames: [])
    }

    private func donor(_ sharing: HandshakeSharing, _ host: String) throws -> String? {
        sharing.donor(for: try DomainName(host)).map { "\($0.host) \($0.chainSHA256)" }
    }

    @Test func `A certificate that names none of three stands for a fourth`() throws {
        var sharing = HandshakeSharing()
        for host in ["a.test", "b.test"] { sharing.add(try shown(host, "shared", ["provider.test"])) }
        #expect(try donor(sharing, "d.test") == nil, "two are too few")
        sharing.add(try shown("c.test", "shared", ["provider.test"]))
        #expect(try donor(sharing, "d.test") == "a.test shared")
    }

    @Test func `A certificate that names one of three stands only for whom it names`() throws {
        let sharing = HandshakeSharing(
            try ["a.cloud.test", "b.test", "c.test"].map { try shown($0, "wild", ["*.cloud.test"]) })
        #expect(try donor(sharing, "d.cloud.test") == "a.cloud.test wild")
        #expect(try donor(sharing, "d.test") == nil)
        #expect(try donor(sharing, "deep.d.cloud.test") == nil)
    }

    @Test func `A common name names nobody`() throws {
        let sharing = HandshakeSharing(
            try ["a.test", "b.test", "c.test"].map {
                ShownHandshake(host: try DomainName($0), chainSHA256: "cn", dnsNames: [], commonNames: ["a.test"])
            })
        #expect(try donor(sharing, "d.test") == "a.test cn")
    }

    @Test func `Three names with three certificates stand for nobody`() throws {
        let sharing = HandshakeSharing(try ["a.test", "b.test", "c.test"].map { try shown($0, $0, [$0]) })
        #expect(try donor(sharing, "d.test") == nil && donor(sharing, "a.test") == nil)
    }

    @Test func `What a fourth name was shown changes nothing about the three`() throws {
        var sharing = HandshakeSharing(try ["a.test", "b.test", "c.test"].map { try shown($0, "one", ["p.test"]) })
        sharing.add(try shown("p.test", "one", ["p.test"]))
        #expect(try donor(sharing, "d.test") == "a.test one")
    }

    @Test func `Of two certificates the first that fits is taken`() throws {
        var sharing = HandshakeSharing(
            try ["a.one.test", "b.one.test", "c.one.test"].map { try shown($0, "1", ["*.one.test"]) })
        for host in ["a.two.test", "b.two.test", "c.two.test"] { sharing.add(try shown(host, "2", ["*.two.test"])) }
        #expect(try donor(sharing, "d.one.test") == "a.one.test 1" && donor(sharing, "d.two.test") == "a.two.test 2")
        #expect(try donor(sharing, "d.three.test") == nil)
    }

    @Test func `What comes behind the first names is not kept`() throws {
        let own = try (0..<HandshakeSharing.capacity).map { try shown("h\($0).test", "\($0)", []) }
        var sharing = HandshakeSharing(own)
        for host in ["a.test", "b.test", "c.test"] { sharing.add(try shown(host, "late", [])) }
        #expect(try donor(sharing, "d.test") == nil)
    }
}
