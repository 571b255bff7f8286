// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations

/// A key pair made for a test.
final class TestKey: Sendable {
    enum Kind: Hashable {
        case ec(String)
        case rsa(Int)
        case rsaPSS(Int)
        case ed25519
        case ed448
        case dsa
        /// A key that signs nothing in TLS, by the library's name: `X25519`, `X448`, `DH`, `SM2`.
        case foreign(String)
    }

    nonisolated(unsafe) let handle: OpaquePointer

    /// One key for all who just need an RSA key: to search for its primes takes longer than everything else here.
    static let rsa2048 = Result { try TestKey(.rsa(2048)) }

    init(_ kind: Kind) throws {
        let (name, configure): (String, (OpaquePointer) -> Int32) =
            switch kind {
            case .ec(let curve): ("EC", { EVP_PKEY_CTX_set_group_name($0, curve) })
            case .rsa(let bits): ("RSA", { EVP_PKEY_CTX_set_rsa_keygen_bits($0, Int32(bits)) })
            case .rsaPSS(let bits): ("RSA-PSS", { EVP_PKEY_CTX_set_rsa_keygen_bits($0, Int32(bits)) })
            case .ed25519: ("ED25519", { _ in 1 })
            case .ed448: ("ED448", { _ in 1 })
            case .dsa: ("DSA", { _ in 1 })
            case .foreign("DH"): ("DH", { EVP_PKEY_CTX_set_group_name($0, "ffdhe2048") })
            case .foreign(let name): (name, { _ in 1 })
            }
        let parameters = kind == .dsa ? try Self.dsaParameters() : nil
        defer { EVP_PKEY_free(parameters) }
        let context = try made(
            parameters == nil
                ? EVP_PKEY_CTX_new_from_name(nil, name, nil) : EVP_PKEY_CTX_new_from_pkey(nil, parameters, nil),
            "EVP_PKEY_CTX_new")
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, configure(context) == 1, EVP_PKEY_keygen(context, &key) == 1
        else { throw FactoryError("EVP_PKEY_keygen") }
        handle = try made(key, "EVP_PKEY_keygen")
    }

    deinit { EVP_PKEY_free(handle) }

    private static func dsaParameters() throws -> OpaquePointer {
        let bio = try made(BIO_new(BIO_s_mem()), "BIO_new")
        defer { BIO_free(bio) }
        BIO_puts(bio, dsaParametersPEM)
        return try made(PEM_read_bio_Parameters(bio, nil), "PEM_read_bio_Parameters")
    }

    /// Public numbers that any key may share; to search for such primes takes seconds.
    private static let dsaParametersPEM = """
        -----BEGIN DSA PARAMETERS-----
        MIIBJwKBgQDBcgAfZBz3LhOqmX1ioRicvgsp2SBcf+SKepyCuJjF66XxYBOIl/XO
        rdy7a+1XlD4XGEEVyoXUB+rWpaD4oo2X72aoT33D8S+6NbgCJKA6ftCPsYpzaZje
        GZnxosIHTPrFhL0KTJCIzyYzdk9HJEl8UaW7Q4scPWFC559hO08QhwIdAPoNidpV
        CNVj3M9NE5hwHNmw4v1J0XwgHaaa3hECgYEAkwxObub9YvuQiQvlyRehHBsUeMbH
        6ZnUw0v2NI9Hhbl6juaRTXi0jVUZp/u2SuzpXS8zoZl63iXos9PVWJqpmvxiI53w
        uP7+7iAByuhaWMCG03ghpB0N48vYhlZiJA7YaxJRKVwHmm68awQaViS0myqGGK5E
        UIab3XxUTUIq674=
        -----END DSA PARAMETERS-----

        """
}

struct FactoryError: Error {
    let operation: String
    init(_ operation: String) { self.operation = operation }
}

private func made(_ handle: OpaquePointer?, _ operation: String) throws -> OpaquePointer {
    guard let handle else { throw FactoryError(operation) }
    return handle
}

/// What a test certificate says. The defaults are those of a good host certificate, valid through 2025.
struct TestCertificateFields {
    var commonName: String? = "mx.example"
    /// More of the subject: short attribute name and value.
    var subject: [(String, String)] = []
    var notBefore = Timestamp(rfc3339: "2025-01-01T00:00:00Z")
    var notAfter = Timestamp(rfc3339: "2026-01-01T00:00:00Z")
    /// Extensions as in openssl.cnf: short name and value.
    var extensions: [(String, String)] = [("subjectAltName", "DNS:mx.example")]
    var serial = 0x1234
    var digest = "SHA256"
    /// 2 is version 3 (RFC 5280 §4.1.2.1).
    var version = 2

    static func authority(_ name: String, pathLength: Int? = nil) -> TestCertificateFields {
        var fields = TestCertificateFields()
        fields.commonName = name
        fields.notAfter = Timestamp(rfc3339: "2035-01-01T00:00:00Z")
        let limit = pathLength.map { ",pathlen:\($0)" } ?? ""
        fields.extensions = [
            ("basicConstraints", "critical,CA:TRUE\(limit)"), ("keyUsage", "critical,keyCertSign,cRLSign"),
            ("subjectKeyIdentifier", "hash"),
        ]
        return fields
    }
}

/// A certificate with its key, made in the test's own process.
final class TestCertificate {
    let handle: OpaquePointer
    let key: TestKey

    /// - Parameter issuer: who signs; nil makes a self-signed one.
    init(
        _ fields: TestCertificateFields = .init(), key kind: TestKey.Kind = .ec("P-256"), issuer: TestCertificate? = nil
    )
        throws
    {
        key = kind == .rsa(2048) ? try TestKey.rsa2048.get() : try TestKey(kind)
        handle = try Self.build(fields, key: key, issuer: issuer)
    }

    /// Another certificate for a key that exists.
    init(_ fields: TestCertificateFields, sharing key: TestKey, issuer: TestCertificate? = nil) throws {
        self.key = key
        handle = try Self.build(fields, key: key, issuer: issuer)
    }

    deinit { X509_free(handle) }

    private static func build(_ fields: TestCertificateFields, key: TestKey, issuer: TestCertificate?) throws
        -> OpaquePointer
    {
        let x509 = try made(X509_new(), "X509_new")
        do {
            try fill(x509, fields, key: key, issuer: issuer)
        } catch {
            X509_free(x509)
            throw error
        }
        return x509
    }

    private static func fill(
        _ x509: OpaquePointer, _ fields: TestCertificateFields, key: TestKey, issuer: TestCertificate?
    ) throws {
        X509_set_version(x509, fields.version)
        ASN1_INTEGER_set_int64(X509_get_serialNumber(x509), Int64(fields.serial))
        for (date, target) in [
            (fields.notBefore, X509_getm_notBefore(x509)), (fields.notAfter, X509_getm_notAfter(x509)),
        ] {
            guard let date, ASN1_TIME_set(target, Int(date.seconds)) != nil else { throw FactoryError("date") }
        }
        let subject = X509_get_subject_name(x509)
        for (name, value) in fields.subject + (fields.commonName.map { [("CN", $0)] } ?? []) {
            guard X509_NAME_add_entry_by_txt(subject, name, MBSTRING_UTF8, value, -1, -1, 0) == 1
            else { throw FactoryError("subject \(name)") }
        }
        X509_set_issuer_name(x509, X509_get_subject_name(issuer?.handle ?? x509))
        X509_set_pubkey(x509, key.handle)
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer?.handle ?? x509, x509, nil, nil, 0)
        for (name, value) in fields.extensions {
            guard let ext = X509V3_EXT_nconf(nil, &context, name, value) else { throw FactoryError("\(name)=\(value)") }
            X509_add_ext(x509, ext, -1)
            X509_EXTENSION_free(ext)
        }
        let signer = issuer?.key ?? key
        let plain = [EVP_PKEY_ED25519, EVP_PKEY_ED448].contains(EVP_PKEY_get_base_id(signer.handle))
        guard X509_sign(x509, signer.handle, plain ? nil : EVP_get_digestbyname(fields.digest)) > 0
        else { throw FactoryError("X509_sign") }
    }

    var der: [UInt8] {
        let count = Int(i2d_X509(handle, nil))
        return Array(unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
            var next = buffer.baseAddress
            filled = Int(max(0, i2d_X509(handle, &next)))
        }
    }

    var pem: String {
        guard let bio = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(bio) }
        PEM_write_bio_X509(bio, handle)
        let count = BIO_ctrl_pending(bio)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = Int(max(0, BIO_read(bio, buffer.baseAddress, Int32(count))))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
