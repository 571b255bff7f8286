// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations
import Testing

@testable import TLS

@Suite struct TLSFailureTests {
    let context: TLSContext

    init() throws { context = try TLSContext() }

    private func started() throws -> TLSConnection {
        let client = try TLSConnection(context: context, serverName: try DomainName("mx.example"))
        client.start()
        _ = client.takeOutput()
        return client
    }

    private func failure(_ client: TLSConnection) -> TLSFailure? {
        if case .failed(let failure) = client.state { failure } else { nil }
    }

    @Test(arguments: [
        (40, TLSOutcome.alertHandshakeFailure), (70, .alertProtocolVersion), (71, .alertInsufficientSecurity),
        (112, .alertUnrecognizedName), (80, .alertInternalError), (10, .alertOther), (86, .alertOther),
        (116, .clientCertRequired),
    ])
    func alertInAnswerToTheHello(_ number: Int, _ outcome: TLSOutcome) throws {
        let client = try started()
        for byte in [21, 3, 1, 0, 2, 2, UInt8(number)] { client.receive([byte]) }
        #expect(failure(client)?.outcome == outcome)
        let seen = client.observation(profile: .full)
        #expect(seen.outcome == outcome)
        #expect(seen.alert == number)
        #expect(seen.version == nil)
        #expect(seen.chain.isEmpty)
        #expect(seen.detail?.isEmpty == false)
    }

    @Test func warningIsNoRefusal() throws {
        // RFC 6066 §3: unrecognized_name as a warning is to be passed over.
        let client = try started()
        client.receive([21, 3, 3, 0, 2, 1, 112])
        #expect(client.state == .handshaking)
        #expect(client.observation(profile: .full).alert == nil)
    }

    /// close_notify takes leave, whatever its level says.
    @Test(arguments: [1, 2] as [UInt8])
    func leaveTakenDuringTheHandshake(_ level: UInt8) throws {
        let client = try started()
        client.receive([21, 3, 3, 0, 2, level, 0])
        #expect(failure(client)?.outcome == .eof)
        let seen = client.observation(profile: .full)
        #expect(seen.outcome == .eof && seen.alert == nil)
    }

    /// A server that hangs up behind a warning has said why, as it has to a raw hello.
    @Test(arguments: [nil, false, true])
    func hangingUpBehindAWarning(_ isReset: Bool?) throws {
        let client = try started()
        client.receive([21, 3, 3, 0, 2, 1, 112])
        if let isReset { client.endOfInput(isReset: isReset) } else { client.receive([21, 3, 3, 0, 2, 1, 0]) }
        let seen = client.observation(profile: .full)
        #expect(seen.outcome == .alertUnrecognizedName && seen.alert == 112)
    }

    @Test func warningBehindWhichTheServerWentOn() throws {
        let client = try started()
        client.receive([21, 3, 3, 0, 2, 1, 112] + ServerFlight.record(ServerFlight.hello(0x0303, suite: 0x002F)))
        client.endOfInput()
        let seen = client.observation(profile: .full)
        #expect(seen.outcome == .eof && seen.alert == nil && seen.version == .tls12)
    }

    @Test func resetDuringTheHandshake() throws {
        let client = try started()
        client.endOfInput(isReset: true)
        #expect(client.observation(profile: .full).outcome == .reset)
    }

    /// The library's limit for a list of certificates is ours; for any other message such a length is nonsense.
    @Test func messagesThatAreTooLong() throws {
        let nonsense = try started()
        nonsense.receive(ServerFlight.record(octets("02 FFFFFF 0303")))
        #expect(failure(nonsense)?.outcome == .badRecord)
        let chain = try started()
        chain.receive(ServerFlight.record(ServerFlight.hello(0x0303, suite: 0x002F) + octets("0B FFFFFF 00")))
        #expect(failure(chain)?.outcome == .clientPolicy, "\(chain.state)")
    }

    @Test(arguments: ["454 TLS not available\r\n", "HTTP/1.1 400 Bad Request\r\n", "\u{16}\u{2}\0", "\0", "220 "])
    func bytesThatAreNoRecord(_ text: String) throws {
        let whole = try started()
        whole.receive(Array(text.utf8))
        #expect(failure(whole)?.outcome == .notTLS)
        let pieces = try started()
        for byte in text.utf8 { pieces.receive([byte]) }
        #expect(failure(pieces)?.outcome == .notTLS)
        #expect(pieces.takeOutput().isEmpty, "nothing more is said to somebody who does not speak TLS")
    }

    @Test(arguments: [
        [UInt8](repeating: 0x16, count: 1) + [3, 3, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 64),
        [22, 3, 3, 0, 4, 99, 0, 0, 0],
        [23, 3, 3, 0, 2, 0, 0],
        [22, 3, 3, 0, 6, 2, 0, 0, 2, 3, 3],
        [20, 3, 3, 0, 1, 1],
    ])
    func recordsThatBreakTheProtocol(_ bytes: [UInt8]) throws {
        let client = try started()
        client.receive(bytes)
        #expect(failure(client)?.outcome == .badRecord, "\(String(describing: failure(client)))")
        #expect(client.observation(profile: .full).alert == failure(client)?.alert)
    }

    @Test func versionBelowOursIsOurRule() throws {
        let client = try started()
        // An SSLv3 ServerHello: random, no session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
        let body = [3, 0] + [UInt8](repeating: 7, count: 32) + [0, 0, 0x2F, 0]
        client.receive([22, 3, 0, 0, UInt8(body.count + 4), 2, 0, 0, UInt8(body.count)] + body)
        #expect(failure(client)?.outcome == .clientPolicy, "\(String(describing: failure(client)))")
    }

    @Test func serverWithoutSecureRenegotiationIsWelcome() throws {
        let client = try started()
        // A TLS 1.2 ServerHello with no extension at all, so without renegotiation_info (RFC 5746 §3.4).
        let body = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 0x2F, 0]
        client.receive([22, 3, 3, 0, UInt8(body.count + 4), 2, 0, 0, UInt8(body.count)] + body)
        #expect(client.state == .handshaking)
        #expect(client.observation(profile: .full).version == .tls12)
    }

    @Test(arguments: [TLS1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION], Segmentation.allCases)
    func serverThatInsistsOnACertificate(_ version: Int32, _ segmentation: Segmentation) throws {
        let server = try LoopbackServer(
            TestCertificate(), options: .init(version: version...version, requiresClientCertificate: true))
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        converse(client, server, segmentation)
        #expect(failure(client)?.outcome == .clientCertRequired, "\(client.state)")
        let seen = client.observation(profile: .full)
        #expect(seen.outcome == .clientCertRequired)
        #expect(seen.alert == (version == TLS1_3_VERSION ? 116 : 40))
        #expect(seen.chain.count == 1, "the server's own certificate has been seen all the same")
    }

    @Test func endOfInput() throws {
        let client = try started()
        client.endOfInput()
        #expect(failure(client)?.outcome == .eof)
        client.receive([22, 3, 3])
        #expect(failure(client)?.outcome == .eof)
    }

    @Test func unreadableCertificateIsKept() throws {
        // TLS 1.2 ServerHello (TLS_RSA_WITH_AES_128_CBC_SHA) and a Certificate message of four bytes that are no DER.
        let client = try started()
        let hello = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 0x2F, 0]
        client.receive([22, 3, 3, 0, UInt8(hello.count + 4), 2, 0, 0, UInt8(hello.count)] + hello)
        client.receive([22, 3, 3, 0, 14, 11, 0, 0, 10, 0, 0, 7, 0, 0, 4, 1, 2, 3, 4])
        #expect(failure(client)?.outcome == .badRecord)
        #expect(client.observation(profile: .full).chain == [[1, 2, 3, 4]])
    }

    /// What goes wrong after the server has spoken inside TLS is no failure of the handshake.
    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func garbageAfterTheFirstWord(_ version: Int32) throws {
        let server = try LoopbackServer(TestCertificate(), options: .init(version: version...version))
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        converse(client, server)
        server.send(Array("250 ok\r\n".utf8))
        converse(client, server)
        client.receive([23, 3, 3, 0, 4, 1, 2, 3, 4])
        #expect(failure(client)?.outcome == .badRecord)
        let seen = client.observation(profile: .full)
        #expect(seen.outcome == .ok)
        #expect(seen.detail?.isEmpty == false)
        #expect(seen.extendedMasterSecret == (version == TLS1_2_VERSION ? true : nil))
        #expect(seen.sessionTicket == true)
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func garbageBeforeTheFirstWord(_ version: Int32) throws {
        let server = try LoopbackServer(TestCertificate(), options: .init(version: version...version))
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        converse(client, server)
        client.receive([23, 3, 3, 0, 4, 1, 2, 3, 4])
        #expect(client.observation(profile: .full).outcome == .badRecord)
    }
}
