// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// One valid line of a list.
public struct InputRow: Hashable, Sendable {
    /// The domain.
    public var domain: DomainName
    /// Its U-label form, where that differs.
    public var unicode: String?
    /// Its rank, where the list has one.
    public var rank: Int?
    /// Every other column of the list.
    public var labels: [String: String]
    /// The registered domain above it by the public suffix list, where one was asked.
    public var registeredDomain: String?

    /// Takes the domain and what the list says of it.
    public init(
        domain: DomainName, unicode: String? = nil, rank: Int? = nil, labels: [String: String] = [:],
        registeredDomain: String? = nil
    ) {
        self.domain = domain
        self.unicode = unicode
        self.rank = rank
        self.labels = labels
        self.registeredDomain = registeredDomain
    }
}

/// A line that is no domain. Never released.
public struct InputError: Hashable, Sendable {
    /// The list's file, `-` for standard input.
    public var file: String
    /// From 1.
    public var line: Int
    /// The line as read, cut where it is long.
    public var text: String
    /// What is wrong with it, for people.
    public var reason: String

    /// Takes all of it.
    public init(file: String, line: Int, text: String, reason: String) {
        self.file = file
        self.line = line
        self.text = text
        self.reason = reason
    }
}

extension ScanSession {
    /// Adds domains as pending; the first line of a domain wins. Reading the lists again changes nothing.
    public func addInput(_ rows: [InputRow]) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: rows.count) { [self] db in
            let insert = try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO domains (scan_id, domain, domain_unicode, rank, labels, etld1)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """)
            var added = 0
            for row in rows {
                try insert.execute(arguments: [
                    scanID, "\(row.domain)", row.unicode, row.rank, JSONText.object(row.labels), row.registeredDomain,
                ])
                added += db.changesCount
            }
            count { $0.domains.total += added }
        }
    }

    /// Keeps the lines that are no domains, once each however often the lists are read.
    public func addInputErrors(_ errors: [InputError]) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: errors.count) { db in
            let insert = try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO input_errors (scan_id, file, line, text, reason) VALUES (?, ?, ?, ?, ?)")
            for error in errors {
                try insert.execute(arguments: [
                    scanID, error.file, error.line, String(error.text.prefix(200)), error.reason,
                ])
            }
        }
    }

    /// Ends the reading of the lists and replaces the scan's counts by those of this whole reading.
    ///
    /// `rows` counts the lines that hold something (no header, comment or empty line); `optedOut` those whose domain is
    /// opted out, which were not added. Duplicates are the lines that are neither and made no row of their own.
    public func finishInput(rows: Int, invalid: Int, optedOut: Int) async throws(StoreError) {
        let scanID = scanID
        try await writer.perform { db in
            try db.execute(
                sql: """
                    UPDATE scans SET input_rows = ?1, invalid_rows = ?2, optout_rows = ?3, input_complete = 1,
                        duplicate_rows = ?1 - ?2 - ?3 - (SELECT count(*) FROM domains WHERE scan_id = ?4)
                    WHERE scan_id = ?4
                    """, arguments: [rows, invalid, optedOut, scanID])
        }
    }
}
