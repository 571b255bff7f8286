// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations
import TLS
import Testing

@testable import Scan
@testable import Store

/// Which hellos go out, and what their answers add up to, against a server that is a function.
@Suite @NetworkLoop struct HelloRoundTests {
    private final class Server {
        var asked: [HelloProfile] = []
        let answer: (HelloProfile, HelloRound.Offer) -> TLSProbeObservation?

        init(_ answer: @escaping (HelloProfile, HelloRound.Offer) -> TLSProbeObservation?) { self.answer = answer }
    }

    private static func probe(
        _ profile: HelloProfile, _ outcome: TLSOutcome, _ version: TLSVersion? = nil, cipher: String? = nil
    ) -> TLSProbeObservation {
        var probe = TLSProbeObservation(profile: profile, serverName: nil, outcome: outcome)
        probe.version = version
        probe.cipher = cipher
        return probe
    }

    /// `answer` nil is a server that does not come to TLS.
    private func run(
        after full: TLSProbeObservation, known: [TLSProbeObservation] = [], isDeep: Bool = false, used: Int = 1,
        stopAfter: Int = .max, _ answer: @escaping (HelloProfile, HelloRound.Offer) -> TLSProbeObservation?
    ) async throws -> (result: HelloResult, asked: [HelloProfile]) {
        let endpoint = Endpoint(
            host: try DomainName("mx.example"), address: try #require(IPAddress("192.0.2.1")), port: 25)
        let pending = PendingHellos(endpoint: endpoint, probes: [full] + known, connectionsUsed: used, orderKey: 0)
        let server = Server(answer)
        var round = HelloRound(pending, budget: Survey.connectionsPerAddress - used) { profile, offer in
            guard server.asked.count < stopAfter else { return nil }
            server.asked.append(profile)
            var seen = EndpointObservation(endpoint: endpoint, at: Timestamp(seconds: 0))
            seen.connectionsUsed = 1
            seen.probes = server.answer(profile, offer).map { [$0] } ?? []
            return seen
        }
        return (try await round.run(isDeep: isDeep), server.asked)
    }

    private func words(_ result: HelloResult) -> [String] {
        result.probes.map { "\($0.profile.rawValue) \($0.outcome.rawValue)" }
    }

    @Test func `Three hellos behind TLS 1·3`() async throws {
        let (result, asked) = try await run(after: Self.probe(.full, .ok, .tls13)) { profile, _ in
            Self.probe(profile, profile == .tls12 ? .ok : .alertHandshakeFailure, profile == .tls12 ? .tls12 : nil)
        }
        #expect(asked == [.pq, .tls12, .legacy] && result.visits.count == 3 && result.isFinished)
        #expect(words(result) == ["pq alert_handshake_failure", "tls12 ok", "legacy alert_handshake_failure"])
    }

    @Test func `1·0 behind an accepted 1·1 is left open, and asked for in depth`() async throws {
        let answer = { (profile: HelloProfile, _: HelloRound.Offer) in
            profile == .legacy ? Self.probe(profile, .ok, .tls11) : Self.probe(profile, .alertProtocolVersion)
        }
        let (result, asked) = try await run(after: Self.probe(.full, .ok, .tls13), answer)
        #expect(!asked.contains(.tls10) && words(result).last == "tls10 not_measured")
        let deep = try await run(after: Self.probe(.full, .ok, .tls13), isDeep: true, answer)
        #expect(deep.asked.contains(.tls10) && words(deep.result).contains("tls10 alert_protocol_version"))
    }

    @Test func `Who lets us no further is not asked on, and nothing is a no`() async throws {
        let (result, asked) = try await run(after: Self.probe(.full, .ok, .tls13)) { profile, _ in
            profile == .pq ? Self.probe(profile, .timeout) : nil
        }
        #expect(asked == [.pq, .tls12])
        #expect(words(result) == ["pq timeout", "tls12 not_reached", "legacy not_measured"])
    }

    @Test func `A scan that is told to stop goes on where it was`() async throws {
        let full = Self.probe(.full, .ok, .tls12)
        let (first, _) = try await run(after: full, stopAfter: 1) { profile, _ in Self.probe(profile, .ok, .tls11) }
        #expect(words(first) == ["tls11 ok"] && !first.isFinished)
        let (second, asked) = try await run(after: full, known: first.probes) { profile, _ in
            Self.probe(profile, .alertProtocolVersion)
        }
        #expect(asked == [.tls10] && words(second) == ["tls10 alert_protocol_version"] && second.isFinished)
    }

    /// A server of TLS 1.3 with two suites in an order of its own.
    private static let order = ["TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"]

    private static func inDepth(_ profile: HelloProfile, _ offer: HelloRound.Offer) -> TLSProbeObservation {
        switch profile {
        case .deepSuites:
            let choice = order.first { name in offer.suites?.contains { $0.name == name } == true }
            return probe(profile, choice == nil ? .alertHandshakeFailure : .ok, .tls13, cipher: choice)
        case .deepGroups:
            var seen = probe(profile, .ok, .tls13)
            seen.group = offer.groups?.first?.name
            return seen
        case .deepGroup(0x001D), .deepGroup(0x0017): return probe(profile, .ok, .tls13)
        default: return probe(profile, .alertHandshakeFailure)
        }
    }

    @Test func `Suites in the server's order, groups in the client's`() async throws {
        let (result, asked) = try await run(after: Self.probe(.full, .ok, .tls13), isDeep: true, Self.inDepth)
        #expect(result.suites == [.tls13: Self.order])
        #expect(result.probes.first { $0.profile == .deepSuites(.tls13) }?.serverPreference == true)
        let groups = try #require(result.probes.first { $0.profile == .deepGroups })
        #expect(groups.serverPreference == false && groups.group == "x25519")
        #expect(asked.count == result.visits.count)
    }

    @Test func `An enumeration that broke off is not whole`() async throws {
        var count = 0
        let (result, _) = try await run(after: Self.probe(.full, .ok, .tls13), isDeep: true) { profile, offer in
            guard case .deepSuites = profile else { return Self.inDepth(profile, offer) }
            count += 1
            return count < 2 ? Self.inDepth(profile, offer) : Self.probe(profile, .timeout)
        }
        let suites = try #require(result.probes.first { $0.profile == .deepSuites(.tls13) })
        #expect(suites.outcome == .timeout && suites.serverPreference == nil && suites.cipher == Self.order[0])
        #expect(result.suites == [.tls13: [Self.order[0]]])
    }

    @Test func `Never more than forty connections to an address`() async throws {
        let (result, asked) = try await run(after: Self.probe(.full, .ok, .tls13), isDeep: true, used: 9) {
            profile, offer in
            guard case .deepSuites = profile else { return Self.probe(profile, .ok, .tls12) }
            return Self.probe(profile, .ok, .tls12, cipher: offer.suites?.last?.name)
        }
        #expect(asked.count == 31)
        #expect(words(result).last?.hasSuffix("not_measured") == true && result.isFinished)
        let none = try await run(after: Self.probe(.full, .ok, .tls13), used: 40) { _, _ in nil }
        #expect(none.asked == [] && words(none.result).allSatisfy { $0.hasSuffix("not_measured") })
    }
}
