// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations

/// Certificates of authorities known from elsewhere: roots, and what other servers have sent. With their help a record
/// that is about a trust anchor which the server forgot to send (RFC 7672 §3.1.2 wants it sent) is told apart from one
/// that is about nothing here; to a sender both fail alike.
public final class KnownAuthorities: Sendable {
    let certificates: [ParsedCertificate]
    private let places: [[UInt8]: Int]

    /// None.
    public static let none = KnownAuthorities([])

    /// Takes certificates in DER, those that cannot be read left out, and the roots of a store.
    public init(_ ders: some Sequence<[UInt8]>, roots: TrustStore? = nil) {
        let found = (ders.compactMap { ParsedCertificate(der: $0) } + (roots?.certificates ?? []))
            .map { (key: $0.sha256, certificate: $0) }
            .sorted { $0.key < $1.key }
            .map(\.certificate)
        var places: [[UInt8]: Int] = [:]
        for (place, certificate) in found.enumerated() {
            let known = certificate.comparable
            for data in [
                known.certificateSHA256, known.certificateSHA512, known.publicKeySHA256, known.publicKeySHA512,
            ] where places[data] == nil {
                places[data] = place
            }
        }
        certificates = found
        self.places = places
    }

    /// The first certificate that a record with a digest is about.
    func certificate(matching record: TLSARecord) -> ParsedCertificate? {
        guard let place = places[record.associationData] else { return nil }
        return certificates[place].comparable.matches(record) ? certificates[place] : nil
    }
}

extension TrustStore {
    fileprivate var certificates: [ParsedCertificate] {
        guard let objects = X509_STORE_get0_objects(handle) else { return [] }
        return (0..<max(0, OPENSSL_sk_num(objects))).compactMap { index in
            guard let object = OPENSSL_sk_value(objects, index).map({ OpaquePointer($0) }),
                let x509 = X509_OBJECT_get0_X509(object), X509_up_ref(x509) == 1
            else { return nil }
            return ParsedCertificate(owning: x509)
        }
    }
}

extension ParsedCertificate {
    /// The certificate as TLSA records see it.
    var comparable: DANEChainFacts.Certificate {
        let certificate = Self.encoded { i2d_X509(handle, $0) }
        let publicKey = Self.encoded { i2d_X509_PUBKEY(X509_get_X509_PUBKEY(handle), $0) }
        return DANEChainFacts.Certificate(
            certificate: certificate, publicKey: publicKey,
            certificateSHA256: Self.digest(certificate, EVP_sha256()),
            certificateSHA512: Self.digest(certificate, EVP_sha512()),
            publicKeySHA256: Self.digest(publicKey, EVP_sha256()),
            publicKeySHA512: Self.digest(publicKey, EVP_sha512()))
    }

    private static func encoded(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
        let count = Int(max(0, encode(nil)))
        return Array(unsafeUninitializedCapacity: count) { buffer, filled in
            var next = buffer.baseAddress
            filled = Int(max(0, encode(&next)))
        }
    }

    private static func digest(_ bytes: [UInt8], _ algorithm: OpaquePointer?) -> [UInt8] {
        Array(unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, filled in
            var count: UInt32 = 0
            let done = EVP_Digest(bytes, bytes.count, buffer.baseAddress, &count, algorithm, nil)
            filled = done == 1 ? Int(count) : 0
        }
    }
}
