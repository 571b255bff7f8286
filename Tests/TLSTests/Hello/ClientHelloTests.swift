// SPDX-License-Identifier: Apache-2.0
import Mutations
import Observations
import Testing

@testable import TLS

extension ClientHello.Seed {
    static var fixed: ClientHello.Seed {
        var generator = SeededGenerator(seed: 1)
        return ClientHello.Seed(using: &generator)
    }
}

/// Octets from hex digits; anything else is left out.
func octets(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue).map(UInt8.init)
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

@Suite struct ClientHelloTests {
    let host: DomainName
    let seed = ClientHello.Seed.fixed

    init() throws {
        host = try DomainName("mx.example.")
    }

    @Test func `The hello for X25519MLKEM768 alone, octet by octet`() throws {
        var expected = octets("16 0301 00B5  01 0000B1  0303") + seed.random + [32] + seed.sessionID
        expected += octets("000A 1301 1302 1303 1304 1305  01 00  005E")
        expected += octets("0000 000F 000D 00 000A") + Array("mx.example".utf8)
        expected += octets("000A 0004 0002 11EC")
        expected += octets(
            """
            000D 0032 0030 0403 0503 0603 0807 0808 0804 0805 0806 0809 080A 080B 0401 0501 0601 081A 081B 081C
            0303 0301 0203 0201 0402 0302 0202
            """)
        expected += octets("002B 0003 02 0304  0033 0002 0000")
        let hello = try #require(ClientHello(profile: .pq, serverName: host, seed: seed))
        #expect(hello.record == expected)
    }

    @Test func `An SSLv3 hello has no extensions, and says by a suite that it knows RFC 5746`() {
        var hello = ClientHello(
            versions: .ssl3 ... .ssl3, suites: [CipherSuite(rawValue: 5), CipherSuite(rawValue: 10)],
            groups: NamedGroup.usual, serverName: host, seed: seed)
        let expected =
            octets("16 0300 0031  01 00002D  0300") + seed.random + octets("00  0006 0005 000A 00FF  01 00")
        #expect(hello.record == expected)
        #expect(hello.serverName == nil)
        hello.offersCompression = true
        #expect(hello.record.suffix(3) == [2, 1, 0])
    }

    @Test(arguments: [
        HelloProfile.pq, .tls12, .tls11, .tls10, .legacy, .deepGroup(0x1D), .deepGroup(0x100), .deepRSA, .deepECDSA,
        .deepSuites(.tls13), .deepSuites(.tls12), .deepSuites(.tls10),
    ])
    func `No hello has a length at which load balancers hang`(profile: HelloProfile) throws {
        for length in 1...60 {
            let name = try DomainName(String(repeating: "a", count: length) + ".example")
            let record = try #require(ClientHello(profile: profile, serverName: name, seed: seed)).record
            #expect(!(256...511).contains(record.count - 5))
            #expect(record.count < 1500)
        }
    }

    @Test(arguments: ["-a.example", "ex\\032ample", "."])
    func `What is no host name is not sent as one`(name: String) throws {
        let hello = try #require(ClientHello(profile: .tls12, serverName: DomainName(name), seed: seed))
        #expect(hello.serverName == nil)
        #expect(hello.record == ClientHello(profile: .tls12, serverName: nil, seed: seed)?.record)
    }

    @Test func `The whole handshake is not ours to send`() {
        #expect(ClientHello(profile: .full, serverName: nil, seed: seed) == nil)
    }
}
