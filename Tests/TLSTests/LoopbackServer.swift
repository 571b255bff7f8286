// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// The other end: OpenSSL as a server over memory BIOs, in the test's own process.
final class LoopbackServer {
    struct Options {
        var version: ClosedRange<Int32> = TLS1_VERSION...TLS1_3_VERSION
        var ciphers = "ALL:@SECLEVEL=0"
        var groups: String?
        var requiresClientCertificate = false
        /// PEM of Diffie-Hellman parameters.
        var dhParameters: String?
        var tickets = true
    }

    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    private(set) var isEstablished = false
    private(set) var failed = false
    private(set) var received: [UInt8] = []

    init(_ certificate: TestCertificate, chain: [TestCertificate] = [], options: Options = .init()) throws {
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw FactoryError("SSL_CTX_new") }
        self.context = context
        SSL_CTX_set_security_callback(context, { _, _, _, _, _, _, _ in 1 })
        guard SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(options.version.lowerBound), nil) == 1,
            SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(options.version.upperBound), nil) == 1,
            SSL_CTX_set_cipher_list(context, options.ciphers) == 1,
            SSL_CTX_use_certificate(context, certificate.handle) == 1,
            SSL_CTX_use_PrivateKey(context, certificate.key.handle) == 1
        else { throw FactoryError("SSL_CTX settings") }
        for issuer in chain {
            SSL_CTX_ctrl(context, SSL_CTRL_CHAIN_CERT, 1, UnsafeMutableRawPointer(issuer.handle))
        }
        if let groups = options.groups {
            groups.withCString { list in
                _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_GROUPS_LIST, 0, UnsafeMutableRawPointer(mutating: list))
            }
        }
        if options.requiresClientCertificate {
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        }
        if let pem = options.dhParameters {
            let bio = BIO_new(BIO_s_mem())
            defer { BIO_free(bio) }
            BIO_puts(bio, pem)
            guard let parameters = PEM_read_bio_Parameters(bio, nil), SSL_CTX_set0_tmp_dh_pkey(context, parameters) == 1
            else { throw FactoryError("DH parameters") }
        } else {
            SSL_CTX_ctrl(context, SSL_CTRL_SET_DH_AUTO, 1, nil)
        }
        if !options.tickets { SSL_CTX_set_num_tickets(context, 0) }
        guard let ssl = SSL_new(context), let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem())
        else { throw FactoryError("SSL_new") }
        SSL_set_bio(ssl, input, output)
        SSL_set_accept_state(ssl)
        self.ssl = ssl
        self.input = input
        self.output = output
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
    }

    /// Takes bytes of the client and goes on as far as they reach.
    func receive(_ bytes: [UInt8]) {
        BIO_write(input, bytes, Int32(bytes.count))
        ERR_clear_error()
        if !isEstablished {
            let result = SSL_do_handshake(ssl)
            isEstablished = result == 1
            if result != 1, SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ { failed = true }
        }
        guard isEstablished else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = SSL_read(ssl, &buffer, Int32(buffer.count))
            guard count > 0 else { break }
            received += buffer.prefix(Int(count))
        }
        ERR_clear_error()
    }

    func takeOutput() -> [UInt8] {
        let count = BIO_ctrl_pending(output)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = count == 0 ? 0 : Int(max(0, BIO_read(output, buffer.baseAddress, Int32(count))))
        }
    }

    func send(_ bytes: [UInt8]) {
        ERR_clear_error()
        SSL_write(ssl, bytes, Int32(bytes.count))
    }

    func close() {
        ERR_clear_error()
        SSL_shutdown(ssl)
    }

    /// The name the client asked for.
    var serverName: String? {
        SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
    }
}
