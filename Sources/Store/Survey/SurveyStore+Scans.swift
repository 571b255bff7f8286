// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations

extension SurveyStore {
    /// Begins the scan of `description`, or goes on with the one of the same configuration.
    ///
    /// A complete scan of that configuration is left as it is and says so in `ScanSession.beginning`; `again` begins a
    /// new one beside it instead. `rowsPerBatch` is the size of a transaction.
    public func beginOrResumeScan(
        _ description: ScanDescription, again: Bool = false, rowsPerBatch: Int = 2_000
    ) throws(StoreError) -> ScanSession {
        do {
            return try database.write { db in
                let (scanID, beginning) = try Self.enter(description, again: again, db)
                return try ScanSession(
                    self, scanID: scanID, beginning: beginning, rowsPerBatch: rowsPerBatch, db)
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// A session on a scan that is there already, for judging it again.
    public func reopenScan(_ scanID: String, rowsPerBatch: Int = 2_000) throws(StoreError) -> ScanSession {
        try read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT resumed_count, status, ended_at FROM scans WHERE scan_id = ?", arguments: [scanID])
            guard let row else { throw StoreError.noSuchScan(path: path, scanID: scanID) }
            return try ScanSession(
                self, scanID: scanID, beginning: Self.beginning(of: row), rowsPerBatch: rowsPerBatch, db)
        }
    }

    /// The identifiers of the scans in the file, the earliest first; of those that began in one second, the one that was
    /// entered first.
    public func scanIDs() throws(StoreError) -> [String] {
        try read { db in
            try String.fetchAll(db, sql: "SELECT scan_id FROM scans ORDER BY started_at, rowid")
        }
    }

    /// The latest scan.
    public func latestScanID() throws(StoreError) -> String {
        guard let last = try scanIDs().last else { throw .noSuchScan(path: path, scanID: nil) }
        return last
    }

    /// Whether a dry run was done to its end with this conduct.
    public func hasDryRun(conduct sha256: String) throws(StoreError) -> Bool {
        try read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM scans WHERE conduct_sha256 = ? AND is_dry_run AND status = 'complete')
                    """, arguments: [sha256]) ?? false
        }
    }

    private static func enter(
        _ description: ScanDescription, again: Bool, _ db: Database
    ) throws -> (String, ScanBeginning) {
        let known = try Row.fetchOne(
            db,
            sql: """
                SELECT scan_id, resumed_count, status, ended_at FROM scans
                WHERE config_sha256 = ? ORDER BY started_at DESC, rowid DESC LIMIT 1
                """, arguments: [description.configSHA256])
        guard let known, !(again && known["status"] == ScanStatus.complete.rawValue) else {
            return (try insert(description, db), .new)
        }
        let scanID: String = known["scan_id"]
        if known["status"] == ScanStatus.complete.rawValue { return (scanID, beginning(of: known)) }
        try db.execute(
            sql: """
                UPDATE scans SET resumed_count = resumed_count + 1, status = 'partial', ended_at = NULL
                WHERE scan_id = ?
                """, arguments: [scanID])
        return (scanID, .resumed(count: known["resumed_count"] + 1))
    }

    private static func beginning(of row: Row) -> ScanBeginning {
        row["status"] == ScanStatus.complete.rawValue
            ? .alreadyComplete(at: row["ended_at"] ?? "") : .resumed(count: row["resumed_count"])
    }

    /// The identifier tells when and of what: 20261122T195929Z-1a2b3c4d.
    private static func insert(_ description: ScanDescription, _ db: Database) throws -> String {
        let moment = "\(description.startedAt)".filter { $0 != "-" && $0 != ":" }
        let stem = moment + "-" + description.configSHA256.prefix(8)
        var scanID = stem
        var repetition = 1
        while try Bool.fetchOne(db, sql: "SELECT 1 FROM scans WHERE scan_id = ?", arguments: [scanID]) != nil {
            repetition += 1
            scanID = "\(stem)-\(repetition)"
        }
        try db.execute(
            sql: """
                INSERT INTO scans (scan_id, started_at, vantage_id, tool_version, config_sha256, list_name, list_id,
                    list_sha256, dnssec_mode, root_store, root_store_sha256, openssl_version, ldns_version, ehlo_name,
                    contact, info_url, seed, conduct_sha256, is_dry_run)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                scanID, "\(description.startedAt)", description.vantageID, description.toolVersion,
                description.configSHA256, description.listName, description.listID, description.listSHA256,
                description.dnssecMode.rawValue, description.rootStore, description.rootStoreSHA256,
                description.opensslVersion, description.ldnsVersion, description.ehloName, description.contact,
                description.infoURL,
                ProbeOrder.seed(for: description.configSHA256), description.conductSHA256, description.isDryRun,
            ])
        return scanID
    }
}
