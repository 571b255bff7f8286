// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import Observations

/// Builds the path from a presented chain to a root and checks it (RFC 5280 §6), as a TLS client does that asks for a
/// server's certificate: purpose "server", OpenSSL's authentication level 2 (112 bits: RSA 2048, EC 224, no SHA-1),
/// at a stated time. Names are matched elsewhere. The root's own signature proves nothing and is not held against it.
public enum ChainVerifier {
    /// What verification finds out about a chain.
    ///
    /// - Parameters:
    ///   - chain: DER as presented, the host's certificate first.
    ///   - store: the roots.
    ///   - moment: the time at which the certificates have to be valid.
    /// - Throws: only when the library is out of memory.
    public static func facts(
        chain: [[UInt8]], store: TrustStore, at moment: Timestamp
    ) throws(TLSLibraryError) -> ChainFacts {
        try facts(chain: chain, helpedBy: [], store: store, at: moment)
    }

    /// As if the server had also sent these.
    static func facts(
        chain: [[UInt8]], helpedBy extras: [ParsedCertificate], store: TrustStore, at moment: Timestamp
    ) throws(TLSLibraryError) -> ChainFacts {
        let parsed = chain.map { ParsedCertificate(der: $0) }
        var facts = ChainFacts(
            presented: zip(chain, parsed).map { der, certificate in
                certificate?.sha256 ?? der.withUnsafeBytes { Hex.sha256($0) }
            })
        facts.unparsable = parsed.indices.filter { parsed[$0] == nil }
        guard let leaf = parsed.first.flatMap({ $0 }) else { return facts }
        let others = parsed.dropFirst().compactMap { $0 } + extras
        let verification = try Verification(leaf: leaf, untrusted: others, store: store, at: moment)
        try verification.run(into: &facts, roots: store.roots)
        if !facts.findings.isEmpty { facts.findings += unreadableExtensions(facts, in: parsed.compactMap { $0 }) }
        return facts
    }

    /// To the library a certificate of which it cannot read an extension, or which has one twice (RFC 5280 §4.2), has
    /// issued nothing and was issued by nobody: it says that an issuer is missing, and not why.
    private static func unreadableExtensions(
        _ facts: ChainFacts, in presented: [ParsedCertificate]
    ) -> [ChainFacts.Finding] {
        let path = facts.path.compactMap { link in presented.first { $0.sha256 == link.sha256 } }
        var unreadable = path.enumerated().filter { $0.element.isUnreadable }.map(\.offset)
        if let top = path.last, presented.contains(where: { $0.isUnreadable && $0.isNamed(asIssuerOf: top) }) {
            unreadable.append(path.count)
        }
        return unreadable.map {
            ChainFacts.Finding(.invalidExtension, number: Int(X509_V_ERR_INVALID_EXTENSION), depth: $0)
        }
    }
}

extension ParsedCertificate {
    fileprivate var isUnreadable: Bool { hasFlag(UInt32(EXFLAG_INVALID)) }

    fileprivate func isNamed(asIssuerOf certificate: ParsedCertificate) -> Bool {
        X509_NAME_cmp(X509_get_subject_name(handle), X509_get_issuer_name(certificate.handle)) == 0
    }
}

/// One run of X509_verify_cert and what it needs.
private struct Verification: ~Copyable {
    private let context: OpaquePointer
    private let untrusted: OpaquePointer
    private let others: [ParsedCertificate]
    private let leaf: ParsedCertificate

    init(leaf: ParsedCertificate, untrusted others: [ParsedCertificate], store: TrustStore, at moment: Timestamp)
        throws(TLSLibraryError)
    {
        ErrorQueue.clear()
        guard let untrusted = OPENSSL_sk_new_null() else { throw TLSLibraryError("OPENSSL_sk_new_null") }
        for certificate in others { OPENSSL_sk_push(untrusted, UnsafeRawPointer(certificate.handle)) }
        guard let context = X509_STORE_CTX_new(),
            X509_STORE_CTX_init(context, store.handle, leaf.handle, untrusted) == 1
        else {
            OPENSSL_sk_free(untrusted)
            throw TLSLibraryError("X509_STORE_CTX_init")
        }
        X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER)
        let parameters = X509_STORE_CTX_get0_param(context)
        X509_VERIFY_PARAM_set_time(parameters, Int(moment.seconds))
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        // A leaf that names itself as its issuer must be signed by itself. For roots the question is idle.
        if leaf.hasFlag(UInt32(EXFLAG_SS)) {
            X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_CHECK_SS_SIGNATURE))
        }
        self.context = context
        self.untrusted = untrusted
        self.others = others
        self.leaf = leaf
    }

    deinit {
        X509_STORE_CTX_free(context)
        OPENSSL_sk_free(untrusted)
    }

    /// Goes on past every fault and lists them all.
    borrowing func run(into facts: inout ChainFacts, roots: Set<String>) throws(TLSLibraryError) {
        var findings: [ChainFacts.Finding] = []
        let result = withUnsafeMutablePointer(to: &findings) { list in
            X509_STORE_CTX_set_ex_data(context, 0, list)
            X509_STORE_CTX_set_verify_cb(context) { ok, context in
                guard ok == 0, let context, let list = X509_STORE_CTX_get_ex_data(context, 0) else { return 1 }
                let findings = list.assumingMemoryBound(to: [ChainFacts.Finding].self)
                let finding = Verification.finding(of: context)
                if !findings.pointee.contains(finding) { findings.pointee.append(finding) }
                // A weak key is noticed before the path is built; left standing, the library would take it for the reason
                // that no root was reached, and not say that none was.
                X509_STORE_CTX_set_error(context, X509_V_OK)
                return 1
            }
            return X509_verify_cert(context)
        }
        let error = X509_STORE_CTX_get_error(context)
        if error == X509_V_ERR_OUT_OF_MEM { throw TLSLibraryError("X509_verify_cert") }
        if result != 1, findings.isEmpty { findings.append(Self.finding(of: context)) }
        ErrorQueue.clear()
        facts.findings = findings
        facts.path = path
        facts.anchor = facts.path.last.flatMap { roots.contains($0.sha256) ? $0.sha256 : nil }
    }

    /// The fault that verification is at. The library calls a signature bad, and a key small, when it does not know the
    /// algorithm: that is its own limit, and is said so.
    private static func finding(of context: OpaquePointer) -> ChainFacts.Finding {
        var number = X509_STORE_CTX_get_error(context)
        var code = VerifyCode(number: number)
        if let x509 = X509_STORE_CTX_get_current_cert(context) {
            switch number {
            case X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_CA_MD_TOO_WEAK:
                guard X509_get_signature_info(x509, nil, nil, nil, nil) != 1 else { break }
                number = X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM
                code = .unsupportedSignatureAlgorithm
            case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL:
                if X509_get0_pubkey(x509) == nil { code = .other }
            default:
                break
            }
        }
        let depth = X509_STORE_CTX_get_error_depth(context)
        return ChainFacts.Finding(code, number: Int(number), depth: Int(depth))
    }

    private var path: [ChainFacts.Link] {
        guard let chain = X509_STORE_CTX_get0_chain(context) else { return [] }
        return (0..<max(0, OPENSSL_sk_num(chain))).compactMap { index in
            guard let x509 = OPENSSL_sk_value(chain, index).map({ OpaquePointer($0) }), X509_up_ref(x509) == 1
            else { return nil }
            let certificate = ParsedCertificate(owning: x509)
            return ChainFacts.Link(
                sha256: certificate.sha256, notBefore: certificate.validFrom, notAfter: certificate.validUntil,
                isSelfSigned: certificate.hasFlag(UInt32(EXFLAG_SS)))
        }
    }
}
