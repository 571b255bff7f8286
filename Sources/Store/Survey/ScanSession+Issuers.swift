// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB

extension ScanSession {
    /// Every CA certificate that was shown in this scan, DER, in the order of their digests: what a chain may lack.
    public func issuerCertificates() async throws(StoreError) -> [[UInt8]] {
        let scanID = scanID
        return try await writer.perform { db in
            try Data.fetchAll(
                db,
                sql: """
                    SELECT der FROM certificates WHERE is_ca AND cert_sha256 IN
                        (SELECT cert_sha256 FROM endpoint_certs WHERE scan_id = ?)
                    ORDER BY cert_sha256
                    """, arguments: [scanID]
            ).map { [UInt8]($0) }
        }
    }
}
