// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// The hello that measures: every version from TLS 1.0 to 1.3 and every authenticated suite that this build has.
///
/// A survey must hear what servers can do, not what is good: nothing here is a recommendation. A refusal of ours would
/// be taken for a fault of theirs, so the library's own rules are off: security level 0, servers without secure
/// renegotiation (RFC 5746) welcome, no verification during the handshake (the chain is kept and judged later).
/// Anonymous suites are left out, since a server that prefers them shows no certificate.
public final class TLSContext: Sendable {
    // SSL_CTX counts its references atomically and is not changed once `init` is over.
    nonisolated(unsafe) let handle: OpaquePointer

    /// ARIA and the short-tagged CCM suites are left out so that the hello stays below 64 suites, more than which some
    /// servers cannot bear.
    private static let suites = "ALL:!aNULL:!eNULL:!ARIAGCM:!AESCCM8:@SECLEVEL=0"
    private static let suitesTLS13 =
        "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256"
        + ":TLS_AES_128_CCM_8_SHA256"
    /// The library's default list, and the curves that only it leaves out: a certificate on one of them is shown only
    /// to those who offer it (RFC 8422 §5.1.1).
    private static let groups =
        "X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192"
        + ":brainpoolP256r1:brainpoolP384r1:brainpoolP512r1:secp256k1:P-224:P-192"

    /// The library's default list as it is at level 0: SHA-1 and DSA are heard too.
    private static let signatureSchemes =
        "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448"
        + ":rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512"
        + ":rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384:RSA+SHA512"
        + ":ECDSA+SHA224:ECDSA+SHA1:RSA+SHA224:RSA+SHA1:DSA+SHA224:DSA+SHA1:DSA+SHA256:DSA+SHA384:DSA+SHA512"

    /// How much of the library reads the certificates of a handshake.
    public enum Decoders: String, Hashable, Sendable, CaseIterable {
        /// Only what TLS can need, which costs a fifth less; the same as `all` where the library will not be divided.
        case lean
        /// All of it.
        case all
    }

    /// Which part of the library this context uses.
    let decoders: Decoders

    /// A context for any number of connections, on any thread.
    /// - Parameter decoders: what a handshake shows is the same either way.
    /// - Throws: what the library refuses; never on account of openssl.cnf, which is not read.
    public init(decoders: Decoders = .lean) throws(TLSLibraryError) {
        ErrorQueue.clear()
        // Has an effect only on the first use in this process; the settings below stand whatever the file says.
        OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        let library = decoders == .lean ? LeanLibrary.context : nil
        self.decoders = library == nil ? .all : .lean
        guard let handle = SSL_CTX_new_ex(library, nil, TLS_client_method())
        else { throw TLSLibraryError("SSL_CTX_new_ex") }
        guard shim_SSL_CTX_set_min_proto_version(handle, TLS1_VERSION) == 1,
            shim_SSL_CTX_set_max_proto_version(handle, TLS1_3_VERSION) == 1,
            SSL_CTX_set_cipher_list(handle, Self.suites) == 1,
            SSL_CTX_set_ciphersuites(handle, Self.suitesTLS13) == 1,
            shim_SSL_CTX_set1_groups_list(handle, Self.groups) == 1,
            shim_SSL_CTX_set1_sigalgs_list(handle, Self.signatureSchemes) == 1
        else {
            let error = TLSLibraryError("SSL_CTX settings")
            SSL_CTX_free(handle)
            throw error
        }
        shim_SSL_CTX_set_client_options(handle)
        shim_SSL_CTX_set_mode(handle, Int(SSL_MODE_RELEASE_BUFFERS))
        shim_SSL_CTX_set_session_cache_off(handle)
        SSL_CTX_set_verify(handle, SSL_VERIFY_NONE, nil)
        // Even level 0 refuses Diffie-Hellman below 1024 bits; a survey measures it.
        SSL_CTX_set_security_callback(handle, { _, _, _, _, _, _, _ in 1 })
        // Without this the library verifies the chain all the same and throws the verdict away.
        SSL_CTX_set_cert_verify_callback(handle, { _, _ in 1 }, nil)
        self.handle = handle
    }

    deinit {
        SSL_CTX_free(handle)
    }

    /// `OpenSSL 3.0.18 30 Sep 2025`: the library that runs, not the headers that we were built with.
    public static var libraryVersion: String {
        String(cString: OpenSSL_version(OPENSSL_VERSION))
    }
}
