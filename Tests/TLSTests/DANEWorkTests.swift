// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations
import Testing
import Verdicts

@testable import TLS

/// A server that sends many certificates under a zone with many keys asks for their product in signature checks. The work
/// has a limit; what is beyond it is neither a match nor a mismatch.
@Suite struct DANEWorkTests {
    let world: DANEWorld
    init() throws { world = try DANEWorld() }

    private func judged(_ chain: [TestCertificate], _ records: [TLSARecord], limit: Int = DANEChain.signatureLimit)
        throws -> (facts: DANEChainFacts, outcome: DANEOutcome)
    {
        let name = try DomainName("mx.example")
        let moment = try #require(Timestamp(rfc3339: "2025-06-01T12:00:00Z"))
        let facts = try DANEChain.facts(chain: chain.map(\.der), records: records, known: world.known, limit: limit)
        let names = DANEReferenceNames(base: name, mxHost: name)
        return (facts, DANEVerdict.judge(records: records, chain: facts, names: names, at: moment).outcome)
    }

    /// Records `2 1 0` with the keys of strangers, none of which has signed anything here.
    private func strangers(_ count: Int) throws -> [TLSARecord] {
        try (0..<count).map { number in
            world.record(2, 1, 0, try TestCertificate(.authority("Stranger \(number)")))
        }
    }

    @Test func whatIsUsualCostsLittle() throws {
        let all = [world.leaf, world.intermediate, world.root]
        let records = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)].flatMap { selector, matchingType in
            [world.intermediate, world.root, world.other].map { world.record(2, selector, matchingType, $0) }
        }
        let (facts, outcome) = try judged(all, records)
        #expect(outcome == .matchTA)
        #expect(!facts.isIncomplete)
        // One path to each of the two that were sent, and the stranger's key tried on each certificate.
        #expect((5...20).contains(facts.signatureChecks), "\(facts.signatureChecks)")
    }

    @Test func manyKeysUnderManyCertificates() throws {
        let chain = [world.leaf] + [TestCertificate](repeating: world.intermediate, count: 60)
        let keys = try strangers(20)
        let (facts, outcome) = try judged(chain, keys)
        #expect(facts.isIncomplete)
        #expect(facts.signatureChecks == DANEChain.signatureLimit)
        #expect(outcome == .unknown)
        // With all that it takes it is a mismatch: 20 keys times 61 certificates.
        let whole = try judged(chain, keys, limit: 10_000)
        #expect(whole.facts.signatureChecks == 20 * 61)
        #expect(whole.outcome == .mismatch)
    }

    @Test func manyAnchorsAtTheEndOfALongPath() throws {
        var chain = [world.root]
        for number in 1...30 {
            chain.insert(try TestCertificate(.authority("Below \(number)"), issuer: chain[0]), at: 0)
        }
        chain.insert(try TestCertificate(issuer: chain[0]), at: 0)
        let records = chain.dropFirst().map { world.record(2, 0, 1, $0) }
        let (facts, outcome) = try judged(chain, records)
        #expect(facts.isIncomplete)
        #expect(facts.signatureChecks <= DANEChain.signatureLimit)
        #expect(outcome == .matchTA, "what was proven within the limit stays proven")
        #expect(try judged(chain, records.reversed(), limit: 31).outcome == .unknown)
        #expect(try judged(chain, records.reversed(), limit: 33).outcome == .matchTA)
    }

    /// Sent sixty times, an anchor is one anchor; and named by six records it has one path.
    @Test func anAnchorIsFollowedOnce() throws {
        let chain = [world.leaf, world.intermediate] + [TestCertificate](repeating: world.root, count: 60)
        let records = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)].map { world.record(2, $0, $1, world.root) }
        let (facts, outcome) = try judged(chain, records)
        #expect(outcome == .matchTA)
        #expect(facts.signatureChecks == 3)
        #expect(!facts.isIncomplete)
    }

    @Test func theHostsOwnRecordNeedsNoSignature() throws {
        let chain = [world.leaf] + [TestCertificate](repeating: world.intermediate, count: 60)
        let records = try strangers(20) + [world.record(3, 1, 1, world.leaf)]
        #expect(try judged(chain, records).outcome == .matchEE)
    }

    @Test func aWrongNameIsWrongOnEveryPath() throws {
        let name = try DomainName("elsewhere.example")
        let moment = try #require(Timestamp(rfc3339: "2025-06-01T12:00:00Z"))
        let chain = [world.leaf] + [TestCertificate](repeating: world.intermediate, count: 60)
        let records = [world.record(2, 0, 1, world.intermediate)] + (try strangers(20))
        let facts = try DANEChain.facts(chain: chain.map(\.der), records: records)
        #expect(facts.isIncomplete)
        let names = DANEReferenceNames(base: name, mxHost: name)
        #expect(
            DANEVerdict.judge(records: records, chain: facts, names: names, at: moment).outcome == .taNameMismatch)
    }
}
