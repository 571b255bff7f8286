// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations

@testable import TLS

/// A root, an intermediate, a host's certificate, and strangers: what the DANE tests are made of.
struct DANEWorld {
    let root: TestCertificate
    let intermediate: TestCertificate
    let leaf: TestCertificate
    let selfSigned: TestCertificate
    let other: TestCertificate
    let known: KnownAuthorities

    init() throws {
        root = try TestCertificate(.authority("Test Root"))
        intermediate = try TestCertificate(.authority("Test Intermediate"), issuer: root)
        leaf = try TestCertificate(issuer: intermediate)
        selfSigned = try TestCertificate()
        other = try TestCertificate(.authority("Somebody"))
        known = KnownAuthorities([root.der, intermediate.der, other.der])
    }

    /// A record about a certificate.
    func record(_ usage: Int, _ selector: Int, _ matchingType: Int, _ about: TestCertificate) -> TLSARecord {
        let seen = ParsedCertificate(der: about.der)?.comparable
        let data =
            switch (selector, matchingType) {
            case (0, 0): seen?.certificate
            case (0, 1): seen?.certificateSHA256
            case (0, _): seen?.certificateSHA512
            case (_, 0): seen?.publicKey
            case (_, 1): seen?.publicKeySHA256
            default: seen?.publicKeySHA512
            }
        return TLSARecord(
            certificateUsage: usage, selector: selector, matchingType: matchingType, associationData: data ?? [])
    }

    /// The record without its last octet.
    func cut(_ record: TLSARecord) -> TLSARecord {
        TLSARecord(
            certificateUsage: record.certificateUsage, selector: record.selector, matchingType: record.matchingType,
            associationData: record.associationData.dropLast())
    }
}

/// The library's own DANE, without a connection: its verification of a chain with the records of a host.
enum LibraryDANE {
    /// One for all, since it is made slowly; nobody changes it.
    private struct Context: @unchecked Sendable {
        let handle = SSL_CTX_new(TLS_client_method())
        init() {
            SSL_CTX_set_security_level(handle, 0)
            if SSL_CTX_dane_enable(handle) != 1 { ERR_clear_error() }
        }
    }
    private static let shared = Context()

    static func authenticates(
        _ chain: [TestCertificate], _ records: [TLSARecord], name: String, at moment: Timestamp
    ) throws -> (isAuthenticated: Bool, reason: String) {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let context = shared.handle, let ssl = SSL_new(context) else { throw FactoryError("SSL_new") }
        defer { SSL_free(ssl) }
        guard SSL_dane_enable(ssl, name) == 1 else { throw FactoryError("SSL_dane_enable") }
        // RFC 7672 §3.1.1.
        SSL_dane_set_flags(ssl, UInt(DANE_FLAG_NO_DANE_EE_NAMECHECKS))
        var accepted = 0
        for record in records {
            let fields = [record.certificateUsage, record.selector, record.matchingType].map { UInt8(clamping: $0) }
            let result = SSL_dane_tlsa_add(
                ssl, fields[0], fields[1], fields[2], record.associationData, record.associationData.count)
            guard result >= 0 else { throw FactoryError("SSL_dane_tlsa_add") }
            accepted += Int(result)
        }
        // Without a record that can be used there is no DANE.
        guard accepted > 0 else { return (false, "no usable record") }
        guard let untrusted = OPENSSL_sk_new_null() else { throw FactoryError("OPENSSL_sk_new_null") }
        defer { OPENSSL_sk_free(untrusted) }
        for certificate in chain { OPENSSL_sk_push(untrusted, UnsafeRawPointer(certificate.handle)) }
        guard let verification = X509_STORE_CTX_new() else { throw FactoryError("X509_STORE_CTX_new") }
        defer { X509_STORE_CTX_free(verification) }
        guard
            X509_STORE_CTX_init(verification, SSL_CTX_get_cert_store(context), chain[0].handle, untrusted) == 1
        else { throw FactoryError("X509_STORE_CTX_init") }
        X509_STORE_CTX_set_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx(), UnsafeMutableRawPointer(ssl))
        X509_STORE_CTX_set_default(verification, "ssl_server")
        let parameters = X509_STORE_CTX_get0_param(verification)
        X509_VERIFY_PARAM_set1(parameters, SSL_get0_param(ssl))
        X509_VERIFY_PARAM_set_time(parameters, Int(moment.seconds))
        X509_VERIFY_PARAM_set_auth_level(parameters, 0)
        X509_STORE_CTX_set0_dane(verification, SSL_get0_dane(ssl))
        let result = X509_verify_cert(verification)
        let error = X509_STORE_CTX_get_error(verification)
        return (result == 1 && error == X509_V_OK, String(cString: X509_verify_cert_error_string(Int(error))))
    }
}
