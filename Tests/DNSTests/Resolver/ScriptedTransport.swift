// SPDX-License-Identifier: Apache-2.0

import DNS
import Observations

/// Resolvers made of a closure, in a time that passes only when somebody waits.
final class ScriptedTransport: DNSTransport {
    /// One query as it arrived.
    struct Asked: Equatable {
        var server: DNSServer
        var question: Question
        var carrier: DNSCarrier
        var dnssecOK: Bool
        var checkingDisabled: Bool
        var at: Int64
    }

    /// What a resolver does with it.
    enum Reaction {
        case respond(ResponseBytes)
        case bytes([UInt8])
        case silence
        case error(Int32)
    }

    private(set) var now: Int64 = 1_000_000
    private(set) var asked: [Asked] = []
    private(set) var mostAtOnce = 0
    private var atOnce = 0
    /// Answers to what is asked first of all when a resolver seems dead.
    var rootIsAnswered = true
    /// How often other tasks get their turn before an answer comes.
    var turns = 0
    /// Hears of the time after each wait.
    var onPause: (Int64) -> Void = { _ in }
    private let react: (Asked) -> Reaction

    init(_ react: @escaping (Asked) -> Reaction) {
        self.react = react
    }

    func advance(_ milliseconds: Int64) { now += milliseconds }

    var clock: () -> Int64 { { [self] in now } }

    /// The queries without those for a sign of life.
    var questions: [Asked] { asked.filter { !$0.question.name.isRoot } }

    func exchange(
        _ query: [UInt8], with server: DNSServer, over carrier: DNSCarrier, timeoutMilliseconds: Int64
    ) async -> TransportReply {
        guard let message = try? Message(parsing: query), let question = message.question else {
            return .networkError(-1)
        }
        let asked = Asked(
            server: server, question: question, carrier: carrier,
            dnssecOK: query.suffix(4)[query.count - 4] & 0x80 != 0,
            checkingDisabled: query[3] & 0x10 != 0, at: now)
        self.asked.append(asked)
        atOnce += 1
        mostAtOnce = max(mostAtOnce, atOnce)
        defer { atOnce -= 1 }
        for _ in 0..<turns { await Task.yield() }
        var reaction = react(asked)
        if question.name.isRoot { reaction = rootIsAnswered ? .respond(ResponseBytes()) : .silence }
        switch reaction {
        case .respond(let response): return .answer(response.bytes(to: question))
        case .bytes(let bytes): return .answer(bytes)
        case .error(let errno): return .networkError(errno)
        case .silence:
            now += timeoutMilliseconds
            return .timeout
        }
    }

    func pause(milliseconds: Int64) async {
        now += milliseconds
        onPause(now)
    }
}

extension DNSServer {
    static let first = at("192.0.2.1")
    static let second = at("192.0.2.2")

    private static func at(_ text: String) -> DNSServer {
        guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
        return DNSServer(address: address)
    }
}

/// One isolation for tests in which several tasks share a resolver, as the network loop is in the program.
@globalActor
actor ResolverLoop {
    static let shared = ResolverLoop()
}
