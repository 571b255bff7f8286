// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing
import Verdicts

@Suite struct PKIXVerdictTests {
    private func facts(_ findings: [(VerifyCode, Int)], anchor: String? = nil) -> ChainFacts {
        ChainFacts(
            presented: ["aa"], findings: findings.map { ChainFacts.Finding($0.0, depth: $0.1) }, anchor: anchor)
    }

    @Test(arguments: [
        (VerifyCode.certSignatureFailure, 0, PKIXOutcome.signatureBad),
        (.depthZeroSelfSignedCert, 0, .selfSignedLeaf),
        (.selfSignedCertInChain, 1, .selfSignedInChain),
        (.unableToGetIssuerCertLocally, 0, .unknownCA),
        (.unableToVerifyLeafSignature, 0, .unknownCA),
        (.invalidPurpose, 0, .badPurpose),
        (.invalidCA, 1, .badPurpose),
        (.unhandledCriticalExtension, 0, .badExtension),
        (.pathLengthExceeded, 1, .pathLength),
        (.permittedViolation, 0, .nameConstraint),
        (.excludedViolation, 0, .nameConstraint),
        (.certRevoked, 0, .revoked),
        (.certHasExpired, 0, .expiredLeaf),
        (.certHasExpired, 1, .expiredIssuer),
        (.certNotYetValid, 0, .notYetValid),
        (.certNotYetValid, 2, .notYetValid),
        (.errorInCertNotAfterField, 0, .parseError),
        (.caMDTooWeak, 0, .weakSignature),
        (.eeKeyTooSmall, 0, .weakKey),
        (.caKeyTooSmall, 1, .weakKey),
        (.unsupportedSignatureAlgorithm, 0, .other),
        (.unspecified, 0, .other),
    ])
    func oneFinding(_ code: VerifyCode, _ depth: Int, _ expected: PKIXOutcome) {
        let judged = PKIXVerdict.judge(facts([(code, depth)], anchor: "ff"))
        #expect(judged.outcome == expected)
        #expect(judged.codes == [code])
    }

    @Test func orderOfReasons() {
        let all: [(VerifyCode, Int)] = [
            (.eeKeyTooSmall, 0), (.caMDTooWeak, 0), (.certNotYetValid, 1), (.certHasExpired, 1), (.certHasExpired, 0),
            (.certRevoked, 0), (.permittedViolation, 0), (.pathLengthExceeded, 1), (.unhandledCriticalExtension, 0),
            (.invalidPurpose, 0), (.unableToGetIssuerCertLocally, 1), (.selfSignedCertInChain, 1),
            (.depthZeroSelfSignedCert, 0), (.unsupportedSignatureAlgorithm, 0), (.certSignatureFailure, 0),
            (.errorInCertNotAfterField, 0),
        ]
        let expected: [PKIXOutcome] = [
            .weakKey, .weakSignature, .notYetValid, .expiredIssuer, .expiredLeaf, .revoked, .nameConstraint,
            .pathLength,
            .badExtension, .badPurpose, .unknownCA, .selfSignedInChain, .selfSignedLeaf, .other, .signatureBad,
            .parseError,
        ]
        for count in 1...all.count {
            #expect(PKIXVerdict.judge(facts(Array(all.prefix(count)))).outcome == expected[count - 1])
        }
        #expect(PKIXVerdict.judge(facts(all)).codes.count == all.count - 1, "each reason once")
    }

    @Test func anExtensionThatCannotBeReadIsWhyNoIssuerWasFound() {
        let unknown: [(VerifyCode, Int)] = [(.unableToGetIssuerCertLocally, 0), (.invalidExtension, 0)]
        #expect(PKIXVerdict.judge(facts(unknown)).outcome == .badExtension)
        let selfSigned: [(VerifyCode, Int)] = [(.invalidExtension, 0), (.depthZeroSelfSignedCert, 0)]
        #expect(PKIXVerdict.judge(facts(selfSigned)).outcome == .selfSignedLeaf)
    }

    @Test func nothingFound() {
        #expect(PKIXVerdict.judge(facts([], anchor: "ff")).outcome == .valid)
        #expect(PKIXVerdict.judge(facts([])).outcome == .other, "no fault, but no root either: never valid")
        #expect(PKIXVerdict.judge(ChainFacts(presented: [])).outcome == .noCertificate)
        #expect(PKIXVerdict.judge(ChainFacts(presented: ["aa", "bb"], unparsable: [1])).outcome == .parseError)
    }

    @Test func forgottenIntermediate() {
        let presented = facts([(.unableToGetIssuerCertLocally, 0), (.certHasExpired, 0)])
        #expect(PKIXVerdict.judge(presented).outcome == .unknownCA)
        #expect(PKIXVerdict.judge(presented, completions: [presented]).outcome == .unknownCA)
        let reached = facts([(.certHasExpired, 0)], anchor: "ff")
        #expect(PKIXVerdict.judge(presented, completions: [reached]).outcome == .incompleteChain)
        #expect(PKIXVerdict.judge(presented, completions: [presented, reached]).outcome == .incompleteChain)
        let selfSigned = facts([(.depthZeroSelfSignedCert, 0)])
        #expect(PKIXVerdict.judge(selfSigned, completions: [reached]).outcome == .selfSignedLeaf)
    }
    /// A path that ends in a root because somebody's name was used, or in a store that lacks what stands above it, is
    /// not one that a forgotten certificate has broken.
    @Test(arguments: [
        VerifyCode.certSignatureFailure, .unableToGetIssuerCert, .unableToGetIssuerCertLocally, .selfSignedCertInChain,
    ])
    func completionWithAFaultInItsPath(_ fault: VerifyCode) {
        let presented = facts([(.unableToGetIssuerCertLocally, 0)])
        let completed = facts([(fault, 1)], anchor: "ff")
        #expect(PKIXVerdict.judge(presented, completions: [completed]).outcome == .unknownCA)
    }
}
