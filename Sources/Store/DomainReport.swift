// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// Everything that a scan holds about one domain, as the tables say it, for printing.
public struct DomainReport: Hashable, Sendable {
    /// One cell of a row.
    public struct Cell: Hashable, Sendable {
        /// The column.
        public let name: String
        /// Its value; nil where it is empty, and the stage of the same row says why.
        public let value: Value?
    }

    /// What stands in a cell.
    public enum Value: Hashable, Sendable {
        /// Names, words, moments, digests.
        case text(String)
        /// Counts, codes, ports.
        case integer(Int64)
        /// Shares.
        case number(Double)
        /// Yes or no.
        case boolean(Bool)
        /// An array or an object, as JSON.
        case json(String)

        /// As a table has it.
        public var text: String {
            switch self {
            case .text(let text), .json(let text): text
            case .integer(let number): String(number)
            case .number(let number): "\(number)"
            case .boolean(let flag): flag ? "true" : "false"
            }
        }
    }

    /// A row: its cells in the order of the schema, local ones left out.
    public struct Record: Hashable, Sendable {
        /// The cells.
        public let columns: [Cell]

        /// The value of a column as text; nil where it is empty or not there.
        public subscript(_ name: String) -> String? { columns.first { $0.name == name }?.value?.text }
    }

    /// One of the domain's MX hosts.
    public struct Host: Hashable, Sendable {
        /// The row of `domain_mx`.
        public let link: Record
        /// The row of `mx_hosts`.
        public let host: Record
        /// Why its addresses are bogus; nil where they are not.
        public let addressFault: AddressFault?
        /// The rows of `tlsa` below its base domain.
        public let tlsa: [Record]
        /// Its endpoints, by address and port.
        public let endpoints: [EndpointRecord]
    }

    /// Why validation refuses the addresses of a host. Not released.
    public struct AddressFault: Hashable, Sendable {
        /// A sentence that names the zone and the key.
        public let reason: String
        /// INFO-CODE of RFC 8914, where one fits.
        public let code: Int?
    }

    /// Where a policy is wrong. Not released.
    public struct PolicyFault: Hashable, Sendable {
        /// Whose record it is, or whose there might be; nil of a policy file.
        public let domain: String?
        /// The part of it; of several report addresses each, with a comma between them.
        public let part: String?
    }

    /// One endpoint of a host.
    public struct EndpointRecord: Hashable, Sendable {
        /// The row of `endpoints`.
        public let endpoint: Record
        /// Its rows of `tls_probes` with the certificates that each was shown.
        public let probes: [Probe]
    }

    /// One probe of an endpoint.
    public struct Probe: Hashable, Sendable {
        /// The row of `tls_probes`.
        public let probe: Record
        /// The rows of `certificates`, the host's first.
        public let certificates: [Record]
    }

    /// The row of `domains`.
    public let domain: Record
    /// Its row of `mta_sts`; nil where nobody asked.
    public let mtaSTS: Record?
    /// Its rows of `txt_policies`, by kind.
    public let textPolicies: [Record]
    /// What is wrong with these, by kind, and with the policy file of MTA-STS: `fetch` holds its media type, `policy` its
    /// line.
    public let policyFaults: [String: PolicyFault]
    /// The policy file of MTA-STS, as far as it is kept; nil where none was read. Not released.
    public let policyFile: String?
    /// Its hosts, by preference and name.
    public let hosts: [Host]

    /// The row of `txt_policies` of a kind.
    public func textPolicy(_ kind: String) -> Record? { textPolicies.first { $0["kind"] == kind } }

    /// Reads the report; nil where the scan has no such domain.
    public init?(_ domain: DomainName, in store: SurveyStore, scanID: String) throws(StoreError) {
        let reader = ReportReader(scanID: scanID)
        let name = "\(domain)"
        let found = try store.read { db -> (Record, Record?, [Record], [String: PolicyFault], String?, [Host])? in
            guard let row = try reader.records(.domains, "domain = ?", [name], db).first else { return nil }
            return (
                row, try reader.records(.mtaSTS, "domain = ?", [name], db).first,
                try reader.records(.txtPolicies, "domain = ? ORDER BY kind", [name], db),
                try reader.policyFaults(of: name, db), try reader.policyFile(of: name, db),
                try reader.hosts(of: name, db)
            )
        }
        guard let found else { return nil }
        (self.domain, mtaSTS, textPolicies, policyFaults, policyFile, hosts) = found
    }
}

/// Follows the keys from a domain down to the certificates.
private struct ReportReader {
    let scanID: String

    func hosts(of domain: String, _ db: Database) throws -> [DomainReport.Host] {
        let links = try records(.domainMX, "domain = ? ORDER BY preference, mx_host", [domain], db)
        return try links.compactMap { link in
            guard let name = link["mx_host"], let host = try records(.hosts, "mx_host = ?", [name], db).first else {
                return nil
            }
            let endpoints = try records(.endpoints, "mx_host = ? ORDER BY ip, port", [name], db)
            return DomainReport.Host(
                link: link, host: host, addressFault: try addressFault(of: name, db),
                tlsa: try records(
                    .tlsa, "tlsa_base = ? ORDER BY usage, selector, mtype, data_hex", [host["tlsa_base"]], db),
                endpoints: try endpoints.map {
                    DomainReport.EndpointRecord(endpoint: $0, probes: try probes(of: $0, db))
                })
        }
    }

    func policyFaults(of domain: String, _ db: Database) throws -> [String: DomainReport.PolicyFault] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT kind, problem_at, problem_term FROM txt_policies
                    WHERE scan_id = :scan AND domain = :domain AND problem_at IS NOT NULL
                UNION ALL SELECT 'policy', NULL, 'line ' || fault_line FROM mta_sts
                    WHERE scan_id = :scan AND domain = :domain AND fault_line IS NOT NULL
                UNION ALL SELECT 'fetch', NULL, content_type FROM mta_sts
                    WHERE scan_id = :scan AND domain = :domain AND fetch = 'content_type_not_text_plain'
                """, arguments: ["scan": scanID, "domain": domain])
        return Dictionary(
            rows.map { ($0[0], DomainReport.PolicyFault(domain: $0[1], part: $0[2])) }, uniquingKeysWith: { $1 })
    }

    func policyFile(of domain: String, _ db: Database) throws -> String? {
        try String.fetchOne(
            db, sql: "SELECT policy_text FROM mta_sts WHERE scan_id = ? AND domain = ?", arguments: [scanID, domain])
    }

    private func addressFault(of host: String, _ db: Database) throws -> DomainReport.AddressFault? {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT address_reason, address_ede_code FROM mx_hosts
                WHERE scan_id = ? AND mx_host = ? AND address_reason IS NOT NULL
                """, arguments: [scanID, host])
        return row.map { DomainReport.AddressFault(reason: $0[0], code: $0[1]) }
    }

    private func probes(of endpoint: DomainReport.Record, _ db: Database) throws -> [DomainReport.Probe] {
        let key = ["mx_host", "ip", "port"].map { endpoint[$0] }
        let probes = try records(.tlsProbes, "mx_host = ? AND ip = ? AND port = ? ORDER BY hello_profile", key, db)
        return try probes.map { probe in
            let shown = try records(
                .certificates,
                """
                JOIN endpoint_certs USING (cert_sha256) WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ?
                    AND hello_profile = ? ORDER BY position
                """, [scanID] + key + [probe["hello_profile"]], db)
            return DomainReport.Probe(probe: probe, certificates: shown)
        }
    }

    /// Rows of a table: of this scan under a condition, or by a whole join where the table knows no scan.
    func records(
        _ table: ExportedTable, _ condition: String, _ arguments: [String?], _ db: Database
    ) throws -> [DomainReport.Record] {
        let names = table.columns.map { "\(table.name).\"\($0.name)\"" }.joined(separator: ", ")
        let isOfScan = table.columns.contains { $0.name == "scan_id" }
        let rest = isOfScan ? "WHERE scan_id = ? AND \(condition)" : condition
        let rows = try Row.fetchCursor(
            db, sql: "SELECT \(names) FROM \(table.name) \(rest)",
            arguments: StatementArguments(isOfScan ? [scanID] + arguments : arguments))
        return try Array(rows.map { row in DomainReport.Record(columns: cells(of: row, table)) })
    }

    private func cells(of row: Row, _ table: ExportedTable) -> [DomainReport.Cell] {
        var cells: [DomainReport.Cell] = []
        for (index, column) in table.columns.enumerated() {
            cells.append(DomainReport.Cell(name: column.name, value: value(of: row[index], column.form)))
        }
        return cells
    }

    private func value(of value: DatabaseValue, _ form: ExportedColumn.Form) -> DomainReport.Value? {
        switch value.storage {
        case .string(let text): form == .json ? .json(text) : .text(text)
        case .int64(let number): form == .boolean ? .boolean(number != 0) : .integer(number)
        case .double(let number): .number(number)
        case .null, .blob: nil
        }
    }
}
