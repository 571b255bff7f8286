// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import TLS
import Testing

@testable import Scan

/// The socket's side of the raw hellos; what each answer means is tested with the TLS room.
@Suite @NetworkLoop struct HelloProbeTests {
    private static let untilTLS: [ScriptedMailServer.Line] = [
        .reply("220 mx.example ESMTP"), .reply("250-mx.example\r\n250-SIZE 1000\r\n250 STARTTLS"),
        .reply("220 go ahead"),
    ]
    private static let refusal: [UInt8] = [21, 3, 3, 0, 2, 2, 40]

    private func visit(
        _ profile: HelloProfile, _ lines: [ScriptedMailServer.Line], replyTimeout: Int64 = 10_000
    ) async throws -> (seen: EndpointObservation, heard: [[UInt8]]) {
        let server = try await ScriptedMailServer.start(lines)
        let name = try EHLOName("scanner.example")
        let probe = HelloProbe(
            settings: ProbeSettings(ehloName: name, replyTimeout: replyTimeout),
            now: { Timestamp(seconds: 0) })
        let seen = await probe.visit(server.endpoint, profile: profile, serverName: server.endpoint.host)
        let heard = server.received
        try await server.stop()
        return (seen, heard)
    }

    @Test func `One hello on one connection, and the answer in many segments`() async throws {
        let (seen, heard) = try await visit(.pq, Self.untilTLS + [.drip(Self.refusal)])
        #expect(seen.tcp == .open && seen.greeting == .ready && seen.ehlo == .ok && seen.starttls == .offered)
        #expect(seen.tls == .alertHandshakeFailure && seen.connectionsUsed == 1)
        let probe = try #require(seen.probes.first)
        #expect(seen.probes.count == 1 && probe.profile == .pq && probe.alert == 40)
        #expect(probe.serverName == seen.endpoint.host && probe.durationMilliseconds != nil)
        #expect(heard.count == 3)
        #expect(
            heard.prefix(2).map { String(decoding: $0, as: UTF8.self) } == ["EHLO scanner.example\r\n", "STARTTLS\r\n"])
        #expect(heard.last?.starts(with: [22, 3, 1]) == true)
    }

    @Test func `No two hellos have the same random`() async throws {
        let (_, first) = try await visit(.tls12, Self.untilTLS + [.send(Self.refusal)])
        let (_, second) = try await visit(.tls12, Self.untilTLS + [.send(Self.refusal)])
        #expect(first.last?[11..<43] != second.last?[11..<43])
        #expect(first.last?.count == second.last?.count)
    }

    @Test func `How the connection ends behind the hello`() async throws {
        #expect(try await visit(.tls11, Self.untilTLS + [.close]).seen.tls == .eof)
        #expect(try await visit(.tls11, Self.untilTLS + [.nothing], replyTimeout: 2_000).seen.tls == .timeout)
        let reset = try await visit(.tls11, Self.untilTLS + [.reset]).seen
        #expect(reset.tls == .reset && reset.probes.first?.errno == 104)
        #expect(try await visit(.tls11, Self.untilTLS + [.reply("500 what?")]).seen.tls == .notTLS)
    }

    @Test func `Without STARTTLS there is no hello`() async throws {
        let refused = try await visit(.legacy, [.reply("421 later")]).seen
        #expect(refused.greeting == .closing && refused.probes.isEmpty && refused.tls == .notReached)
        let silent = try await visit(.legacy, [Self.untilTLS[0], .reply("250 mx.example"), .reply("221 bye")])
        #expect(silent.seen.starttls == .notOffered && silent.seen.probes.isEmpty)
        #expect(silent.heard.last.map { String(decoding: $0, as: UTF8.self) } == "QUIT\r\n")
    }

    @Test func `What follows the 220 in clear is never taken for TLS`() async throws {
        let injected = Array("220 go ahead\r\n".utf8) + Self.refusal
        let seen = try await visit(.pq, Array(Self.untilTLS.prefix(2)) + [.send(injected)]).seen
        #expect(seen.starttls == .trailingPlaintext && seen.tls == .notReached && seen.probes.isEmpty)
    }

    @Test func `On a port with implicit TLS the hello comes first`() async throws {
        let server = try await ScriptedMailServer.start([.nothing, .drip(Self.refusal)])
        var settings = ProbeSettings(ehloName: try EHLOName("scanner.example"))
        #expect(settings.implicitTLSPorts == [465])
        settings.implicitTLSPorts = [server.endpoint.port]
        let probe = HelloProbe(settings: settings, now: { Timestamp(seconds: 0) })
        let seen = await probe.visit(server.endpoint, profile: .pq, serverName: nil)
        let heard = server.received
        try await server.stop()
        #expect(seen.opensInTLS && seen.tls == .alertHandshakeFailure && seen.probes.first?.alert == 40)
        #expect(seen.greeting == .notReached && seen.ehlo == .notReached && seen.starttls == .notReached)
        #expect(heard.count == 1 && heard[0].starts(with: [22, 3, 1]))
    }
}
