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

    /// What the server sends, taken from one conversation, cut at every place: nothing crashes, and nothing that was
    /// allocated is left behind (the sanitizer tells).
    @Test(arguments: [TLS1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION])
    func abandonedAtEveryStep(_ version: Int32) throws {
        let certificate = try TestCertificate()
        var reachedEnd = false
        for limit in stride(from: 0, through: 4000, by: 97) where !reachedEnd {
            let server = try LoopbackServer(certificate, options: .init(version: version...version))
            let client = try TLSConnection(context: context, serverName: host)
            client.start()
            var fed = 0
            while fed < limit {
                server.receive(client.takeOutput())
                let output = server.takeOutput().prefix(limit - fed)
                if output.isEmpty { break }
                client.receive(output)
                fed += output.count
            }
            reachedEnd = fed < limit
            if fed < limit { #expect(client.state == .established) }
            let seen = client.observation(profile: .full)
            #expect(seen.chain.count <= 1)
            if limit % 2 == 0 { client.endOfInput() } else { client.close() }
            #expect(client.state != .handshaking)
        }
        #expect(reachedEnd)
    }

    @Test func damagedAtEveryPlace() throws {
        let certificate = try TestCertificate()
        for position in stride(from: 0, to: 1200, by: 31) {
            let server = try LoopbackServer(certificate, options: .init(version: TLS1_2_VERSION...TLS1_3_VERSION))
            let client = try TLSConnection(context: context, serverName: host)
            client.start()
            var at = 0
            for _ in 0..<4 {
                server.receive(client.takeOutput())
                var output = server.takeOutput()
                if (at..<at + output.count).contains(position) { output[position - at] ^= 0x41 }
                at += output.count
                client.receive(output)
            }
            _ = client.observation(profile: .full)
            if at > position { #expect(client.state != .established, "a changed byte at \(position) went unnoticed") }
        }
    }

    @Test func bytesAfterTheEndAreIgnored() throws {
        let server = try LoopbackServer(TestCertificate())
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        converse(client, server)
        client.close()
        #expect(client.state == .closed)
        let goodbye = client.takeOutput()
        #expect(goodbye.first == 23, "close_notify travels inside a TLS 1.3 record")
        client.send([1])
        client.receive([1, 2, 3])
        client.close()
        #expect(client.takeOutput().isEmpty)
        #expect(server.serverName == nil)
    }

    @Test func helloStaysBelow64Suites() throws {
        let client = try TLSConnection(context: context, serverName: host)
        client.start()
        let hello = client.takeOutput()
        // Record header 5, handshake header 4, version 2, random 32, session identifier with its length.
        let at = 43 + 1 + Int(hello[43])
        let suites = (Int(hello[at]) << 8 | Int(hello[at + 1])) / 2
        #expect((40..<64).contains(suites))
        #expect(Array(hello[9...10]) == [3, 3])
    }

    @Test func largeAnswersComeWhole() throws {
        let server = try LoopbackServer(TestCertificate())
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        converse(client, server)
        let lines = (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
        server.send(lines)
        converse(client, server)
        #expect(client.takePlaintext() == lines)
    }

    @Test func libraryTellsItsVersion() {
        #expect(TLSContext.libraryVersion.hasPrefix("OpenSSL "))
    }

    @Test func onlyHostNamesAreAskedFor() throws {
        for name in [".", "a b.example", "-x.example", "x@y.example"] {
            let client = try TLSConnection(context: context, serverName: try DomainName(name))
            #expect(client.serverName == nil)
            #expect(client.observation(profile: .full).serverName == nil)
        }
        #expect(try TLSConnection(context: context, serverName: host).serverName == host)
    }

    @Test func helloAvoidsTheLengthsThatHang() throws {
        let client = try TLSConnection(context: context, serverName: host)
        client.start()
        let hello = client.takeOutput().count - 5
        #expect(!(256...511).contains(hello))
    }

    @Test func oneContextServesManyThreads() async throws {
        let context = context
        let established = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { @concurrent in
                    let certificate = try TestCertificate()
                    var count = 0
                    for _ in 0..<25 {
                        let server = try LoopbackServer(certificate)
                        let client = try TLSConnection(context: context, serverName: nil)
                        client.start()
                        converse(client, server)
                        if client.state == .established { count += 1 }
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(established == 100)
    }
}
