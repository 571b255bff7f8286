// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// Endpoints that are to be visited later: once more, since nothing conclusive was seen, or for the first time, since
/// somebody concerned had no room for us. They wait in the database, whatever becomes of this process.
extension ScanSession {
    /// Endpoints whose time has come, the longest waiting first.
    public func dueEndpoints(
        after: PendingEndpoint? = nil, at now: Timestamp, limit: Int, countingConnections: Bool = false
    ) async throws(StoreError) -> [PendingEndpoint] {
        let scanID = scanID
        return try await writer.perform { db in
            let last = after?.endpoint
            return try PendingEndpointRow.fetch(
                db, countingConnections: countingConnections,
                where: "state = 'retry' AND due_at <= \(now.seconds) AND (due_at, mx_host, ip, port) > (?, ?, ?, ?)",
                order: "due_at, mx_host, ip, port",
                arguments: [
                    scanID, after?.dueAt ?? 0, last?.host.description ?? "", last?.address.description ?? "",
                    last?.port ?? 0, limit,
                ])
        }
    }

    /// When the next endpoint behind that moment is due; nil where none is.
    public func nextDue(after moment: Timestamp) async throws(StoreError) -> Timestamp? {
        let scanID = scanID
        return try await writer.perform { db in
            try Int64.fetchOne(
                db.cachedStatement(
                    sql: "SELECT min(due_at) FROM endpoints WHERE scan_id = ? AND state = 'retry' AND due_at > ?"),
                arguments: [scanID, moment.seconds]
            ).map { Timestamp(seconds: $0) }
        }
    }

    /// When the last endpoint is due; nil where none is.
    public func lastDue() async throws(StoreError) -> Timestamp? {
        let scanID = scanID
        return try await writer.perform { db in
            try Int64.fetchOne(
                db.cachedStatement(
                    sql: "SELECT max(due_at) FROM endpoints WHERE scan_id = ? AND state = 'retry'"),
                arguments: [scanID]
            ).map { Timestamp(seconds: $0) }
        }
    }

    /// Lets nobody wait longer than until that moment.
    public func bringForward(to latest: Timestamp) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 4) { db in
            for table in ["endpoints", "domains", "mx_hosts", "mta_sts"] {
                try db.execute(
                    sql: "UPDATE \(table) SET due_at = :latest WHERE scan_id = :scan AND due_at > :latest",
                    arguments: ["latest": latest.seconds, "scan": scanID])
            }
        }
    }

    /// Puts an endpoint off that was not visited.
    public func putOff(_ endpoint: Endpoint, until moment: Timestamp) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 1) { db in
            try db.cachedStatement(
                sql: """
                    UPDATE endpoints SET state = 'retry', due_at = ?
                    WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ?
                    """
            ).execute(arguments: [
                moment.seconds, scanID, "\(endpoint.host)", "\(endpoint.address)", endpoint.port,
            ])
        }
    }
}

/// The columns that a visit needs to know beforehand.
enum PendingEndpointRow {
    /// `arguments` begin with the scan and end with the limit.
    static func fetch(
        _ db: Database, countingConnections: Bool, where condition: String, order: String,
        arguments: StatementArguments
    ) throws -> [PendingEndpoint] {
        let connections =
            countingConnections
            ? """
            (SELECT coalesce(sum(o.connections_used), 0) FROM endpoints o
                WHERE o.scan_id = e.scan_id AND o.ip = e.ip AND o.connections_used > 0)
            """ : "0"
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT order_key, mx_host, ip, port,
                    coalesce((SELECT iif(o.is_usable, o.tlsa_base, o.mx_host) FROM port_tlsa o
                        WHERE o.scan_id = e.scan_id AND o.mx_host = e.mx_host AND o.port = e.port),
                        (SELECT t.tlsa_base FROM mx_hosts h
                        JOIN tlsa t ON t.scan_id = h.scan_id AND t.tlsa_base = h.tlsa_base
                        WHERE h.scan_id = e.scan_id AND h.mx_host = e.mx_host
                            AND t.dnssec = 'secure' AND t.usable = 'usable' LIMIT 1), mx_host),
                    (SELECT count(*) FROM (SELECT 1 FROM endpoints o INDEXED BY endpoints_address
                        WHERE o.scan_id = e.scan_id AND o.ip = e.ip AND o.port = e.port LIMIT 4)) = 4,
                    EXISTS (SELECT 1 FROM mx_hosts h WHERE h.scan_id = e.scan_id AND h.mx_host = e.mx_host
                        AND h.tlsa_outcome = 'noerror_data' AND h.tlsa_dnssec = 'secure')
                    OR EXISTS (SELECT 1 FROM port_tlsa o
                        WHERE o.scan_id = e.scan_id AND o.mx_host = e.mx_host AND o.port = e.port
                            AND o.tlsa_outcome = 'noerror_data' AND o.tlsa_dnssec = 'secure'),
                    attempts, due_at, \(connections)
                FROM endpoints e WHERE scan_id = ? AND \(condition) ORDER BY \(order) LIMIT ?
                """, arguments: arguments)
        return try rows.map { row in
            PendingEndpoint(
                endpoint: try StoredName.read(host: row[1], ip: row[2], port: row[3]),
                serverName: try StoredName.read(row[4]), sharesAddress: row[5], hasSecureTLSA: row[6],
                attempts: row[7], connectionsToAddress: row[9], dueAt: row[8], orderKey: row[0])
        }
    }
}
