// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations

/// What the TLSA question came to for the ports of a host beside mail's: each port has records of its own (RFC 6698 §3).
struct PortTLSARows {
    let scanID: String
    let host: String

    /// A port and what was found for it.
    struct Found {
        let port: Int
        let lookup: TLSALookup
    }

    /// What an earlier visit of this scan found is replaced.
    func replace(port: Int, by found: TLSALookup, _ db: Database) throws {
        let isUsable = found.status.security == .secure && found.records.contains { $0.usability == .usable }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO port_tlsa (scan_id, mx_host, port, tlsa_base, tlsa_outcome, tlsa_dnssec, records,
                    is_usable)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            scanID, host, port, found.base?.description, found.status.outcome.rawValue,
            found.status.security.rawValue, JSONText.array(found.records.map(text)), isUsable,
        ])
    }

    /// What was found for each port.
    func all(_ db: Database) throws -> [Found] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT port, tlsa_base, tlsa_outcome, tlsa_dnssec, records FROM port_tlsa
                    WHERE scan_id = ? AND mx_host = ? ORDER BY port
                    """), arguments: [scanID, host]
        ).map { row in
            let base: String? = row[1]
            let lookup = TLSALookup(
                base: try base.map { try StoredName.read($0) },
                status: LookupStatus(outcome: try word(row, 2), security: try word(row, 3)),
                records: try JSONText.strings(row[4]).map(record))
            return Found(port: row[0], lookup: lookup)
        }
    }

    /// The fields as zone files write them, and what is wrong with the data: only who can read DER knows.
    private func text(_ record: TLSARecord) -> String { "\(record) \(record.usability.rawValue)" }

    private func record(_ text: String) throws -> TLSARecord {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        let numbers = words.prefix(3).compactMap { Int($0) }
        guard words.count == 5, numbers.count == 3 else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\"\(text)\" is no TLSA record")
        }
        return TLSARecord(
            certificateUsage: numbers[0], selector: numbers[1], matchingType: numbers[2],
            associationData: try HexText.octets(String(words[3])),
            isFullDataReadable: words[4] != TLSARecord.Usability.unparsable.rawValue)
    }
}
