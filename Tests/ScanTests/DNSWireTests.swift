// SPDX-License-Identifier: Apache-2.0
import DNS
import NIOCore
import NIOPosix
import Observations
import Testing

@testable import Scan

#if canImport(Glibc)
    import Glibc
#endif

/// Real sockets, on loopback only.
@Suite @NetworkLoop struct DNSWireTests {
    private let wire = DNSWire(eventLoop: NetworkLoop.shared.eventLoop)
    private let query = Message.query(Question(name: .root, type: .ns), id: 0)

    private func ask(
        _ wire: DNSWire, _ server: DNSServer, over carrier: DNSCarrier = .udp, timeout: Int64 = 20_000,
        _ query: [UInt8]? = nil
    ) async -> TransportReply {
        await wire.exchange(query ?? self.query, with: server, over: carrier, timeoutMilliseconds: timeout)
    }

    private func query(_ name: String) throws -> [UInt8] {
        Message.query(Question(name: try DomainName(name), type: .mx), id: 0)
    }

    @Test(arguments: [DNSCarrier.udp, .tcp]) func theAnswerComesBack(carrier: DNSCarrier) async throws {
        let responder = try await DNSResponder.start(udp: { [echo($0)] }, tcp: { [echo($0)] })
        guard case .answer(let bytes) = await ask(wire, responder.server, over: carrier) else {
            Issue.record("no answer")
            return
        }
        #expect(bytes.dropFirst(3) == query.dropFirst(3))
        wire.close()
        try await responder.stop()
    }

    /// A resolver that does not care what size it was told: nothing may be cut off.
    @Test func aDatagramOfAnySizeIsTakenWhole() async throws {
        let responder = try await DNSResponder.start(udp: { [echo($0) + [UInt8](repeating: 7, count: 60_000)] })
        guard case .answer(let bytes) = await ask(wire, responder.server) else {
            Issue.record("no answer")
            return
        }
        #expect(bytes.count == query.count + 60_000)
        wire.close()
        try await responder.stop()
    }

    @Test func theIdIsNewForEachQueryAndTheQueryIsOtherwiseSentAsItIs() async throws {
        let seen = Seen()
        let responder = try await DNSResponder.start(udp: { query in
            seen.add(query)
            return [echo(query)]
        })
        for _ in 0..<50 { _ = await ask(wire, responder.server) }
        #expect(Set(seen.queries.map { $0.prefix(2) }).count > 45)
        #expect(Set(seen.queries.map { $0.dropFirst(2) }) == [query.dropFirst(2)])
        wire.close()
        try await responder.stop()
    }

    @Test func whatDoesNotFitTheQueryIsDroppedAndTheAnswerBehindItTaken() async throws {
        let responder = try await DNSResponder.start(udp: { query in
            var otherId = echo(query)
            otherId[1] ^= 1
            var otherQuestion = echo(query)
            otherQuestion[13] ^= 1
            var otherType = echo(query)
            otherType[query.count - 14] ^= 1
            var noQuestion = Array(echo(query).prefix(12))
            noQuestion[5] = 0
            return [otherId, otherQuestion, otherType, noQuestion, query, [1, 2, 3], echo(query)]
        })
        let query = try query("example.org")
        guard case .answer(let bytes) = await ask(wire, responder.server, query) else {
            Issue.record("no answer")
            return
        }
        #expect(bytes.dropFirst(3) == query.dropFirst(3))
        #expect(wire.dropped == 6)
        wire.close()
        try await responder.stop()
    }

    @Test func lettersOfTheQuestionMayComeBackInAnyCase() async throws {
        let responder = try await DNSResponder.start(udp: { query in
            var response = echo(query)
            response[13] &= ~0x20
            return [response]
        })
        guard case .answer = await ask(wire, responder.server, try query("example.org")) else {
            Issue.record("no answer")
            return
        }
        wire.close()
        try await responder.stop()
    }

    @Test func aServerThatDidNotUnderstandNeedNotRepeatTheQuestion() async throws {
        let responder = try await DNSResponder.start(udp: { query in
            var response = Array(echo(query).prefix(12))
            response[3] = 1
            for at in 4..<12 { response[at] = 0 }
            return [response]
        })
        guard case .answer = await ask(wire, responder.server) else {
            Issue.record("no answer")
            return
        }
        wire.close()
        try await responder.stop()
    }

    @Test(arguments: [DNSCarrier.udp, .tcp]) func nobodyThereIsAnErrorOfTheNetworkAtOnce(carrier: DNSCarrier)
        async throws
    {
        let responder = try await DNSResponder.start()
        try await responder.stop()
        #expect(await ask(wire, responder.server, over: carrier) == .networkError(ECONNREFUSED))
        wire.close()
    }

    @Test func silenceIsATimeout() async throws {
        let responder = try await DNSResponder.start()
        #expect(await ask(wire, responder.server, timeout: 30) == .timeout)
        wire.close()
        try await responder.stop()
    }

    @Test func aStreamThatEndsEarlyIsAnErrorOfTheNetwork() async throws {
        let responder = try await DNSResponder.start()
        guard case .networkError = await ask(wire, responder.server, over: .tcp) else {
            Issue.record("an answer from nowhere")
            return
        }
        wire.close()
        try await responder.stop()
    }

    @Test func aStreamThatAnswersAnotherQueryIsNoAnswer() async throws {
        let responder = try await DNSResponder.start(tcp: { query in
            var response = echo(query)
            response[0] ^= 1
            return [response]
        })
        #expect(await ask(wire, responder.server, over: .tcp) == .networkError(0))
        wire.close()
        try await responder.stop()
    }

    @Test func aMessageOf64KiBComesWholeOverTCP() async throws {
        let responder = try await DNSResponder.start(tcp: { query in
            [echo(query) + [UInt8](repeating: 7, count: 65_535 - query.count)]
        })
        guard case .answer(let bytes) = await ask(wire, responder.server, over: .tcp) else {
            Issue.record("no answer")
            return
        }
        #expect(bytes.count == 65_535)
        wire.close()
        try await responder.stop()
    }

    @Test func queriesAtTheSameTimeGetTheirOwnAnswersOverABoundedPool() async throws {
        let ports = Seen()
        let responder = try await DNSResponder.start(udp: { [echo($0)] })
        var options = DNSWire.Options()
        options.portsPerServer = 3
        let wire = DNSWire(eventLoop: NetworkLoop.shared.eventLoop, options: options)
        let tasks = try (0..<100).map { number in
            let query = try query("n\(number).example")
            return Task { @NetworkLoop in
                guard case .answer(let bytes) = await ask(wire, responder.server, query) else { return false }
                ports.add(Array(bytes.dropFirst(12)))
                return bytes.dropFirst(12) == query.dropFirst(12)
            }
        }
        for task in tasks { #expect(await task.value) }
        #expect(Set(ports.queries).count == 100)
        #expect(wire.portsOpened == 3)
        wire.close()
        try await responder.stop()
    }

    @Test func aSocketIsReplacedAfterItsLastQuery() async throws {
        let responder = try await DNSResponder.start(udp: { [echo($0)] })
        var options = DNSWire.Options()
        options.portsPerServer = 1
        options.queriesPerPort = 10
        let wire = DNSWire(eventLoop: NetworkLoop.shared.eventLoop, options: options)
        for _ in 0..<35 { _ = await ask(wire, responder.server) }
        #expect(wire.portsOpened == 4)
        wire.close()
        try await responder.stop()
    }

    @Test func closingEndsWhatWaits() async throws {
        let responder = try await DNSResponder.start()
        let waiting = Task { @NetworkLoop in await ask(wire, responder.server) }
        await wire.pause(milliseconds: 5)
        wire.close()
        #expect(await waiting.value == .networkError(0))
        #expect(await ask(wire, responder.server) == .networkError(0))
        try await responder.stop()
    }
}

/// What arrived, in order; the responder runs on the loop like everything else.
final class Seen: @unchecked Sendable {
    private(set) var queries: [[UInt8]] = []

    func add(_ query: [UInt8]) {
        NetworkLoop.shared.eventLoop.preconditionInEventLoop()
        queries.append(query)
    }
}
