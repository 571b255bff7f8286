// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations
import Testing

@testable import TLS

/// How bytes are cut on their way: a connection must not care.
enum Segmentation: CaseIterable {
    case whole
    case byteByByte
}

/// Carries bytes both ways until both ends are silent.
func converse(_ client: TLSConnection, _ server: LoopbackServer, _ segmentation: Segmentation = .whole) {
    while true {
        let fromClient = client.takeOutput()
        if !fromClient.isEmpty { server.receive(fromClient) }
        let fromServer = server.takeOutput()
        switch segmentation {
        case .whole: client.receive(fromServer)
        case .byteByByte: for byte in fromServer { client.receive(CollectionOfOne(byte)) }
        }
        if fromClient.isEmpty, fromServer.isEmpty { return }
    }
}

@Suite struct TLSConnectionTests {
    let context: TLSContext
    let host: DomainName

    init() throws {
        context = try TLSContext()
        host = try DomainName("mx.example.")
    }

    @Test(
        arguments: [
            (TLS1_VERSION, TLSVersion.tls10), (TLS1_1_VERSION, .tls11), (TLS1_2_VERSION, .tls12),
            (TLS1_3_VERSION, .tls13),
        ], Segmentation.allCases)
    func everyVersionAlone(_ version: (wire: Int32, name: TLSVersion), _ segmentation: Segmentation) throws {
        let authority = try TestCertificate(.authority("Test CA"))
        let certificate = try TestCertificate(issuer: authority)
        let server = try LoopbackServer(
            certificate, chain: [authority], options: .init(version: version.wire...version.wire))
        let client = try TLSConnection(context: context, serverName: host)
        client.start()
        converse(client, server, segmentation)
        #expect(client.state == .established)
        #expect(server.isEstablished)
        #expect(server.serverName == "mx.example")

        client.send(Array("EHLO probe.example\r\n".utf8))
        converse(client, server, segmentation)
        #expect(server.received == Array("EHLO probe.example\r\n".utf8))
        server.send(Array("250 mx.example\r\n".utf8))
        converse(client, server, segmentation)
        #expect(client.takePlaintext() == Array("250 mx.example\r\n".utf8))
        #expect(client.takePlaintext().isEmpty)

        let seen = client.observation(profile: .full)
        #expect(seen.outcome == .ok)
        #expect(seen.version == version.name)
        #expect(seen.chain == [certificate.der, authority.der])
        #expect(seen.alert == nil)
        server.close()
        converse(client, server, segmentation)
        #expect(client.state == .closed)
    }
}
