// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import TLS

@Suite struct ServerHelloReaderTests {
    @Test(arguments: Segmentation.allCases)
    func `A HelloRetryRequest names group and suite`(segmentation: Segmentation) throws {
        let reader = readAnswer(
            ServerFlight.record(ServerFlight.helloRetryRequest(group: 0x11EC)), .hello, segmentation)
        #expect(reader.answer == .complete)
        let hello = try #require(reader.hello)
        #expect(hello.isHelloRetryRequest && hello.version == .tls13)
        #expect(hello.group == .x25519MLKEM768)
        #expect(hello.suite.name == "TLS_AES_256_GCM_SHA384")
    }

    @Test(arguments: Segmentation.allCases)
    func `A flight of TLS 1.2 in one record, or each message in pieces`(segmentation: Segmentation) throws {
        let messages =
            ServerFlight.hello(
                0x0303, suite: 0xC02F, extensions: [(0xFF01, [0]), (23, []), (35, []), (11, [1, 0])])
            + ServerFlight.certificate([[1, 2, 3], [4, 5]]) + ServerFlight.keyExchange(group: 0x1D)
            + ServerFlight.done
        let pieces = stride(from: 0, to: messages.count, by: 7).flatMap {
            ServerFlight.record(Array(messages[$0..<min($0 + 7, messages.count)]))
        }
        for flight in [ServerFlight.record(messages), pieces] {
            let reader = readAnswer(flight, .keyExchange, segmentation)
            #expect(reader.answer == .complete)
            let hello = try #require(reader.hello)
            #expect(hello.version == .tls12 && !hello.isHelloRetryRequest)
            #expect(hello.extendedMasterSecret && hello.secureRenegotiation && hello.sessionTicket)
            #expect(hello.chain == [[1, 2, 3], [4, 5]])
            #expect(hello.group?.name == "x25519")
            #expect(hello.signatureScheme?.name == "rsa_pkcs1_sha1")
        }
        #expect(readAnswer(ServerFlight.record(messages), .hello, segmentation).hello?.chain == [])
    }

    @Test(arguments: [
        (0x0300 as UInt16, TLSVersion.ssl3), (0x0301, .tls10), (0x0302, .tls11), (0x0303, .tls12),
    ])
    func `A ServerHello without extensions`(wire: UInt16, version: TLSVersion) throws {
        let flight = ServerFlight.record(ServerFlight.hello(wire, suite: 0x0005, compression: 1), version: wire)
        let hello = try #require(readAnswer(flight).hello)
        #expect(hello.version == version)
        #expect(hello.suite.name == "TLS_RSA_WITH_RC4_128_SHA")
        #expect(hello.compression == 1)
        #expect(!hello.extendedMasterSecret && !hello.secureRenegotiation && !hello.sessionTicket)
    }

    @Test func `Before TLS 1.2 the key exchange names no signature scheme`() throws {
        let flight = ServerFlight.record(
            ServerFlight.hello(0x0301, suite: 0xC013) + ServerFlight.keyExchange(group: 0x17, isTLS12: false))
        let hello = try #require(readAnswer(flight, .keyExchange).hello)
        #expect(hello.group?.name == "secp256r1")
        #expect(hello.signatureScheme == nil)
    }

    @Test func `The size of a modulus, and whose it is`() throws {
        let own: [UInt8] = [0, 0x7F] + [UInt8](repeating: 1, count: 127)
        let ffdhe =
            [UInt8](repeating: 0xFF, count: 8) + octets("ADF85458A2BB4A9A") + [UInt8](repeating: 0x55, count: 240)
        for (modulus, bits, group) in [(own, 1023, nil), (ffdhe, 2048, "ffdhe2048")] as [([UInt8], Int, String?)] {
            let flight = ServerFlight.record(
                ServerFlight.hello(0x0303, suite: 0x009E) + ServerFlight.keyExchange(modulus: modulus))
            let hello = try #require(readAnswer(flight, .keyExchange).hello)
            #expect(hello.dhBits == bits)
            #expect(hello.group?.name == group)
            #expect(hello.signatureScheme?.name == "rsa_pkcs1_sha256")
        }
    }

    @Test func `RSA key transport ends with ServerHelloDone`() {
        let flight = ServerFlight.record(
            ServerFlight.hello(0x0303, suite: 0x002F) + ServerFlight.certificate([[1]]))
        #expect(readAnswer(flight, .keyExchange).answer == nil)
        #expect(readAnswer(flight, .keyExchange).hello?.version == .tls12)
        #expect(readAnswer(flight + ServerFlight.record(ServerFlight.done), .keyExchange).answer == .complete)
    }

    @Test(arguments: Segmentation.allCases)
    func `An alert is an answer, a warning is none`(segmentation: Segmentation) {
        let refused = readAnswer(ServerFlight.alert(40), .hello, segmentation)
        #expect(refused.answer == .alert(TLSAlert(isFatal: true, description: 40)))
        let warned = readAnswer(ServerFlight.alert(112, level: 1), .hello, segmentation)
        #expect(warned.answer == nil)
        #expect(warned.warning == TLSAlert(isFatal: false, description: 112))
        let went = ServerFlight.alert(112, level: 1) + ServerFlight.record(ServerFlight.hello(0x0303, suite: 0x2F))
        #expect(readAnswer(went, .hello, segmentation).answer == .complete)
    }

    @Test(arguments: ["220 hello\r\n", "5", "HTTP/1.1 400 Bad Request\r\n", "\u{0}\u{0}", "\u{16}S", "\u{15}\u{2}"])
    func `What is no TLS is known at the first octet that cannot be`(text: String) {
        #expect(readAnswer(Array(text.utf8)).answer == .notTLS)
    }

    @Test(arguments: [
        ("an empty record", ServerFlight.record([])),
        ("application data", ServerFlight.record([1, 2, 3], type: 23)),
        ("a record of 16 KiB and one", octets("16 0303 4001")),
        ("a message of 16 MiB", ServerFlight.record(octets("02 FFFFFF"))),
        ("another message first", ServerFlight.record(ServerFlight.certificate([[1]]))),
        ("an alert of one octet", ServerFlight.record([2], type: 21)),
        ("an alert of level 3", ServerFlight.alert(40, level: 3)),
        ("a version that is none", ServerFlight.record(ServerFlight.hello(0x0305, suite: 0x2F))),
        ("a ServerHello cut short", ServerFlight.record(ServerFlight.message(2, octets("0303")))),
        (
            "an extension twice",
            ServerFlight.record(ServerFlight.hello(0x0303, suite: 1, extensions: [(23, []), (23, [])]))
        ),
        ("text behind a warning", ServerFlight.alert(112, level: 1) + Array("500".utf8)),
    ])
    func `What breaks the protocol`(what: String, flight: [UInt8]) {
        for segmentation in Segmentation.allCases {
            guard case .malformed = readAnswer(flight, .hello, segmentation).answer else {
                Issue.record("\(what): \(String(describing: readAnswer(flight, .hello, segmentation).answer))")
                continue
            }
        }
    }

    @Test(arguments: [1, 2] as [UInt8])
    func `close_notify takes leave, whatever its level says`(level: UInt8) {
        let left = readAnswer(ServerFlight.alert(112, level: 1) + ServerFlight.alert(0, level: level))
        #expect(left.answer == .closed && left.warning?.description == 112)
    }

    @Test func `A chain of more than 64 KiB takes nothing back`() {
        let chain = [[UInt8]](repeating: [UInt8](repeating: 1, count: 1_000), count: 80)
        let messages = ServerFlight.hello(0x0303, suite: 0x002F) + ServerFlight.certificate(chain)
        let records = stride(from: 0, to: messages.count, by: 1 << 14).flatMap {
            ServerFlight.record(Array(messages[$0..<min($0 + 1 << 14, messages.count)]))
        }
        let reader = readAnswer(records, .keyExchange)
        #expect(reader.answer == .complete && reader.hello?.version == .tls12)
        // The same in certificates that come apart, and where nothing was answered before.
        let pieces = (0..<80).flatMap { _ in ServerFlight.record(ServerFlight.message(22, chain[0])) }
        let answered = ServerFlight.record(ServerFlight.hello(0x0303, suite: 0x002F)) + pieces
        #expect(readAnswer(answered, .keyExchange).answer == .complete)
        let first = readAnswer(ServerFlight.record(ServerFlight.certificate(chain).dropLast(70_000)), .keyExchange)
        guard case .malformed = first.answer else {
            Issue.record("\(String(describing: first.answer))")
            return
        }
    }

    @Test func `No more than 64 KiB are read`() {
        let warnings = Array(repeating: ServerFlight.alert(112, level: 1), count: 9_400).flatMap(\.self)
        var reader = ServerHelloReader(depth: .hello)
        #expect(reader.receive(Array(warnings.prefix(ServerHelloReader.totalLimit))) == nil)
        #expect(reader.receive(Array(warnings.dropFirst(ServerHelloReader.totalLimit))) != nil)
    }
}
