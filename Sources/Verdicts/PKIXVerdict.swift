// SPDX-License-Identifier: Apache-2.0
public import Observations

/// One word for a chain: the first that holds in the order parse, signature, chain, purpose, dates, weakness. A chain
/// with several faults is called by the one that the others would hide behind: that a certificate of an unknown CA has
/// also expired says nothing about the CA.
public enum PKIXVerdict {
    /// Judges a chain from what verification found out.
    ///
    /// - Parameters:
    ///   - facts: the chain as presented.
    ///   - completions: the same chain with certificates that the scan has seen elsewhere, in each way in which they
    ///     fit; none while the scan is not over. They tell a forgotten intermediate from an unknown CA.
    /// - Returns: the word, and every reason that was found, in the order of discovery.
    public static func judge(
        _ facts: ChainFacts, completions: [ChainFacts] = []
    ) -> (outcome: PKIXOutcome, codes: [VerifyCode]) {
        var codes: [VerifyCode] = []
        for finding in facts.findings where !codes.contains(finding.code) { codes.append(finding.code) }
        return (outcome(facts, completions: completions), codes)
    }

    private static func outcome(_ facts: ChainFacts, completions: [ChainFacts]) -> PKIXOutcome {
        if facts.presented.isEmpty { return .noCertificate }
        if !facts.unparsable.isEmpty { return .parseError }
        let found = facts.findings.map { (group: rank($0), outcome: word($0)) }
        guard let first = found.min(by: { $0.group < $1.group }) else {
            return facts.anchor == nil ? .other : .valid
        }
        if first.outcome == .unknownCA, completions.contains(where: leadsToRoot) { return .incompleteChain }
        return first.outcome
    }

    /// Whether a path ends in a root, signed all the way. What else may be wrong with it is not for want of a certificate.
    private static func leadsToRoot(_ facts: ChainFacts) -> Bool {
        let pathFaults: [PKIXOutcome] = [.signatureBad, .selfSignedLeaf, .selfSignedInChain, .unknownCA]
        return facts.anchor != nil && !facts.findings.contains { pathFaults.contains(word($0)) }
    }

    /// The word for one finding.
    private static func word(_ finding: ChainFacts.Finding) -> PKIXOutcome {
        switch finding.code {
        case .errorInCertNotBeforeField, .errorInCertNotAfterField: .parseError
        case .certSignatureFailure, .unableToDecryptCertSignature, .signatureAlgorithmMismatch,
            .signatureAlgorithmInconsistency:
            .signatureBad
        case .depthZeroSelfSignedCert: .selfSignedLeaf
        case .selfSignedCertInChain: .selfSignedInChain
        case .unableToGetIssuerCert, .unableToGetIssuerCertLocally, .unableToVerifyLeafSignature, .certUntrusted,
            .certRejected, .subjectIssuerMismatch, .akidSkidMismatch, .akidIssuerSerialMismatch:
            .unknownCA
        case .invalidPurpose, .invalidCA, .invalidNonCA, .keyUsageNoCertSign: .badPurpose
        case .unhandledCriticalExtension, .invalidExtension, .invalidPolicyExtension, .unsupportedExtensionFeature,
            .ecKeyExplicitParams:
            .badExtension
        case .pathLengthExceeded, .proxyPathLengthExceeded: .pathLength
        case .permittedViolation, .excludedViolation, .subtreeMinmax, .unsupportedConstraintType,
            .unsupportedConstraintSyntax, .unsupportedNameSyntax:
            .nameConstraint
        case .certRevoked: .revoked
        case .certHasExpired: finding.depth == 0 ? .expiredLeaf : .expiredIssuer
        case .certNotYetValid: .notYetValid
        case .caMDTooWeak: .weakSignature
        case .eeKeyTooSmall, .caKeyTooSmall: .weakKey
        default: .other
        }
    }

    /// Where a finding stands in the order; what has no word of its own comes last, but for signatures of an algorithm
    /// that our library does not know: behind those nothing is certain. An extension that cannot be read is why no issuer
    /// was found for its certificate, or why it was not found as one, so it stands before an unknown issuer.
    private static func rank(_ finding: ChainFacts.Finding) -> Int {
        switch finding.code {
        case .unsupportedSignatureAlgorithm, .unableToDecodeIssuerPublicKey, .noIssuerPublicKey: return 2
        case .invalidExtension: return 5
        default: break
        }
        let order: [[PKIXOutcome]] = [
            [.parseError], [.signatureBad], [],
            [.selfSignedLeaf], [.selfSignedInChain], [], [.unknownCA],
            [.badPurpose], [.badExtension], [.pathLength], [.nameConstraint], [.revoked],
            [.expiredLeaf], [.expiredIssuer], [.notYetValid],
            [.weakSignature], [.weakKey],
        ]
        let outcome = word(finding)
        return order.firstIndex { $0.contains(outcome) } ?? order.count
    }
}
