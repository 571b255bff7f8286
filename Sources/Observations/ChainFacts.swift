// SPDX-License-Identifier: Apache-2.0

/// What verification found out about a presented chain (RFC 5280 §6), names ignored: facts, no verdict.
///
/// The verifier does not stop at the first fault: every finding is listed with the place in the path where it was made,
/// so that a rule which weighs them otherwise can be applied to an old scan.
public struct ChainFacts: Hashable, Sendable {
    /// One fault and where it is.
    public struct Finding: Hashable, Sendable {
        /// What was found.
        public var code: VerifyCode
        /// The library's number, which says more where `code` is `other`.
        public var number: Int
        /// The place in the path: 0 is the host's certificate.
        public var depth: Int

        /// A finding at a depth.
        public init(_ code: VerifyCode, number: Int = 0, depth: Int) {
            self.code = code
            self.number = number
            self.depth = depth
        }
    }

    /// One certificate of the path that was built.
    public struct Link: Hashable, Sendable {
        /// SHA-256 of the certificate, lower-case hex.
        public var sha256: String
        /// Valid from.
        public var notBefore: Timestamp?
        /// Valid until.
        public var notAfter: Timestamp?
        /// It names itself as its issuer; that its own key signed it too is checked for the host's certificate only.
        public var isSelfSigned: Bool

        /// A link with its dates.
        public init(sha256: String, notBefore: Timestamp?, notAfter: Timestamp?, isSelfSigned: Bool) {
            self.sha256 = sha256
            self.notBefore = notBefore
            self.notAfter = notAfter
            self.isSelfSigned = isSelfSigned
        }
    }

    /// SHA-256 of the certificates as presented, lower-case hex, the host's first.
    public var presented: [String]
    /// Places in `presented` that hold no certificate.
    public var unparsable: [Int]
    /// Every fault, in the order of discovery.
    public var findings: [Finding]
    /// The path that was built, from the host's certificate up, as far as it reached.
    public var path: [Link]
    /// The root of the store in which the path ends; nil where it does not reach one.
    public var anchor: String?

    /// Facts about a chain.
    public init(
        presented: [String], unparsable: [Int] = [], findings: [Finding] = [], path: [Link] = [], anchor: String? = nil
    ) {
        self.presented = presented
        self.unparsable = unparsable
        self.findings = findings
        self.path = path
        self.anchor = anchor
    }
}

/// OpenSSL's reasons, by the names of its manual without `X509_V_ERR_`: the words of `pkix_codes`.
public enum VerifyCode: String, CaseIterable, Hashable, Sendable {
    // Signatures
    case certSignatureFailure = "CERT_SIGNATURE_FAILURE"
    case unableToDecryptCertSignature = "UNABLE_TO_DECRYPT_CERT_SIGNATURE"
    case unableToDecodeIssuerPublicKey = "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY"
    case unsupportedSignatureAlgorithm = "UNSUPPORTED_SIGNATURE_ALGORITHM"
    case noIssuerPublicKey = "NO_ISSUER_PUBLIC_KEY"
    case signatureAlgorithmMismatch = "SIGNATURE_ALGORITHM_MISMATCH"
    case signatureAlgorithmInconsistency = "SIGNATURE_ALGORITHM_INCONSISTENCY"
    // The chain
    case unableToGetIssuerCert = "UNABLE_TO_GET_ISSUER_CERT"
    case unableToGetIssuerCertLocally = "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"
    case unableToVerifyLeafSignature = "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
    case depthZeroSelfSignedCert = "DEPTH_ZERO_SELF_SIGNED_CERT"
    case selfSignedCertInChain = "SELF_SIGNED_CERT_IN_CHAIN"
    case certUntrusted = "CERT_UNTRUSTED"
    case certRejected = "CERT_REJECTED"
    case pathLoop = "PATH_LOOP"
    case certChainTooLong = "CERT_CHAIN_TOO_LONG"
    case subjectIssuerMismatch = "SUBJECT_ISSUER_MISMATCH"
    case akidSkidMismatch = "AKID_SKID_MISMATCH"
    case akidIssuerSerialMismatch = "AKID_ISSUER_SERIAL_MISMATCH"
    // What a certificate may be used for
    case invalidPurpose = "INVALID_PURPOSE"
    case invalidCA = "INVALID_CA"
    case invalidNonCA = "INVALID_NON_CA"
    case keyUsageNoCertSign = "KEYUSAGE_NO_CERTSIGN"
    case pathLengthExceeded = "PATH_LENGTH_EXCEEDED"
    case proxyPathLengthExceeded = "PROXY_PATH_LENGTH_EXCEEDED"
    case proxyCertificatesNotAllowed = "PROXY_CERTIFICATES_NOT_ALLOWED"
    case unhandledCriticalExtension = "UNHANDLED_CRITICAL_EXTENSION"
    case unhandledCriticalCRLExtension = "UNHANDLED_CRITICAL_CRL_EXTENSION"
    case invalidExtension = "INVALID_EXTENSION"
    case invalidPolicyExtension = "INVALID_POLICY_EXTENSION"
    case noExplicitPolicy = "NO_EXPLICIT_POLICY"
    case unsupportedExtensionFeature = "UNSUPPORTED_EXTENSION_FEATURE"
    case unnestedResource = "UNNESTED_RESOURCE"
    case permittedViolation = "PERMITTED_VIOLATION"
    case excludedViolation = "EXCLUDED_VIOLATION"
    case subtreeMinmax = "SUBTREE_MINMAX"
    case unsupportedConstraintType = "UNSUPPORTED_CONSTRAINT_TYPE"
    case unsupportedConstraintSyntax = "UNSUPPORTED_CONSTRAINT_SYNTAX"
    case unsupportedNameSyntax = "UNSUPPORTED_NAME_SYNTAX"
    case certRevoked = "CERT_REVOKED"
    // Dates
    case certNotYetValid = "CERT_NOT_YET_VALID"
    case certHasExpired = "CERT_HAS_EXPIRED"
    case errorInCertNotBeforeField = "ERROR_IN_CERT_NOT_BEFORE_FIELD"
    case errorInCertNotAfterField = "ERROR_IN_CERT_NOT_AFTER_FIELD"
    // Weakness, at authentication level 2
    case eeKeyTooSmall = "EE_KEY_TOO_SMALL"
    case caKeyTooSmall = "CA_KEY_TOO_SMALL"
    case caMDTooWeak = "CA_MD_TOO_WEAK"
    case ecKeyExplicitParams = "EC_KEY_EXPLICIT_PARAMS"
    // The rest
    case unspecified = "UNSPECIFIED"
    /// A reason that has no word here; its number stands beside.
    case other = "OTHER"
}
