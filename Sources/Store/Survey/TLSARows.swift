// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations

/// The TLSA records below one base domain, one row each. Hosts that are aliases of one name share them.
struct TLSARows {
    let scanID: String
    let base: DomainName

    /// What an earlier visit of this scan found there is replaced.
    func replace(by found: TLSALookup, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM tlsa WHERE scan_id = ? AND tlsa_base = ?")
            .execute(arguments: [scanID, base.description])
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO tlsa (scan_id, tlsa_base, usage, selector, mtype, data_hex, dnssec, usable, shadowed)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let shadowed = TLSARecord.shadowed(in: found.records)
        for (index, record) in found.records.enumerated() {
            try insert.execute(arguments: [
                scanID, base.description, record.certificateUsage, record.selector, record.matchingType,
                HexText.text(record.associationData), found.status.security.rawValue, record.usability.rawValue,
                shadowed.contains(index),
            ])
        }
    }

    /// The records, in the order of their key.
    func records(_ db: Database) throws -> [TLSARecord] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT usage, selector, mtype, data_hex, usable FROM tlsa WHERE scan_id = ? AND tlsa_base = ?
                    ORDER BY usage, selector, mtype, data_hex
                    """), arguments: [scanID, base.description])
        return try rows.map { row in
            TLSARecord(
                certificateUsage: row[0], selector: row[1], matchingType: row[2],
                associationData: try HexText.octets(row[3]),
                isFullDataReadable: row[4] != TLSARecord.Usability.unparsable.rawValue)
        }
    }

    /// Adds addresses to those that a record is known to match; with none, says that it was compared.
    func add(_ addresses: [IPAddress], to record: TLSARecord, _ db: Database) throws {
        let key: StatementArguments = [
            scanID, base.description, record.certificateUsage, record.selector, record.matchingType,
            HexText.text(record.associationData),
        ]
        let condition =
            "WHERE scan_id = ? AND tlsa_base = ? AND usage = ? AND selector = ? AND mtype = ? AND data_hex = ?"
        let known = try String.fetchOne(
            db.cachedStatement(sql: "SELECT matched_ips FROM tlsa \(condition)"), arguments: key)
        let all = Set(JSONText.strings(known) + addresses.map(\.description)).sorted()
        try db.cachedStatement(sql: "UPDATE tlsa SET matched_ips = ? \(condition)")
            .execute(arguments: [JSONText.array(all)] + key)
    }
}

/// Octets as lower-case hexadecimal text.
enum HexText {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ octets: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * octets.count)
        for octet in octets {
            text.append(digits[Int(octet >> 4)])
            text.append(digits[Int(octet & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func octets(_ text: String) throws -> [UInt8] {
        let values = text.utf8.map { digits.firstIndex(of: $0) }
        let nibbles = values.compactMap(\.self)
        guard nibbles.count == values.count, nibbles.count.isMultiple(of: 2) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\"\(text)\" is not hexadecimal")
        }
        return stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
    }
}
