// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// Domains and hosts whose look-ups came to nothing, and are due once more: they wait in the database, as endpoints do.
struct LookupRetries {
    static let domains = LookupRetries(table: "domains", name: "domain")
    static let hosts = LookupRetries(table: "mx_hosts", name: "mx_host")

    private let table: String
    private let name: String

    /// Notes when the row is due, by its number of attempts.
    func schedule(_ key: String, _ scanID: String, _ retryAt: (Int) -> Timestamp?, _ db: Database) throws {
        let attempts = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT attempts FROM \(table) WHERE scan_id = ? AND \(name) = ?"),
            arguments: [scanID, key])
        guard let attempts else { return }
        try db.cachedStatement(sql: "UPDATE \(table) SET due_at = ? WHERE scan_id = ? AND \(name) = ?")
            .execute(arguments: [retryAt(attempts)?.seconds, scanID, key])
    }
}

extension ScanSession {
    /// When the next domain or host is due that was not answered; nil where none is.
    public func nextDueLookup() async throws(StoreError) -> Timestamp? {
        let scanID = scanID
        return try await writer.perform { db in
            try Int64.fetchOne(
                db,
                sql: """
                    SELECT min(due_at) FROM (
                        SELECT min(due_at) AS due_at FROM domains WHERE scan_id = ?1 AND due_at IS NOT NULL
                        UNION ALL SELECT min(due_at) FROM mx_hosts WHERE scan_id = ?1 AND due_at IS NOT NULL)
                    """, arguments: [scanID]
            ).map { Timestamp(seconds: $0) }
        }
    }
}
