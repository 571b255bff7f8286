// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing
import Verdicts

/// Chains of literals: a certificate's data are its number, repeated.
@Suite struct DANEVerdictTests {
    private func judge(
        _ records: [TLSARecord], _ chain: DANEChainFacts, name: String = "mx.example", at: String = "2025-06-01"
    ) throws -> DANEVerdict {
        let moment = try #require(Timestamp(rfc3339: at))
        let name = try DomainName(name)
        return DANEVerdict.judge(
            records: records, chain: chain, names: DANEReferenceNames(base: name, mxHost: name), at: moment)
    }

    @Test func hostRecords() throws {
        let chain = DANELiterals.chain([1])
        for (selector, matchingType) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
            let right = DANELiterals.record(3, selector, matchingType, about: 1)
            let wrong = DANELiterals.record(3, selector, matchingType, about: 2)
            #expect(try judge([wrong, right], chain) == DANEVerdict(outcome: .matchEE, matched: [1]))
            #expect(try judge([wrong], chain) == DANEVerdict(outcome: .mismatch, matched: []))
            // Neither the name nor the date counts.
            #expect(try judge([right], chain, name: "x.test", at: "2099-01-01").outcome == .matchEE)
        }
        #expect(
            try judge([DANELiterals.record(3, 1, 1, about: 1)], DANEChainFacts(certificates: [])).outcome == .mismatch)
        // Not what stands above.
        #expect(try judge([DANELiterals.record(3, 1, 1, about: 2)], DANELiterals.chain([1, 2])).outcome == .mismatch)
    }

    @Test func shadowedRecordsDoNotMatch() throws {
        let chain = DANELiterals.chain([1])
        let weak = DANELiterals.record(3, 1, 1, about: 1)
        #expect(try judge([weak, DANELiterals.record(3, 1, 2, about: 9)], chain).outcome == .mismatch)
        #expect(try judge([DANELiterals.record(3, 1, 2, about: 1), weak], chain).matched == [0])
    }

    @Test func nothingToJudgeBy() throws {
        let chain = DANELiterals.chain([1])
        #expect(try judge([], chain).outcome == .unusable)
        #expect(try judge([DANELiterals.record(1, 1, 1, about: 1)], chain).outcome == .unusable)
        let mixed = [DANELiterals.record(1, 1, 1, about: 1), DANELiterals.record(3, 1, 1, about: 9)]
        #expect(try judge(mixed, chain).outcome == .mismatch)
    }

    @Test func trustAnchors() throws {
        var chain = DANELiterals.chain([1, 2])
        let anchor = [DANELiterals.record(2, 0, 1, about: 2)]
        // Sent, but nothing says that it is above the host's.
        #expect(try judge(anchor, chain).outcome == .mismatch)
        let path = DANELiterals.path(.sent(position: 1))
        chain.anchorPaths = [path]
        #expect(try judge(anchor, chain) == DANEVerdict(outcome: .matchTA, matched: [0]))
        #expect(try judge(anchor, chain, name: "other.example").outcome == .taNameMismatch)
        #expect(try judge([DANELiterals.record(2, 0, 1, about: 1)], chain).outcome == .mismatch)
        #expect(try judge([DANELiterals.record(2, 0, 1, about: 3)], chain).outcome == .mismatch)

        chain.anchorPaths = [DANELiterals.path(.sent(position: 1), fault: .certSignatureFailure)]
        #expect(try judge(anchor, chain).outcome == .taChainAbsentOrExpired)
        #expect(try judge(anchor, chain, name: "other.example").outcome == .taChainAbsentOrExpired)
        // Of two ways one that holds is enough.
        chain.anchorPaths.append(path)
        #expect(try judge(anchor, chain).outcome == .matchTA)
        chain.anchorPaths = [DANEChainFacts.AnchorPath(anchor: .sent(position: 1), links: [])]
        #expect(try judge(anchor, chain).outcome == .taChainAbsentOrExpired)
        // A path that claims the host's own certificate as its anchor, or a place that is none.
        chain.anchorPaths = [DANELiterals.path(.sent(position: 0)), DANELiterals.path(.sent(position: 7))]
        #expect(try judge([DANELiterals.record(2, 0, 1, about: 1)], chain).outcome == .mismatch)
    }

    @Test func trustAnchorsThatWereNotSent() throws {
        var chain = DANELiterals.chain([1])
        for selector in 0...1 {
            let full = DANELiterals.record(2, selector, 0, about: 5)
            chain.anchorPaths = [DANELiterals.path(.given(selector: selector, data: full.associationData))]
            #expect(try judge([full], chain).outcome == .matchTA)
            #expect(try judge([DANELiterals.record(2, 1 - selector, 0, about: 5)], chain).outcome == .mismatch)
            #expect(try judge([DANELiterals.record(2, selector, 1, about: 5)], chain).outcome == .mismatch)
        }
        chain.anchorPaths = [DANELiterals.path(.missing(DANELiterals.certificate(5)))]
        #expect(try judge([DANELiterals.record(2, 1, 2, about: 5)], chain).outcome == .taChainAbsentOrExpired)
        #expect(try judge([DANELiterals.record(2, 1, 2, about: 6)], chain).outcome == .mismatch)
    }

    @Test func theBestRecordDecides() throws {
        var chain = DANELiterals.chain([1, 2])
        chain.anchorPaths = [DANELiterals.path(.sent(position: 1))]
        let host = DANELiterals.record(3, 1, 1, about: 1)
        let anchor = DANELiterals.record(2, 1, 1, about: 2)
        #expect(try judge([anchor, host], chain) == DANEVerdict(outcome: .matchEE, matched: [0, 1]))
        #expect(try judge([anchor, host], chain, name: "x.test") == DANEVerdict(outcome: .matchEE, matched: [1]))
        let wrong = DANELiterals.record(3, 1, 1, about: 9)
        #expect(try judge([wrong, anchor], chain, name: "x.test").outcome == .taNameMismatch)
    }

    @Test func dates() throws {
        var chain = DANELiterals.chain([1, 2])
        let anchor = [DANELiterals.record(2, 0, 1, about: 2)]
        func outcome(_ at: String, anchorUntil: String, selfSigned: Bool) throws -> DANEOutcome {
            chain.anchorPaths = [
                DANELiterals.path(.sent(position: 1), anchorUntil: anchorUntil, isAnchorSelfSigned: selfSigned)
            ]
            return try judge(anchor, chain, at: at).outcome
        }
        #expect(
            try outcome("2024-12-31T23:59:59Z", anchorUntil: "2030-01-01", selfSigned: false) == .taChainAbsentOrExpired
        )
        #expect(try outcome("2025-01-01", anchorUntil: "2030-01-01", selfSigned: false) == .matchTA)
        #expect(try outcome("2025-12-31T23:59:59Z", anchorUntil: "2030-01-01", selfSigned: false) == .matchTA)
        #expect(try outcome("2026-01-01", anchorUntil: "2030-01-01", selfSigned: false) == .taChainAbsentOrExpired)
        #expect(try outcome("2025-06-01", anchorUntil: "2025-02-01", selfSigned: false) == .matchTA)
        #expect(try outcome("2025-06-01", anchorUntil: "2025-02-01", selfSigned: true) == .taChainAbsentOrExpired)
        // A date that nobody can read is no good one.
        chain.anchorPaths = [
            DANEChainFacts.AnchorPath(
                anchor: .sent(position: 1),
                links: [
                    ChainFacts.Link(sha256: "a", notBefore: nil, notAfter: nil, isSelfSigned: false),
                    ChainFacts.Link(sha256: "b", notBefore: nil, notAfter: nil, isSelfSigned: false),
                ])
        ]
        #expect(try judge(anchor, chain).outcome == .taChainAbsentOrExpired)
    }

    @Test func names() throws {
        let base = try DomainName("mail.provider.example")
        let alias = try DomainName("mx.example")
        let domain = try DomainName("example")
        #expect(DANEReferenceNames(base: base, mxHost: base).names == [base])
        #expect(DANEReferenceNames(base: base, mxHost: alias).names == [base, alias])
        for security: Security in [.insecure, .bogus, .indeterminate, .notValidated, .notMeasured] {
            let names = DANEReferenceNames(base: base, mxHost: base, nextHop: domain, mxSecurity: security)
            #expect(names.names == [base])
        }
        let all = DANEReferenceNames(base: base, mxHost: alias, nextHop: domain, mxSecurity: .secure)
        #expect(all.names == [base, alias, domain])
        #expect(DANEReferenceNames(base: base, mxHost: alias, nextHop: alias, mxSecurity: .secure).names.count == 2)

        var chain = DANELiterals.chain([1, 2])
        chain.anchorPaths = [DANELiterals.path(.sent(position: 1))]
        chain.dnsNames = ["example"]
        let moment = try #require(Timestamp(rfc3339: "2025-06-01"))
        let records = [DANELiterals.record(2, 0, 1, about: 2)]
        #expect(DANEVerdict.judge(records: records, chain: chain, names: all, at: moment).outcome == .matchTA)
        let without = DANEReferenceNames(base: base, mxHost: alias, nextHop: domain, mxSecurity: .insecure)
        #expect(
            DANEVerdict.judge(records: records, chain: chain, names: without, at: moment).outcome == .taNameMismatch)
        // The common name counts where there is nothing else.
        chain.commonNames = ["mx.example", "else.test"]
        #expect(try judge(records, chain).outcome == .taNameMismatch)
        chain.dnsNames = []
        #expect(try judge(records, chain).outcome == .matchTA)
        chain.commonNames = []
        #expect(try judge(records, chain).outcome == .taNameMismatch)
    }
}
