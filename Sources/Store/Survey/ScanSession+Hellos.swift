// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations

/// Versions, groups and suites are those of the server behind an address and port, whatever name it was asked for: raw
/// hellos go there once, and the answers hold for all MX names there, as `inferred` for those that were not asked.
extension ScanSession {
    /// Addresses and ports whose raw hellos are still to be sent, in a pseudo-random order that is the same on every run.
    public func pendingHellos(after: PendingHellos? = nil, limit: Int) async throws(StoreError) -> [PendingHellos] {
        let scanID = scanID
        return try await writer.perform { db in
            let last = after?.endpoint
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT order_key, mx_host, ip, port, (SELECT sum(a.connections_used)
                            FROM endpoints a INDEXED BY endpoints_address WHERE a.scan_id = e.scan_id AND a.ip = e.ip)
                        FROM endpoints e
                        WHERE scan_id = ? AND hellos = 'pending' AND (order_key, mx_host, ip, port) > (?, ?, ?, ?)
                            AND NOT EXISTS (SELECT 1 FROM endpoints o INDEXED BY endpoints_address
                                WHERE o.scan_id = e.scan_id AND o.ip = e.ip AND o.port = e.port
                                    AND o.hellos = 'pending' AND (o.order_key, o.mx_host) < (e.order_key, e.mx_host))
                        ORDER BY order_key, mx_host, ip, port LIMIT ?
                        """),
                arguments: [
                    scanID, after?.orderKey ?? Int64.min, last?.host.description ?? "",
                    last?.address.description ?? "", last?.port ?? 0, limit,
                ])
            return try rows.map { row in
                let endpoint = try StoredName.read(host: row[1], ip: row[2], port: row[3])
                return PendingHellos(
                    endpoint: endpoint, probes: try Self.probes(of: endpoint, scanID, db),
                    connectionsUsed: row[4] ?? 0, orderKey: row[0])
            }
        }
    }

    private static func probes(
        of endpoint: Endpoint, _ scanID: String, _ db: Database
    ) throws -> [TLSProbeObservation] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT hello_profile, sni, outcome, version FROM tls_probes
                    WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ? AND source = 'measured'
                    """), arguments: [scanID, "\(endpoint.host)", "\(endpoint.address)", endpoint.port])
        return try rows.compactMap { row in
            let sni: String? = row[1]
            let version: String? = row[3]
            guard let profile = HelloProfile(rawValue: row[0]) else { return nil }
            var probe = TLSProbeObservation(
                profile: profile, serverName: try sni.map { try StoredName.read($0) }, outcome: try word(row, 2))
            probe.version = version.flatMap { TLSVersion(rawValue: $0) }
            return probe
        }
    }

    /// Records what the hellos showed: for the endpoint that was asked as measured, for every other MX name that waits
    /// for them at the address and port as inferred; all or nothing. The stages of the endpoint stay as they are.
    public func record(hellos result: HelloResult) async throws(StoreError) {
        let suites = result.suites.values.reduce(0) { $0 + $1.count }
        try await writer.submit(rows: 1 + 2 * result.visits.count + result.probes.count + suites) { [self] db in
            let rows = HelloRows(scanID: scanID, result: result)
            try rows.write(db)
            guard result.isFinished else { return try rows.count(db) }
            try rows.inferOthers(db)
            let settled = try rows.settle(db)
            count { $0.hellos.done += settled }
        }
    }
}

/// Writes the answers of one address and port.
private struct HelloRows {
    let scanID: String
    let result: HelloResult
    private let host: String
    private let ip: String
    private let port: Int
    private let connections: Int
    /// nil where nothing was asked.
    private let endedAt: String?

    init(scanID: String, result: HelloResult) {
        self.scanID = scanID
        self.result = result
        host = "\(result.endpoint.host)"
        ip = "\(result.endpoint.address)"
        port = result.endpoint.port
        connections = result.visits.reduce(0) { $0 + $1.connectionsUsed }
        endedAt = result.visits.last.map { "\($0.endedAt)" }
    }

    func write(_ db: Database) throws {
        let rows = ProbeRows(scanID: scanID, endpoint: result.endpoint)
        for visit in result.visits {
            guard let profile = visit.probes.first?.profile else { continue }
            try rows.write(attempt: visit, profile, db)
        }
        for probe in result.probes {
            try rows.write(probe, chain: result.chains[probe.profile], seenAt: endedAt ?? "", replaces: true, db)
        }
        try writeSuites(db)
    }

    private func writeSuites(_ db: Database) throws {
        for (version, suites) in result.suites {
            let key: StatementArguments = [scanID, host, ip, port, version.rawValue]
            try db.cachedStatement(
                sql: "DELETE FROM tls_suites WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ? AND version = ?"
            ).execute(arguments: key)
            for (position, suite) in suites.enumerated() {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO tls_suites (scan_id, mx_host, ip, port, version, position, cipher)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """
                ).execute(arguments: key + [position, suite])
            }
        }
    }

    /// The answers once more for every other name that waits for them; the certificates of `deep_rsa` and `deep_ecdsa`
    /// are not among them, since they belong to the name.
    func inferOthers(_ db: Database) throws {
        let key: StatementArguments = ["scan": scanID, "host": host, "ip": ip, "port": port]
        guard
            try Bool.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT 1 FROM endpoints INDEXED BY endpoints_address
                        WHERE scan_id = :scan AND ip = :ip AND port = :port AND mx_host <> :host
                            AND hellos = 'pending' LIMIT 1
                        """), arguments: key) != nil
        else { return }
        for (table, columns) in Self.copied {
            let selection =
                table == "tls_probes"
                ? """
                p.source = 'measured' AND p.hello_profile NOT IN ('full', 'deep_rsa', 'deep_ecdsa')
                """ : "true"
            let isProbe = table == "tls_probes"
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO \(table)
                        (scan_id, mx_host, ip, port, \(isProbe ? "source, inferred_from, " : "")\(columns))
                    SELECT e.scan_id, e.mx_host, e.ip, e.port, \(isProbe ? "'inferred', p.mx_host, " : "")\(columns)
                    FROM endpoints e INDEXED BY endpoints_address JOIN (SELECT * FROM \(table)
                        WHERE scan_id = :scan AND mx_host = :host AND ip = :ip AND port = :port) p
                    WHERE e.scan_id = :scan AND e.ip = :ip AND e.port = :port AND e.mx_host <> :host
                        AND e.hellos = 'pending' AND \(selection)
                    """
            ).execute(arguments: key)
        }
    }

    /// What was connected belongs to the endpoint that was asked.
    func count(_ db: Database) throws {
        guard let endedAt else { return }
        try db.cachedStatement(
            sql: """
                UPDATE endpoints SET connections_used = connections_used + ?, last_at = ?
                WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ?
                """
        ).execute(arguments: [connections, endedAt, scanID, host, ip, port])
    }

    /// The same, and nobody at the address and port waits any longer: returns how many did.
    func settle(_ db: Database) throws -> Int {
        try db.cachedStatement(
            sql: """
                UPDATE endpoints INDEXED BY endpoints_address SET hellos = 'done',
                    connections_used = connections_used + iif(mx_host = ?4, ?5, 0),
                    last_at = iif(mx_host = ?4, coalesce(?6, last_at), last_at)
                WHERE scan_id = ?1 AND ip = ?2 AND port = ?3 AND hellos = 'pending'
                """
        ).execute(arguments: [scanID, ip, port, host, connections, endedAt])
        return db.changesCount
    }

    private static let copied = [
        (
            "tls_probes",
            """
            hello_profile, sni, outcome, version, cipher, "group", dh_bits, sig_scheme, alert, errno, hrr,
            server_preference, ems, secure_reneg, compression, session_ticket, pkix, name_match_mx, name_match_base
            """
        ), ("tls_suites", "version, position, cipher"),
    ]
}
