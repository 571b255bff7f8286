// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing
import Verdicts

@Suite struct DANERolloverTests {
    private func judge(
        _ records: [TLSARecord], _ shown: [(chain: DANEChainFacts, type: CertificateFacts.KeyType)]
    ) throws -> RolloverOutcome {
        let name = try DomainName("mx.example")
        let moment = try #require(Timestamp(rfc3339: "2025-06-01"))
        return RolloverVerdict.judge(
            records: records, shown: shown.map { RolloverVerdict.Shown(chain: $0.chain, keyType: $0.type) },
            names: DANEReferenceNames(base: name, mxHost: name), at: moment)
    }
    private let current = DANELiterals.record(3, 1, 1, about: 1)
    private let one: [(chain: DANEChainFacts, type: CertificateFacts.KeyType)] = [(DANELiterals.chain([1]), .ec)]

    @Test func oneRecordPreparesNothing() throws {
        #expect(try judge([current], one) == .none)
        #expect(try judge([current, DANELiterals.record(1, 1, 1, about: 2)], one) == .none)
        // An anchor that does not hold today will not hold tomorrow.
        #expect(try judge([current, DANELiterals.record(2, 1, 1, about: 7)], one) == .none)
        #expect(
            try judge([DANELiterals.record(3, 1, 1, about: 8), DANELiterals.record(3, 1, 1, about: 9)], one) == .none)
    }

    @Test func nothingToSay() throws {
        #expect(try judge([], one) == .notReached)
        #expect(try judge([DANELiterals.record(0, 1, 1, about: 1)], one) == .notReached)
        #expect(try judge([current], []) == .notReached)
    }

    @Test func duplicates() throws {
        #expect(try judge([current, DANELiterals.record(3, 0, 1, about: 1)], one) == .duplicateOnly)
        #expect(try judge([current, DANELiterals.record(3, 1, 2, about: 1)], one) == .duplicateOnly)
        #expect(try judge([current, DANELiterals.record(3, 1, 0, about: 1)], one) == .duplicateOnly)
        // The next key, under a digest that nobody looks at.
        let next = DANELiterals.record(3, 1, 1, about: 2)
        #expect(try judge([DANELiterals.record(3, 1, 2, about: 1), next], one) == .duplicateOnly)
    }

    @Test func aKeyPublishedInAdvance() throws {
        let next = DANELiterals.record(3, 1, 1, about: 2)
        #expect(try judge([current, next], one) == .prepublished)
        #expect(try judge([next, current], one + one) == .prepublished)
        #expect(
            try judge([DANELiterals.record(3, 0, 1, about: 1), DANELiterals.record(3, 1, 1, about: 2)], one)
                == .prepublished)
    }

    @Test func currentAndNextInUse() throws {
        let both: [(chain: DANEChainFacts, type: CertificateFacts.KeyType)] =
            [(DANELiterals.chain([1]), .ec), (DANELiterals.chain([2]), .ec)]
        let next = DANELiterals.record(3, 1, 1, about: 2)
        #expect(try judge([current, next], both) == .currentNext)
        // While one of the addresses fails, nothing is prepared.
        #expect(try judge([current], both) == .none)
        #expect(try judge([current, DANELiterals.record(3, 1, 1, about: 3)], both) == .none)
    }

    @Test func twoKindsOfKeys() throws {
        let pair: [(chain: DANEChainFacts, type: CertificateFacts.KeyType)] =
            [(DANELiterals.chain([1]), .ec), (DANELiterals.chain([2]), .rsa)]
        let rsa = DANELiterals.record(3, 1, 1, about: 2)
        #expect(try judge([current, rsa], pair) == .dualAlgorithm)
        #expect(try judge([current, rsa, DANELiterals.record(3, 1, 1, about: 3)], pair) == .prepublished)
        #expect(try judge([current], pair) == .none)
    }

    @Test func theAuthorityBeside() throws {
        var chain = DANELiterals.chain([1, 2])
        chain.anchorPaths = [DANELiterals.path(.sent(position: 1))]
        let anchor = DANELiterals.record(2, 1, 1, about: 2)
        #expect(try judge([current, anchor], [(chain, .ec)]) == .currentCA)
        #expect(try judge([anchor], [(chain, .ec)]) == .none)
        // The next certificate of this authority would not match where the name does not.
        chain.dnsNames = ["other.example"]
        #expect(try judge([current, anchor], [(chain, .ec)]) == .none)
    }
}
