// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A host's certificate may hold a key that no TLS suite can use: one for key agreement alone (X25519, DH), or one on the
/// curve of SM2. The whole library reads it and then refuses it; the divided one cannot read it, and would say so in
/// other words. Both end the handshake at the same place, and what is recorded must not depend on the library.
extension LeanLibrary {
    /// Puts the whole library's words in place of the divided one's, where the whole one reads the key.
    static func sayAsTheWhole(_ errors: inout [ErrorQueue.Entry], _ notes: inout HandshakeNotes) {
        guard
            errors.contains(where: {
                $0.library == ERR_LIB_SSL && $0.reason == SSL_R_UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS
            }), notes.alertSent == Int(SSL_AD_INTERNAL_ERROR), let leaf = notes.chain?.first,
            ParsedCertificate(der: leaf)?.hasReadableKey == true
        else { return }
        // What the divided one said about its vain reading goes, too.
        errors = [
            ErrorQueue.Entry(
                library: Int32(ERR_LIB_SSL), reason: SSL_R_UNKNOWN_CERTIFICATE_TYPE, text: "unknown certificate type")
        ]
        notes.alertSent = Int(SSL3_AD_ILLEGAL_PARAMETER)
    }
}

extension ParsedCertificate {
    /// Whether this library knows the public key's algorithm and its parameters.
    fileprivate var hasReadableKey: Bool {
        defer { ErrorQueue.clear() }
        return X509_get0_pubkey(handle).map { EVP_PKEY_missing_parameters($0) == 0 } ?? false
    }
}
