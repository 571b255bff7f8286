// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// Who asks to be left alone leaves every table of an unfinished scan, measured or not; a number remains.
extension ScanSession {
    /// Forgets a domain and how its mail would go.
    public func forget(domain: DomainName) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 4) { [self] db in
            let key: StatementArguments = [scanID, "\(domain)"]
            try db.execute(
                sql: """
                    UPDATE mx_hosts SET domains_count = domains_count - 1 WHERE scan_id = ?1 AND mx_host IN
                        (SELECT mx_host FROM domain_mx WHERE scan_id = ?1 AND domain = ?2)
                    """, arguments: key)
            try db.execute(sql: "DELETE FROM domain_mx WHERE scan_id = ? AND domain = ?", arguments: key)
            try PolicyRows(scanID: scanID, domain: domain).forget(db)
            try db.execute(sql: "DELETE FROM domains WHERE scan_id = ? AND domain = ?", arguments: key)
            guard db.changesCount > 0 else { return }
            try db.execute(
                sql: "UPDATE scans SET optout_rows = optout_rows + 1 WHERE scan_id = ?", arguments: [scanID])
            try recount(db)
        }
    }

    /// Forgets a mail host, that any domain named it, and all that was seen there.
    public func forget(host: DomainName) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 8) { [self] db in
            let key: StatementArguments = [scanID, "\(host)"]
            let base = try String.fetchOne(
                db, sql: "SELECT tlsa_base FROM mx_hosts WHERE scan_id = ? AND mx_host = ?", arguments: key)
            for table in Self.endpointTables + ["domain_mx", "port_tlsa", "mx_hosts"] {
                try db.execute(sql: "DELETE FROM \(table) WHERE scan_id = ? AND mx_host = ?", arguments: key)
            }
            if let base { try forgetRecords(below: base, db) }
            try recount(db)
        }
    }

    /// Forgets TLSA records that no host is left to share.
    private func forgetRecords(below base: String, _ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM tlsa WHERE scan_id = ?1 AND tlsa_base = ?2
                    AND NOT EXISTS (SELECT 1 FROM mx_hosts WHERE scan_id = ?1 AND tlsa_base = ?2)
                """, arguments: [scanID, base])
    }

    /// Forgets an endpoint and all that was seen there.
    public func forget(endpoint: Endpoint) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 6) { [self] db in
            for table in Self.endpointTables {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ?",
                    arguments: [scanID, "\(endpoint.host)", "\(endpoint.address)", endpoint.port])
            }
            try recount(db)
        }
    }

    /// Every endpoint of the scan, probed or not, in the order of its key.
    public func endpoints(after last: Endpoint? = nil, limit: Int) async throws(StoreError) -> [Endpoint] {
        let scanID = scanID
        return try await writer.perform { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT mx_host, ip, port FROM endpoints WHERE scan_id = ? AND (mx_host, ip, port) > (?, ?, ?)
                    ORDER BY mx_host, ip, port LIMIT ?
                    """,
                arguments: [
                    scanID, last?.host.description ?? "", last?.address.description ?? "", last?.port ?? 0, limit,
                ]
            ).map { try StoredName.read(host: $0[0], ip: $0[1], port: $0[2]) }
        }
    }

    /// Every domain of the scan, in the order of their names.
    public func domains(after last: DomainName? = nil, limit: Int) async throws(StoreError) -> [DomainName] {
        try await names(
            "SELECT domain FROM domains WHERE scan_id = ? AND domain > ? ORDER BY domain LIMIT ?", last, limit)
    }

    /// Every mail host of the scan, in the order of their names.
    public func hosts(after last: DomainName? = nil, limit: Int) async throws(StoreError) -> [DomainName] {
        try await names(
            "SELECT mx_host FROM mx_hosts WHERE scan_id = ? AND mx_host > ? ORDER BY mx_host LIMIT ?", last, limit)
    }

    /// The names that a statement finds for the scan, a last name and a limit.
    func names(_ sql: String, _ last: DomainName?, _ limit: Int) async throws(StoreError) -> [DomainName] {
        let scanID = scanID
        return try await writer.perform { db in
            try String.fetchAll(
                db.cachedStatement(sql: sql), arguments: [scanID, last?.description ?? "", limit]
            ).map { try StoredName.read($0) }
        }
    }

    /// Children first, as the foreign keys want it.
    private static let endpointTables = [
        "endpoint_certs", "tls_suites", "tls_probes", "attempts", "probe_errors", "endpoints",
    ]

    private func recount(_ db: Database) throws {
        let progress = try ScanProgress(scanID, db)
        count { $0 = progress }
    }
}
