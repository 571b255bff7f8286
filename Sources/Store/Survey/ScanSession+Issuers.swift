// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB

extension ScanSession {
    /// The CA certificates that were shown in this scan, DER, in the order of their digests: what a chain may lack.
    ///
    /// Those that signed themselves count only where some server sent them above its own certificate. The rest are hosts
    /// that made theirs with a tool whose default is a CA: nobody else's chain leads there, and there is one for each
    /// such host, which would all be kept in memory and be looked at for each chain without an issuer.
    public func issuerCertificates() async throws(StoreError) -> [[UInt8]] {
        let scanID = scanID
        return try await writer.perform { db in
            try Data.fetchAll(
                db,
                sql: """
                    SELECT der FROM certificates WHERE is_ca AND cert_sha256 IN
                        (SELECT e.cert_sha256 FROM endpoint_certs e JOIN certificates c USING (cert_sha256)
                            WHERE e.scan_id = ? AND (e.position > 0 OR coalesce(c.self_signed, 0) = 0))
                    ORDER BY cert_sha256
                    """, arguments: [scanID]
            ).map { [UInt8]($0) }
        }
    }
}
