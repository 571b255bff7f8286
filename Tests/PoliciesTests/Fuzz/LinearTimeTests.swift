// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

/// No parser takes more than linear time. A quarter of a million octets of the worst kinds are more than is ever given to
/// one (64 KiB), and more than steps that grow with the square could do while anybody waits: 70,000,000,000 of them. That
/// these tests end is what they show; no clock is looked at.
@Suite(.timeLimit(.minutes(10)))
struct LinearTimeTests {
    private static let size = 1 << 18

    private func octets(_ start: String, _ unit: String) -> [UInt8] {
        Array(start.utf8) + Array(String(repeating: unit, count: Self.size / unit.utf8.count).utf8)
    }

    @Test(arguments: [";", "a=b;", "id=", "id=a;", " ", "=", "\t;"])
    func stsRecord(unit: String) {
        #expect(STSRecord.observe(.texts([octets("v=STSv1;", unit)])).outcome != .absent)
    }

    @Test(arguments: ["a", ":", "\n", "\r", "mx:a.b\n", "mx:*.\n", "a:b\n", "mode:x\n", " ", "\u{E9}"])
    func stsPolicy(unit: String) {
        #expect(STSPolicy.read(octets("version: STSv1\nmode: none\nmax_age: 1\n", unit)).flags.count <= 4)
    }

    @Test(arguments: ["rua=mailto:a@b.c,", "mailto:a@b.c,", ",", "%", "!", ";", "@", "rua=https://a/;"])
    func tlsReporting(unit: String) {
        #expect(TLSRPTRecord.observe(.texts([octets("v=TLSRPTv1;rua=", unit)])).outcome != .absent)
    }

    @Test(arguments: ["a ", "%{d}", "a:%{d} ", "x=y ", "/", "//1", "ip4:1.2.3.4 ", "include:a.b ", ".", "a.", "-"])
    func senderPolicy(unit: String) async throws {
        let source = ScriptedPolicies(texts: ["example.com": [String(decoding: octets("v=spf1 ", unit), as: UTF8.self)]]
        )
        #expect(await SPFEvaluation.evaluate(try DomainName("example.com"), from: source).outcome != .absent)
    }

    @Test(arguments: [";", "a=b;", "rua=mailto:a@b.c,", "=", " ", "p=none;", "fo=0:"])
    func ownerPolicy(unit: String) async throws {
        let text = String(decoding: octets("v=DMARC1;", unit), as: UTF8.self)
        let source = ScriptedPolicies(texts: ["_dmarc.example.com": [text]])
        #expect(await DMARCEvaluation(from: source).evaluate(try DomainName("example.com")).outcome != .absent)
    }

    /// Patterns are not compared with each host in turn: 32 hosts of a domain are followed.
    @Test func matching() throws {
        let hosts = try (0..<32).map { try DomainName("mx\($0).example.com") }
        let patterns = (0..<16_000).map { "a\($0).b" }
        let policy = STSPolicyObservation(outcome: .validEnforce, mode: .enforce, maxAge: 1, patterns: patterns)
        #expect(STSSummary.matches(hosts, policy: policy).domain == .none)
    }
}
