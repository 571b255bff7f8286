// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations

/// The library's numbers (`X509_V_ERR_…`) and our words, which are the same names.
extension VerifyCode {
    init(number: Int32) {
        self = Self.words[number] ?? .other
    }

    private static let words: [Int32: VerifyCode] = [
        X509_V_ERR_CERT_SIGNATURE_FAILURE: .certSignatureFailure,
        X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE: .unableToDecryptCertSignature,
        X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: .unableToDecodeIssuerPublicKey,
        X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM: .unsupportedSignatureAlgorithm,
        X509_V_ERR_NO_ISSUER_PUBLIC_KEY: .noIssuerPublicKey,
        X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH: .signatureAlgorithmMismatch,
        X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY: .signatureAlgorithmInconsistency,
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT: .unableToGetIssuerCert,
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: .unableToGetIssuerCertLocally,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: .unableToVerifyLeafSignature,
        X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: .depthZeroSelfSignedCert,
        X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: .selfSignedCertInChain,
        X509_V_ERR_CERT_UNTRUSTED: .certUntrusted,
        X509_V_ERR_CERT_REJECTED: .certRejected,
        X509_V_ERR_PATH_LOOP: .pathLoop,
        X509_V_ERR_CERT_CHAIN_TOO_LONG: .certChainTooLong,
        X509_V_ERR_SUBJECT_ISSUER_MISMATCH: .subjectIssuerMismatch,
        X509_V_ERR_AKID_SKID_MISMATCH: .akidSkidMismatch,
        X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH: .akidIssuerSerialMismatch,
        X509_V_ERR_INVALID_PURPOSE: .invalidPurpose,
        X509_V_ERR_INVALID_CA: .invalidCA,
        X509_V_ERR_INVALID_NON_CA: .invalidNonCA,
        X509_V_ERR_KEYUSAGE_NO_CERTSIGN: .keyUsageNoCertSign,
        X509_V_ERR_PATH_LENGTH_EXCEEDED: .pathLengthExceeded,
        X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED: .proxyPathLengthExceeded,
        X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED: .proxyCertificatesNotAllowed,
        X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: .unhandledCriticalExtension,
        X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION: .unhandledCriticalCRLExtension,
        X509_V_ERR_INVALID_EXTENSION: .invalidExtension,
        X509_V_ERR_INVALID_POLICY_EXTENSION: .invalidPolicyExtension,
        X509_V_ERR_NO_EXPLICIT_POLICY: .noExplicitPolicy,
        X509_V_ERR_UNSUPPORTED_EXTENSION_FEATURE: .unsupportedExtensionFeature,
        X509_V_ERR_UNNESTED_RESOURCE: .unnestedResource,
        X509_V_ERR_PERMITTED_VIOLATION: .permittedViolation,
        X509_V_ERR_EXCLUDED_VIOLATION: .excludedViolation,
        X509_V_ERR_SUBTREE_MINMAX: .subtreeMinmax,
        X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE: .unsupportedConstraintType,
        X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX: .unsupportedConstraintSyntax,
        X509_V_ERR_UNSUPPORTED_NAME_SYNTAX: .unsupportedNameSyntax,
        X509_V_ERR_CERT_REVOKED: .certRevoked,
        X509_V_ERR_CERT_NOT_YET_VALID: .certNotYetValid,
        X509_V_ERR_CERT_HAS_EXPIRED: .certHasExpired,
        X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD: .errorInCertNotBeforeField,
        X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD: .errorInCertNotAfterField,
        X509_V_ERR_EE_KEY_TOO_SMALL: .eeKeyTooSmall,
        X509_V_ERR_CA_KEY_TOO_SMALL: .caKeyTooSmall,
        X509_V_ERR_CA_MD_TOO_WEAK: .caMDTooWeak,
        X509_V_ERR_EC_KEY_EXPLICIT_PARAMS: .ecKeyExplicitParams,
        X509_V_ERR_UNSPECIFIED: .unspecified,
    ]
}
