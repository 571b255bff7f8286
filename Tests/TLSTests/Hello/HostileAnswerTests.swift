// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import FuzzTargets
import Mutations
import Testing

@testable import TLS

/// Good answers to a hello, damaged at random: `Tests/Fuzz/README.md`.
@Suite struct HostileAnswerTests {
    /// Answers put together by hand, and the first flights of a whole server.
    private static func seeds() throws -> [[UInt8]] {
        let byHand = [
            ServerFlight.record(ServerFlight.helloRetryRequest(group: 0x1D)),
            ServerFlight.record(
                ServerFlight.hello(0x0303, suite: 0xC02F, extensions: [(0xFF01, [0]), (23, [])])
                    + ServerFlight.certificate([[1, 2, 3], [4, 5]]) + ServerFlight.keyExchange(group: 0x1D)
                    + ServerFlight.done),
            ServerFlight.record(
                ServerFlight.hello(0x0301, suite: 0x0033)
                    + ServerFlight.keyExchange(modulus: [UInt8](repeating: 0xC1, count: 64))),
            ServerFlight.record(ServerFlight.hello(0x0300, suite: 0x0005), version: 0x0300),
            ServerFlight.alert(112, level: 1) + ServerFlight.alert(40),
        ]
        let authority = try TestCertificate(.authority("Test CA"))
        let certificate = try TestCertificate(issuer: authority)
        let context = try TLSContext()
        return try byHand
            + [TLS1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION].map { version in
                let server = try LoopbackServer(
                    certificate, chain: [authority], options: .init(version: version...version))
                let client = try TLSConnection(context: context, serverName: nil)
                client.start()
                server.receive(client.takeOutput())
                return server.takeOutput()
            }
    }

    @Test func whateverIsAnswered_TheRulesHold() throws {
        for violation in FuzzTarget.hello.run(try Self.seeds(), rounds: FuzzRounds(500)) {
            Issue.record("\(violation)")
        }
    }

    /// What is fuzzed reaches every kind of answer, or it would prove little.
    @Test func everyKindOfAnswerIsAmongThem() throws {
        var mutator = Mutator(generator: SeededGenerator(seed: 2026), seeds: try Self.seeds())
        var answers: Set<String> = []
        for _ in 0..<2_000 {
            let answer = readAnswer(mutator.next(), .keyExchange).answer
            answers.insert(answer.map { String("\($0)".prefix { $0 != "(" }) } ?? "more")
        }
        #expect(answers == ["complete", "alert", "closed", "notTLS", "malformed", "more"])
    }
}
