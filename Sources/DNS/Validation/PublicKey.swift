// SPDX-License-Identifier: Apache-2.0

internal import CLDNS

/// A key ready to check signatures: OpenSSL's form of it, owned and freed here.
///
/// Making it from a DNSKEY costs more than some signatures do, so that it is kept with its zone. RSA and ECDSA are called
/// by their own names: most zones have a key of their own and four signatures by it, and what OpenSSL 3 does before it
/// calls the same functions, finding a provider and making the key known to it, costs as much as one of them.
struct PublicKey: ~Copyable {
    private let algorithm: SigningAlgorithm
    /// RSA, EC_KEY or EVP_PKEY, as the algorithm says.
    private let key: OpaquePointer

    /// Takes the public key field of a DNSKEY in the format of its algorithm (RFC 3110 §2, RFC 6605 §4, RFC 8080 §3);
    /// nil where it breaks that format.
    init?(algorithm: SigningAlgorithm, octets: [UInt8]) {
        let key =
            switch algorithm {
            // RFC 3110 §2 ends at 4096 bits of modulus; what is longer only costs time.
            case .rsaSHA1, .rsaSHA1NSEC3, .rsaSHA256, .rsaSHA512:
                octets.count <= 1_030 ? ldns_key_buf2rsa_raw(octets, octets.count) : nil
            case .ecdsaP256: Self.point(octets, on: Self.p256, size: 64)
            case .ecdsaP384: Self.point(octets, on: Self.p384, size: 96)
            case .ed25519: EVP_PKEY_new_raw_public_key(NID_ED25519, nil, octets, octets.count)
            case .ed448: EVP_PKEY_new_raw_public_key(NID_ED448, nil, octets, octets.count)
            }
        guard let key else {
            ERR_clear_error()
            return nil
        }
        self.algorithm = algorithm
        self.key = key
    }

    deinit {
        switch algorithm {
        case .rsaSHA1, .rsaSHA1NSEC3, .rsaSHA256, .rsaSHA512: RSA_free(key)
        case .ecdsaP256, .ecdsaP384: EC_KEY_free(key)
        case .ed25519, .ed448: EVP_PKEY_free(key)
        }
    }

    /// Whether `signature`, in DNS' own format, is this key's over `octets`.
    func verifies(_ signature: [UInt8], over octets: [UInt8]) -> Bool {
        let isGood =
            switch algorithm {
            case .rsaSHA1, .rsaSHA1NSEC3: rsa(signature, NID_sha1, Self.hash(octets, 20, SHA1))
            case .rsaSHA256: rsa(signature, NID_sha256, Self.hash(octets, 32, SHA256))
            case .rsaSHA512: rsa(signature, NID_sha512, Self.hash(octets, 64, SHA512))
            case .ecdsaP256: ecdsa(signature, size: 32, Self.hash(octets, 32, SHA256))
            case .ecdsaP384: ecdsa(signature, size: 48, Self.hash(octets, 48, SHA384))
            case .ed25519, .ed448: eddsa(signature, octets)
            }
        if !isGood { ERR_clear_error() }
        return isGood
    }

    /// RFC 3110 §3, RFC 5702 §3.
    private func rsa(_ signature: [UInt8], _ hash: CInt, _ digest: [UInt8]) -> Bool {
        RSA_verify(hash, digest, CUnsignedInt(digest.count), signature, CUnsignedInt(signature.count), key) == 1
    }

    /// RFC 6605 §4: two numbers, side by side.
    private func ecdsa(_ signature: [UInt8], size: Int, _ digest: [UInt8]) -> Bool {
        guard signature.count == 2 * size, let numbers = ECDSA_SIG_new() else { return false }
        defer { ECDSA_SIG_free(numbers) }
        let isTaken = signature.withUnsafeBufferPointer { octets in
            let r = BN_bin2bn(octets.baseAddress, CInt(size), nil)
            let s = BN_bin2bn(octets.baseAddress.map { $0 + size }, CInt(size), nil)
            if ECDSA_SIG_set0(numbers, r, s) == 1 { return true }
            BN_free(r)
            BN_free(s)
            return false
        }
        return isTaken && ECDSA_do_verify(digest, CInt(digest.count), numbers, key) == 1
    }

    /// RFC 8080 §4.
    private func eddsa(_ signature: [UInt8], _ octets: [UInt8]) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, octets, octets.count) == 1
    }

    /// No octets where OpenSSL fails, which no signature fits.
    private static func hash(
        _ octets: [UInt8], _ size: Int,
        _ function: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?) -> UnsafeMutablePointer<UInt8>?
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { output, count in
            count = function(octets, octets.count, output.baseAddress) == nil ? 0 : size
        }
    }

    /// RFC 6605 §4: the uncompressed point without the octet that says so.
    private static func point(_ octets: [UInt8], on curve: Curve, size: Int) -> OpaquePointer? {
        guard octets.count == size, let key = EC_KEY_new() else { return nil }
        let point = [UInt8(POINT_CONVERSION_UNCOMPRESSED.rawValue)] + octets
        guard EC_KEY_set_group(key, curve.group) == 1, EC_KEY_oct2key(key, point, point.count, nil) == 1 else {
            EC_KEY_free(key)
            return nil
        }
        return key
    }

    private static let p256 = Curve(NID_X9_62_prime256v1)
    private static let p384 = Curve(NID_secp384r1)
}

/// A curve's parameters, made once: each key takes a copy, which is far cheaper than to compute them. Never changed, and
/// so safe to share.
private final class Curve: @unchecked Sendable {
    let group: OpaquePointer?

    init(_ number: CInt) {
        group = EC_GROUP_new_by_curve_name(number)
    }

    deinit {
        EC_GROUP_free(group)
    }
}
