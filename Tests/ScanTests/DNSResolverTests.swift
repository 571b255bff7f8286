// SPDX-License-Identifier: Apache-2.0
import DNS
import Observations
import Testing

@testable import Scan

/// The resolver over real sockets: what its own tests do without one.
@Suite @NetworkLoop struct DNSResolverTests {
    private let wire = DNSWire(eventLoop: NetworkLoop.shared.eventLoop)

    private func resolver(_ server: DNSServer) -> Resolver {
        Resolver(
            options: ResolverOptions(servers: [server], mode: .off), transport: wire,
            clock: { NetworkLoop.monotonicMilliseconds },
            validator: { Validator(anchors: [], source: $0, now: { Timestamp(seconds: 0) }) })
    }

    /// The query with one A record put behind its question, and EDNS left out.
    private nonisolated static func answer(_ query: [UInt8]) -> [UInt8] {
        var response = Array(query.dropLast(11))
        response[2] |= 0x80
        response[7] = 1
        response[11] = 0
        return response + [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 9]
    }

    @Test func anAnswerThatDoesNotFitComesOverTCP() async throws {
        let responder = try await DNSResponder.start(
            udp: { query in
                var truncated = echo(query)
                truncated[2] |= 0x02
                return [truncated]
            }, tcp: { [Self.answer($0)] })
        let answer = await resolver(responder.server).resolve(Question(name: try DomainName("example.org"), type: .a))
        #expect(answer.status.outcome == .noerrorData)
        #expect(answer.rrset?.addresses.map(\.description) == ["192.0.2.9"])
        wire.close()
        try await responder.stop()
    }

    @Test func aThousandNamesAtOnceAreAllAnswered() async throws {
        let responder = try await DNSResponder.start(udp: { [Self.answer($0)] })
        let resolver = resolver(responder.server)
        let tasks = try (0..<1_000).map { number in
            let question = Question(name: try DomainName("n\(number % 900).example"), type: .a)
            return Task { @NetworkLoop in await resolver.resolve(question).status.outcome }
        }
        for task in tasks { #expect(await task.value == .noerrorData) }
        wire.close()
        try await responder.stop()
    }

    @Test func nobodyListeningMeansThatTheResolverIsDown() async throws {
        let responder = try await DNSResponder.start()
        try await responder.stop()
        let answer = await resolver(responder.server).resolve(Question(name: try DomainName("example.org"), type: .a))
        #expect(answer.status.outcome == .resolverDown)
        wire.close()
    }
}
