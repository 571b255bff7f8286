// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// Who asks to be left alone while a scan is unfinished leaves its tables when their turn comes; a number remains.
extension ScanSession {
    /// Forgets a domain that was not asked about yet.
    public func forget(domain: DomainName) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 2) { [self] db in
            try db.execute(
                sql: "DELETE FROM domains WHERE scan_id = ? AND domain = ?", arguments: [scanID, "\(domain)"])
            guard db.changesCount > 0 else { return }
            try db.execute(
                sql: "UPDATE scans SET optout_rows = optout_rows + 1 WHERE scan_id = ?", arguments: [scanID])
            count { $0.domains.total -= 1 }
        }
    }

    /// Forgets a mail host that was not looked up yet, and that any domain named it.
    public func forget(host: DomainName) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 2) { [self] db in
            let key: StatementArguments = [scanID, "\(host)"]
            try db.execute(sql: "DELETE FROM domain_mx WHERE scan_id = ? AND mx_host = ?", arguments: key)
            try db.execute(sql: "DELETE FROM mx_hosts WHERE scan_id = ? AND mx_host = ?", arguments: key)
            if db.changesCount > 0 { count { $0.hosts.total -= 1 } }
        }
    }

    /// Forgets an endpoint that was not probed yet.
    public func forget(endpoint: Endpoint) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 1) { [self] db in
            try db.execute(
                sql: "DELETE FROM endpoints WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ?",
                arguments: [scanID, "\(endpoint.host)", "\(endpoint.address)", endpoint.port])
            if db.changesCount > 0 { count { $0.endpoints.total -= 1 } }
        }
    }
}
