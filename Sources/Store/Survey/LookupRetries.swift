// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// Domains and hosts whose look-ups came to nothing, and are due once more: they wait in the database, as endpoints do. So
/// do hosts that were found when the others had been looked up.
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

/// A domain that is due once more.
public struct DueDomain: Hashable, Sendable {
    /// Its name.
    public let domain: DomainName
    /// How its mail goes, where that is known already and only some of its policies are not.
    public let shape: MXShape?
}

extension ScanSession {
    /// Domains whose time has come, the longest waiting first.
    public func dueDomains(at now: Timestamp, limit: Int) async throws(StoreError) -> [DueDomain] {
        let scanID = scanID
        return try await writer.perform { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT domain, mx_shape FROM domains WHERE scan_id = ? AND due_at <= ?
                        ORDER BY due_at, domain LIMIT ?
                        """), arguments: [scanID, now.seconds, limit]
            ).map { row in
                let shape = MXShape(rawValue: row[1])
                return DueDomain(
                    domain: try StoredName.read(row[0]), shape: shape?.outcomeClass == .conclusive ? shape : nil)
            }
        }
    }

    /// MX hosts whose time has come, the longest waiting first.
    public func dueHosts(at now: Timestamp, limit: Int) async throws(StoreError) -> [DomainName] {
        let scanID = scanID
        return try await writer.perform { db in
            try String.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT mx_host FROM mx_hosts WHERE scan_id = ? AND due_at <= ? ORDER BY due_at, mx_host LIMIT ?
                        """), arguments: [scanID, now.seconds, limit]
            ).map { try StoredName.read($0) }
        }
    }

    /// When the next domain or host is due; nil where none is.
    public func nextDueLookup() async throws(StoreError) -> Timestamp? {
        let scanID = scanID
        return try await writer.perform { db in
            try Int64.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT min(due_at) FROM (
                            SELECT min(due_at) AS due_at FROM domains WHERE scan_id = ?1 AND due_at IS NOT NULL
                            UNION ALL SELECT min(due_at) FROM mx_hosts WHERE scan_id = ?1 AND due_at IS NOT NULL)
                        """), arguments: [scanID]
            ).map { Timestamp(seconds: $0) }
        }
    }
}
