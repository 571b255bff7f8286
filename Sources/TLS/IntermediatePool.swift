// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// The CA certificates that a scan has seen anywhere. A chain that reaches a root only with their help is incomplete:
/// its server forgot to send what others send.
///
/// Ordered by digest, so that the order of probing does not matter to the path that is found.
public final class IntermediatePool: Sendable {
    let certificates: [ParsedCertificate]

    /// No certificates.
    public static let none = IntermediatePool([])

    /// Takes certificates in DER; those that cannot be read are of no help and left out.
    public init(_ ders: some Sequence<[UInt8]>) {
        certificates = ders.compactMap { ParsedCertificate(der: $0) }
            .map { (key: $0.sha256, certificate: $0) }
            .sorted { $0.key < $1.key }
            .map(\.certificate)
    }
}
