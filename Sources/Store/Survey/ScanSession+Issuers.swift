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
                    SELECT c.der FROM certificates c WHERE c.is_ca = 1 AND EXISTS
                        (SELECT 1 FROM endpoint_certs e WHERE e.cert_sha256 = c.cert_sha256 AND e.scan_id = ?)
                    ORDER BY c.cert_sha256
                    """, arguments: [scanID]
            ).map { [UInt8]($0) }
        }
    }
}
