// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// When a canary of our own fails, what was seen since it was last well may be our own network's doing. None of it stays as
/// a fact about anybody: it is pending again, as if it had not been asked. Connections that were made stay counted, and so
/// do attempts from before.
extension ScanSession {
    /// When the canaries were last well, in this run or in one before; nil where there were none.
    public func canariesWereWell() async throws(StoreError) -> Timestamp? {
        let scanID = scanID
        return try await writer.perform { db in
            try String.fetchOne(db, sql: "SELECT canary_at FROM scans WHERE scan_id = ?", arguments: [scanID])
                .flatMap { Timestamp(rfc3339: $0) }
        }
    }

    /// Notes that the canaries were well at that moment.
    public func noteCanariesWell(at moment: Timestamp) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 1) { db in
            try db.execute(
                sql: "UPDATE scans SET canary_at = ? WHERE scan_id = ?", arguments: ["\(moment)", scanID])
        }
    }

    /// Makes pending again what ended at that moment or later. Answers how many endpoints were visited so late.
    ///
    /// `longestVisit` is in seconds: attempts are known by their beginnings.
    public func doubt(since moment: Timestamp, longestVisit: Int64) async throws(StoreError) -> Int {
        let scanID = scanID
        return try await writer.perform { [self] db in
            let doubt = Doubt(
                scanID: scanID, since: "\(moment)", begunSince: "\(moment.adding(seconds: -longestVisit))")
            let count = try doubt.forgetVisits(db)
            try doubt.forgetHellos(db)
            try doubt.forgetPolicies(db)
            try doubt.forgetLookups(db)
            let progress = try ScanProgress(scanID, db)
            self.count { $0 = progress }
            return count
        }
    }
}

/// The rows that are in doubt. They are as many as can be measured between two looks at the canaries, however long the
/// list is.
private struct Doubt {
    let scanID: String
    let since: String
    let begunSince: String

    private var key: StatementArguments { ["scan": scanID, "since": since] }

    /// Endpoints that were visited since, and those that were inferred from them.
    func forgetVisits(_ db: Database) throws -> Int {
        try gather("hello_profile = 'full'", db)
        defer { try? db.execute(sql: "DROP TABLE temp.doubtful") }
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO temp.doubtful SELECT e.mx_host, e.ip, e.port
                FROM temp.doubtful d
                    CROSS JOIN endpoints e INDEXED BY endpoints_address
                        ON e.scan_id = ? AND e.ip = d.ip AND e.port = d.port
                    CROSS JOIN tls_probes p ON p.scan_id = e.scan_id AND p.mx_host = e.mx_host AND p.ip = e.ip
                        AND p.port = e.port AND p.hello_profile = 'full'
                WHERE p.source = 'inferred' AND p.inferred_from = d.mx_host
                """, arguments: [scanID])
        for table in ["endpoint_certs", "tls_suites", "tls_probes", "probe_errors"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE \(Self.isDoubtful)", arguments: [scanID])
        }
        try db.execute(
            sql: "DELETE FROM attempts WHERE \(Self.isDoubtful) AND hello_profile = 'full' AND at >= ?",
            arguments: [scanID, begunSince])
        try db.execute(
            sql: """
                UPDATE endpoints SET \(Self.stages), \(Self.remainder), state = 'pending', due_at = NULL
                WHERE \(Self.isDoubtful)
                """, arguments: [scanID])
        return db.changesCount
    }

    /// Notes down the endpoints with such attempts since.
    private func gather(_ attempts: String, _ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE doubtful (mx_host TEXT, ip TEXT, port INTEGER, PRIMARY KEY (mx_host, ip, port))
                    WITHOUT ROWID
                """)
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO temp.doubtful SELECT e.mx_host, e.ip, e.port
                FROM attempts CROSS JOIN endpoints e USING (scan_id, mx_host, ip, port)
                WHERE scan_id = ? AND at >= ? AND \(attempts) AND e.last_at >= ?
                """, arguments: [scanID, begunSince, since])
    }

    private static let isDoubtful =
        "scan_id = ? AND (mx_host, ip, port) IN (SELECT mx_host, ip, port FROM temp.doubtful)"

    private static let stages =
        ["tcp", "greeting", "ehlo", "starttls", "tls"].map { "\($0) = 'not_measured'" }.joined(separator: ", ")
        + ", "
        + [
            "tcp_errno", "greeting_code", "ehlo_code", "starttls_code", "banner_software", "ehlo_extensions",
            "ehlo_extensions_tls", "requiretls", "size_limit", "rtt_ms", "final_class", "hellos", "inference_check",
        ].map { "\($0) = NULL" }.joined(separator: ", ")
    /// What the attempts from before say.
    private static let remainder = ["attempts": "count(*)", "first_at": "min(at)", "last_at": "max(at)"].sorted {
        $0.key < $1.key
    }.map { column, value in
        """
        \(column) = (SELECT \(value) FROM attempts a WHERE a.scan_id = endpoints.scan_id
            AND a.mx_host = endpoints.mx_host AND a.ip = endpoints.ip AND a.port = endpoints.port
            AND a.hello_profile = 'full')
        """
    }.joined(separator: ", ")

    /// Raw hellos hold for everybody at the address and port.
    func forgetHellos(_ db: Database) throws {
        try gather("hello_profile <> 'full'", db)
        defer { try? db.execute(sql: "DROP TABLE temp.doubtful") }
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO temp.doubtful SELECT e.mx_host, e.ip, e.port
                FROM temp.doubtful d CROSS JOIN endpoints e INDEXED BY endpoints_address
                    ON e.scan_id = ? AND e.ip = d.ip AND e.port = d.port
                """, arguments: [scanID])
        for table in ["endpoint_certs", "tls_probes"] {
            try db.execute(
                sql: "DELETE FROM \(table) WHERE \(Self.isDoubtful) AND hello_profile <> 'full'", arguments: [scanID])
        }
        try db.execute(sql: "DELETE FROM tls_suites WHERE \(Self.isDoubtful)", arguments: [scanID])
        try db.execute(
            sql: "DELETE FROM attempts WHERE \(Self.isDoubtful) AND hello_profile <> 'full' AND at >= ?",
            arguments: [scanID, begunSince])
        try db.execute(
            sql: "UPDATE endpoints SET hellos = 'pending' WHERE \(Self.isDoubtful) AND hellos = 'done'",
            arguments: [scanID])
    }

    /// Policy files come over the same network.
    func forgetPolicies(_ db: Database) throws {
        let fetched = "scan_id = :scan AND fetched_at >= :since"
        let domains = "scan_id = :scan AND domain IN (SELECT domain FROM mta_sts WHERE \(fetched))"
        try db.execute(
            sql: "UPDATE domain_mx SET sts_match = 'not_measured' WHERE \(domains)", arguments: key)
        try db.execute(sql: "UPDATE domains SET sts_domain = 'not_measured' WHERE \(domains)", arguments: key)
        try db.execute(
            sql: """
                UPDATE mta_sts SET fetch = 'not_measured', http_status = NULL, policy = 'not_measured', mode = NULL,
                    max_age = NULL, mx_patterns = NULL, policy_sha256 = NULL, host_cert_sha256 = NULL,
                    match_domain = 'not_measured', fetched_at = NULL, flags = NULL,
                    content_type = NULL, policy_text = NULL, fault_line = NULL, host_alias = NULL, due_at = 0,
                    attempts = attempts - 1
                WHERE \(fetched)
                """, arguments: key)
    }

    /// An answer of DNS is an answer; that there was none may have been our own network.
    func forgetLookups(_ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE domains SET mx_rcode = NULL, dns_mx_outcome = 'not_measured', dns_mx_dnssec = 'not_measured',
                    dnssec_reason = NULL, ede_code = NULL, ede_text = NULL, sha1_only = NULL, mx_shape = 'not_measured',
                    mx_flags = NULL, sts_domain = 'not_measured', measured_at = NULL, due_at = NULL
                WHERE scan_id = :scan AND measured_at >= :since
                    AND dns_mx_outcome IN (\(ScanProgress.inconclusive("dns")))
                """, arguments: key)
        try db.execute(
            sql: """
                UPDATE mx_hosts SET measured_at = NULL, due_at = NULL WHERE scan_id = :scan AND measured_at >= :since
                    AND (address_v4_outcome = 'dns_tempfail' OR address_v6_outcome = 'dns_tempfail')
                """, arguments: key)
    }
}
