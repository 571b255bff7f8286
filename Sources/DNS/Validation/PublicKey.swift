// SPDX-License-Identifier: Apache-2.0

internal import CLDNS

/// A key ready to check signatures: OpenSSL's form of it, owned and freed here.
///
/// Making it from a DNSKEY costs more than some signatures do, so that it is kept with its zone.
struct PublicKey: ~Copyable {
    private let algorithm: SigningAlgorithm
    private let key: OpaquePointer

    /// Takes the public key field of a DNSKEY in the format of its algorithm (RFC 3110 §2, RFC 6605 §4, RFC 8080 §3);
    /// nil where it breaks that format.
    init?(algorithm: SigningAlgorithm, octets: [UInt8]) {
        let key =
            switch algorithm {
            case .rsaSHA1, .rsaSHA1NSEC3, .rsaSHA256, .rsaSHA512: Self.rsa(octets)
            case .ecdsaP256: octets.count == 64 ? ldns_ecdsa2pkey_raw(octets, 64, algorithm.rawValue) : nil
            case .ecdsaP384: octets.count == 96 ? ldns_ecdsa2pkey_raw(octets, 96, algorithm.rawValue) : nil
            case .ed25519: EVP_PKEY_new_raw_public_key(NID_ED25519, nil, octets, octets.count)
            case .ed448: EVP_PKEY_new_raw_public_key(NID_ED448, nil, octets, octets.count)
            }
        ERR_clear_error()
        guard let key else { return nil }
        self.algorithm = algorithm
        self.key = key
    }

    deinit {
        EVP_PKEY_free(key)
    }

    private static func rsa(_ octets: [UInt8]) -> OpaquePointer? {
        // RFC 3110 §2 ends at 4096 bits of modulus; what is longer only costs time.
        guard octets.count <= 1_030, let rsa = ldns_key_buf2rsa_raw(octets, octets.count) else { return nil }
        defer { RSA_free(rsa) }
        guard let key = EVP_PKEY_new() else { return nil }
        guard EVP_PKEY_set1_RSA(key, rsa) == 1 else {
            EVP_PKEY_free(key)
            return nil
        }
        return key
    }

    /// Whether `signature`, in DNS' own format, is this key's over `octets`.
    func verifies(_ signature: [UInt8], over octets: [UInt8]) -> Bool {
        guard let encoded = encoded(signature), let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1
            && EVP_DigestVerify(context, encoded, encoded.count, octets, octets.count) == 1
    }

    private var digest: OpaquePointer? {
        switch algorithm {
        case .rsaSHA1, .rsaSHA1NSEC3: EVP_sha1()
        case .rsaSHA256, .ecdsaP256: EVP_sha256()
        case .ecdsaP384: EVP_sha384()
        case .rsaSHA512: EVP_sha512()
        case .ed25519, .ed448: nil
        }
    }

    /// OpenSSL wants ECDSA's two numbers in DER, DNS has them side by side (RFC 6605 §4).
    private func encoded(_ signature: [UInt8]) -> [UInt8]? {
        let size: Int
        switch algorithm {
        case .ecdsaP256: size = 32
        case .ecdsaP384: size = 48
        default: return signature
        }
        guard signature.count == 2 * size else { return nil }
        let body = Self.integer(signature.prefix(size)) + Self.integer(signature.suffix(size))
        return [0x30, UInt8(body.count)] + body
    }

    private static func integer(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        var digits = octets.drop { $0 == 0 }
        if digits.isEmpty { digits = octets.suffix(1) }
        let sign: [UInt8] = digits.first.map { $0 >= 0x80 } == true ? [0] : []
        return [0x02, UInt8(digits.count + sign.count)] + sign + digits
    }
}
