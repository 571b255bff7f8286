// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// The CA certificates that a scan has seen anywhere. A chain that reaches a root only with their help is incomplete:
/// its server forgot to send what others send.
///
/// Those of one name stand in the order of their digests, so that the order of probing does not matter.
public final class IntermediatePool: Sendable {
    private let bySubject: [UInt: [ParsedCertificate]]

    /// Takes certificates in DER; those that cannot be read are of no help and left out.
    public init(_ ders: some Sequence<[UInt8]>) {
        let certificates = ders.compactMap { ParsedCertificate(der: $0) }
            .map { (key: $0.sha256, certificate: $0) }
            .sorted { $0.key < $1.key }
            .map(\.certificate)
        bySubject = Dictionary(grouping: certificates) { X509_subject_name_hash($0.handle) }
    }

    /// Whose name, key identifier and key usage are those of the certificate's issuer (RFC 5280 §6.1.3 a 4). Whether
    /// the key has signed it too is not yet asked: a name is anybody's to take.
    func namesakes(ofIssuer certificate: ParsedCertificate) -> [ParsedCertificate] {
        defer { ErrorQueue.clear() }
        return bySubject[X509_issuer_name_hash(certificate.handle), default: []].filter {
            X509_check_issued($0.handle, certificate.handle) == X509_V_OK
        }
    }
}
