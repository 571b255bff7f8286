// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import Observations

/// Reads what a certificate says into values. To be called once per distinct certificate.
public enum CertificateReader {
    /// The facts of one certificate in DER; nil where the bytes are no certificate.
    public static func read(_ der: [UInt8]) -> CertificateFacts? {
        guard let certificate = ParsedCertificate(der: der) else { return nil }
        defer { ErrorQueue.clear() }
        let x509 = certificate.handle
        var facts = CertificateFacts(sha256: certificate.sha256, spkiSHA256: spkiSHA256(x509))
        let commonNames = DistinguishedName.commonNames(X509_get_subject_name(x509))
        facts.subjectCN = commonNames.last.flatMap { $0.contains("@") ? nil : $0 }
        facts.subjectDN = DistinguishedName.text(X509_get_subject_name(x509))
        facts.issuerDN = DistinguishedName.text(X509_get_issuer_name(x509))
        facts.serial = serial(x509)
        facts.notBefore = certificate.validFrom
        facts.notAfter = certificate.validUntil
        facts.signatureAlgorithm = signatureAlgorithm(x509)
        (facts.keyType, facts.keyBits, facts.curve) = key(x509)
        (facts.sanDNS, facts.sanCount) = alternativeNames(x509)
        facts.hostCNs = facts.sanCount == nil ? [] : commonNames.filter { !$0.isEmpty && !$0.contains("@") }
        facts.isCA = certificate.hasFlag(UInt32(EXFLAG_CA))
        facts.isSelfSigned = certificate.isSelfSigned
        facts.sctCount = timestampCount(x509)
        facts.hasOCSPURL = hasOCSPURL(x509)
        return facts
    }

    private static func spkiSHA256(_ x509: OpaquePointer) -> String {
        var der: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der)
        guard count > 0, let der else { return "" }
        defer { CRYPTO_free(der, #fileID, #line) }
        return Hex.sha256(UnsafeRawBufferPointer(start: der, count: Int(count)))
    }

    private static func serial(_ x509: OpaquePointer) -> String {
        guard let serial = X509_get0_serialNumber(x509) else { return "" }
        let sign = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER ? "-" : ""
        return sign + Hex.lower(ASN1Text.bytes(serial))
    }

    private static func signatureAlgorithm(_ x509: OpaquePointer) -> String {
        let nid = X509_get_signature_nid(x509)
        if nid != NID_undef, let name = OBJ_nid2ln(nid) { return String(cString: name) }
        var identifier: OpaquePointer?
        X509_ALGOR_get0(&identifier, nil, nil, X509_get0_tbs_sigalg(x509))
        return ASN1Text.dotted(identifier)
    }

    private static func key(_ x509: OpaquePointer) -> (CertificateFacts.KeyType, Int?, String?) {
        guard let key = X509_get0_pubkey(x509) else {
            // ML-DSA-44, -65 and -87 (RFC 9881 §2): newer than many a library.
            var identifier: OpaquePointer?
            X509_PUBKEY_get0_param(&identifier, nil, nil, nil, X509_get_X509_PUBKEY(x509))
            let mlDSA: Set = ["2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.3.19"]
            return (mlDSA.contains(ASN1Text.dotted(identifier)) ? .mlDSA : .other, nil, nil)
        }
        let bits = Int(EVP_PKEY_get_bits(key))
        return switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS: (.rsa, bits, nil)
        case EVP_PKEY_EC: (.ec, bits, CurveName.iana(of: key))
        case EVP_PKEY_ED25519: (.ed25519, bits, nil)
        case EVP_PKEY_ED448: (.ed448, bits, nil)
        case EVP_PKEY_DSA: (.dsa, bits, nil)
        default: (.other, bits, nil)
        }
    }

    /// No count where there are names that cannot be read: the extension is malformed, or there twice (RFC 5280 §4.2).
    private static func alternativeNames(_ x509: OpaquePointer) -> (dns: [String], count: Int?) {
        var presence: Int32 = 0
        guard let names = X509_get_ext_d2i(x509, NID_subject_alt_name, &presence, nil)
        else { return ([], presence == -1 ? 0 : nil) }
        let stack = OpaquePointer(names)
        defer { GENERAL_NAMES_free(stack) }
        let count = OPENSSL_sk_num(stack)
        var dns: [String] = []
        for index in 0..<max(0, count) {
            guard let name = OPENSSL_sk_value(stack, index)?.assumingMemoryBound(to: GENERAL_NAME.self),
                name.pointee.type == GEN_DNS, let text = name.pointee.d.dNSName
            else { continue }
            dns.append(ASN1Text.printable(ASN1Text.bytes(text)).lowercased())
        }
        return (dns, Int(count))
    }

    private static func timestampCount(_ x509: OpaquePointer) -> Int {
        guard let list = X509_get_ext_d2i(x509, NID_ct_precert_scts, nil, nil) else { return 0 }
        let stack = OpaquePointer(list)
        defer { SCT_LIST_free(stack) }
        return Int(OPENSSL_sk_num(stack))
    }

    private static func hasOCSPURL(_ x509: OpaquePointer) -> Bool {
        guard let urls = X509_get1_ocsp(x509) else { return false }
        defer { X509_email_free(urls) }
        return OPENSSL_sk_num(urls) > 0
    }
}
