// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations

/// One path from a host's certificate to an anchor that a TLSA record names (RFC 7671 §5.2): the anchor is believed
/// whatever it is, an intermediate too; every certificate below it must be what RFC 5280 §6 wants.
///
/// It is a path that is looked for, not the only one that a hurried sender would try: where a chain holds two certificates
/// of one name, OpenSSL's own DANE follows one of them, and misses an anchor above the other.
///
/// Dates are left to those who judge. So is strength: a record names the anchor, and mail senders that use DANE take the
/// keys and digests that come with it.
struct AnchorVerification: ~Copyable {
    /// What one run found.
    struct Path {
        /// From the host's certificate to the anchor; none where there is no way.
        var links: [ChainFacts.Link] = []
        var findings: [ChainFacts.Finding] = []
        /// Signatures that were checked, one for each certificate on the way, wherever it led.
        var checks = 0
    }

    /// The library goes no further: a host's certificate, a hundred authorities, and an anchor.
    static let longestPath = 102

    private let store: OpaquePointer
    private let untrusted: OpaquePointer
    private let context: OpaquePointer
    private let anchor: ParsedCertificate
    // The library holds no references of its own to these.
    private let certificates: [ParsedCertificate]

    init(leaf: ParsedCertificate, untrusted others: [ParsedCertificate], anchor: ParsedCertificate)
        throws(TLSLibraryError)
    {
        ErrorQueue.clear()
        let store = X509_STORE_new()
        let untrusted = OPENSSL_sk_new_null()
        let context = X509_STORE_CTX_new()
        for certificate in others { OPENSSL_sk_push(untrusted, UnsafeRawPointer(certificate.handle)) }
        guard let store, let untrusted, let context, X509_STORE_add_cert(store, anchor.handle) == 1,
            X509_STORE_CTX_init(context, store, leaf.handle, untrusted) == 1
        else {
            X509_STORE_CTX_free(context)
            OPENSSL_sk_free(untrusted)
            X509_STORE_free(store)
            throw TLSLibraryError("X509_STORE_CTX_init")
        }
        X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER)
        let parameters = X509_STORE_CTX_get0_param(context)
        X509_VERIFY_PARAM_set_auth_level(parameters, 0)
        X509_VERIFY_PARAM_set_flags(
            parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN) | UInt(X509_V_FLAG_NO_CHECK_TIME))
        self.store = store
        self.untrusted = untrusted
        self.context = context
        self.anchor = anchor
        certificates = [leaf] + others
    }

    deinit {
        X509_STORE_CTX_free(context)
        OPENSSL_sk_free(untrusted)
        X509_STORE_free(store)
    }

    /// The path and its faults; no links where it does not reach the anchor.
    borrowing func run() throws(TLSLibraryError) -> Path {
        var findings: [ChainFacts.Finding] = []
        let result = withUnsafeMutablePointer(to: &findings) { list in
            X509_STORE_CTX_set_ex_data(context, 0, list)
            X509_STORE_CTX_set_verify_cb(context) { ok, context in
                guard ok == 0, let context, let list = X509_STORE_CTX_get_ex_data(context, 0) else { return 1 }
                let findings = list.assumingMemoryBound(to: [ChainFacts.Finding].self)
                let finding = AnchorVerification.finding(of: context)
                if !findings.pointee.contains(finding) { findings.pointee.append(finding) }
                return 1
            }
            return X509_verify_cert(context)
        }
        if X509_STORE_CTX_get_error(context) == X509_V_ERR_OUT_OF_MEM { throw TLSLibraryError("X509_verify_cert") }
        if result != 1, findings.isEmpty { findings.append(Self.finding(of: context)) }
        ErrorQueue.clear()
        let links = path
        return Path(
            links: links.last?.sha256 == anchor.sha256 ? links : [], findings: findings, checks: links.count)
    }

    private static func finding(of context: OpaquePointer) -> ChainFacts.Finding {
        let number = X509_STORE_CTX_get_error(context)
        let depth = X509_STORE_CTX_get_error_depth(context)
        return ChainFacts.Finding(VerifyCode(number: number), number: Int(number), depth: Int(depth))
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

/// A trust anchor that is nothing but a public key (`2 1 0`).
struct AnchorKey: ~Copyable {
    private let handle: OpaquePointer

    /// Reads SubjectPublicKeyInfo; nil where it is none, or of an algorithm that the library does not know.
    init?(der: [UInt8]) {
        guard let info = Self.info(der) else { return nil }
        defer { X509_PUBKEY_free(info) }
        defer { ErrorQueue.clear() }
        guard let handle = X509_PUBKEY_get(info) else { return nil }
        self.handle = handle
    }

    deinit { EVP_PKEY_free(handle) }

    /// Whether the certificate bears a signature of this key.
    borrowing func signed(_ certificate: ParsedCertificate) -> Bool {
        defer { ErrorQueue.clear() }
        return X509_verify(certificate.handle, handle) == 1
    }

    /// Whether the bytes are SubjectPublicKeyInfo, and nothing behind it, of whatever algorithm.
    static func isPublicKey(_ der: [UInt8]) -> Bool {
        guard let info = info(der) else { return false }
        X509_PUBKEY_free(info)
        return true
    }

    private static func info(_ der: [UInt8]) -> OpaquePointer? {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        var handle: OpaquePointer?
        var consumed = 0
        der.withUnsafeBufferPointer { buffer in
            var next = buffer.baseAddress
            handle = d2i_X509_PUBKEY(nil, &next, buffer.count)
            if let next, let start = buffer.baseAddress { consumed = next - start }
        }
        guard let handle else { return nil }
        guard consumed == der.count else {
            X509_PUBKEY_free(handle)
            return nil
        }
        return handle
    }
}
