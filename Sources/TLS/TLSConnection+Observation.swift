// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import Observations

/// What the handshake showed, in the names of the IANA registries for TLS.
extension TLSConnection {
    /// What has been seen up to now; a value that outlives the connection.
    ///
    /// A handshake whose end was waited for in vain is `timeout`. A failure before the peer's first word inside TLS
    /// counts as one of the handshake. TLS 1.3 refuses only after the client believes that it is done, so that without
    /// such a word a connection that ends is a failed handshake; half an answer is word enough. Before TLS 1.3 the
    /// server's Finished has accepted the handshake already (RFC 5246 §7.4.9), and silence takes nothing back.
    ///
    /// - Parameter silenceIsConsent: the peer has been silent for so long that a refusal would have come.
    public func observation(profile: HelloProfile, silenceIsConsent: Bool = false) -> TLSProbeObservation {
        var seen = TLSProbeObservation(profile: profile, serverName: serverName, outcome: unheard)
        let isAccepted =
            hasReceivedPlaintext || hasCompletedHandshake && (silenceIsConsent || SSL_version(ssl) < TLS1_3_VERSION)
        switch state {
        case .handshaking, .established, .closed: if isAccepted { seen.outcome = .ok }
        case .failed(let failure):
            seen.outcome = hasReceivedPlaintext ? .ok : failure.outcome
            seen.alert = failure.alert
            seen.detail = failure.detail
        }
        let notes = notes.pointee
        seen.helloRetryRequest = notes.sawHelloRetryRequest
        seen.chain = notes.chain ?? []
        seen.showedNoCertificate = notes.chain == []
        // Until the library has taken the server's version, its own is the highest that it offered.
        guard let version = notes.serverHello?.version, Int32(version.wire) == SSL_version(ssl) else { return seen }
        seen.version = version
        if let cipher = SSL_get_current_cipher(ssl) ?? SSL_get_pending_cipher(ssl) {
            seen.cipher = SSL_CIPHER_standard_name(cipher).map { String(cString: $0) }
        }
        (seen.group, seen.dhBits) = keyExchange
        if version >= .tls12 { seen.signatureScheme = signatureScheme }
        guard hasCompletedHandshake else { return seen }
        if version != .tls13 {
            seen.extendedMasterSecret = extendedMasterSecret
            seen.secureRenegotiation = shim_SSL_get_secure_renegotiation_support(ssl) == 1
            seen.sessionTicket = notes.sawSessionTicket
        } else if notes.sawSessionTicket || hasReceivedPlaintext {
            // Tickets come behind the handshake: before the first word inside TLS, none seen is not none sent.
            seen.sessionTicket = notes.sawSessionTicket
        }
        return seen
    }

    /// The key share of the server: its group, and the bits of a finite-field modulus. Neither where there is no share
    /// (RSA key transport), or where the group has no name in the registry of groups (a modulus of the server's own).
    private var keyExchange: (group: String?, dhBits: Int?) {
        var key: OpaquePointer?
        guard shim_SSL_get_peer_tmp_key(ssl, &key) == 1, let key else { return (nil, nil) }
        defer { EVP_PKEY_free(key) }
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_X25519: return ("x25519", nil)
        case EVP_PKEY_X448: return ("x448", nil)
        case EVP_PKEY_EC: return (CurveName.iana(of: key), nil)
        case EVP_PKEY_DH, EVP_PKEY_DHX:
            let name = CurveName.library(of: key)
            return (name.flatMap { $0.hasPrefix("ffdhe") ? $0 : nil }, Int(EVP_PKEY_get_bits(key)))
        default: return (nil, nil)
        }
    }

    /// The scheme with which the server signed the key exchange (RFC 8446 §4.2.3); nil where nothing was signed.
    private var signatureScheme: String? {
        var type: Int32 = 0
        guard SSL_get_peer_signature_type_nid(ssl, &type) == 1 else { return nil }
        if type == EVP_PKEY_ED25519 { return "ed25519" }
        if type == EVP_PKEY_ED448 { return "ed448" }
        var digest: Int32 = 0
        guard shim_SSL_get_peer_signature_nid(ssl, &digest) == 1, let name = OBJ_nid2sn(digest) else { return nil }
        let hash = String(cString: name).lowercased()
        switch type {
        case EVP_PKEY_RSA: return "rsa_pkcs1_\(hash)"
        case EVP_PKEY_RSA_PSS:
            // The same signature, told apart by the key's own identifier.
            let key = SSL_get0_peer_certificate(ssl).flatMap { X509_get0_pubkey($0) }
            return key.map { EVP_PKEY_get_base_id($0) } == EVP_PKEY_RSA_PSS
                ? "rsa_pss_pss_\(hash)" : "rsa_pss_rsae_\(hash)"
        case EVP_PKEY_EC:
            let curves = ["sha256": "secp256r1_", "sha384": "secp384r1_", "sha512": "secp521r1_"]
            return "ecdsa_\(curves[hash] ?? "")\(hash)"
        case EVP_PKEY_DSA: return "dsa_\(hash)"
        default: return nil
        }
    }
}
