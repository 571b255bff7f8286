// SPDX-License-Identifier: Apache-2.0
import GRDB

/// Writes the tables of a scan as CSV: the same database gives the same octets, whenever and however often.
///
/// Rows are sorted by their key, so that two releases can be compared line by line, and streamed, so that memory does not
/// grow with the scan. All files show one moment of the database, even while a scan goes on.
public struct Exporter: Sendable {
    /// A file that was written.
    public struct File: Hashable, Sendable {
        /// Its path.
        public let path: String
        /// Its rows, the header not counted.
        public let rows: Int
    }

    private let store: SurveyStore
    private let scanID: String

    /// An exporter of one scan.
    public init(_ store: SurveyStore, scanID: String) {
        self.store = store
        self.scanID = scanID
    }

    /// Writes `TABLE.csv` for every table into the folder, which is made where it is missing. A file appears when all are
    /// complete; files of these names that were there before are replaced only then.
    public func write(to folder: String) throws(StoreError) -> [File] {
        try FileSystem.makeFolder(folder)
        return try store.read { db in
            guard try Bool.fetchOne(db, sql: "SELECT 1 FROM scans WHERE scan_id = ?", arguments: [scanID]) != nil else {
                throw StoreError.noSuchScan(path: store.path, scanID: scanID)
            }
            defer { for table in ExportedTable.all { CSVFile.discard(path(of: table, in: folder)) } }
            let files = try ExportedTable.all.map { table in
                let path = path(of: table, in: folder)
                return File(path: path, rows: try write(table, to: path, db))
            }
            for file in files { try CSVFile.publish(file.path) }
            return files
        }
    }

    private func path(of table: ExportedTable, in folder: String) -> String { "\(folder)/\(table.name).csv" }

    private func write(_ table: ExportedTable, to path: String, _ db: Database) throws -> Int {
        var file = try CSVFile(path: path)
        for column in table.columns { file.field(column.name) }
        try file.endLine()
        let cells = table.columns.map { Cell($0, in: table) }
        let rows = try Row.fetchCursor(db, sql: table.query, arguments: [scanID])
        var count = 0
        while let row = try rows.next() {
            for (index, cell) in cells.enumerated() { file.field(cell.text(of: row, at: index)) }
            try file.endLine()
            count += 1
        }
        try file.close()
        return count
    }
}

/// One column's way from a row to its cell.
private struct Cell {
    let form: ExportedColumn.Form
    let whenNull: NullRule
    /// Where the row has the word that the null rule asks for.
    let wordAt: Int

    init(_ column: ExportedColumn, in table: ExportedTable) {
        form = column.form
        whenNull = column.whenNull
        guard case .stage(let expression, _) = column.whenNull,
            let place = table.stageExpressions.firstIndex(of: expression)
        else {
            wordAt = 0
            return
        }
        wordAt = table.columns.count + place
    }

    func text(of row: Row, at index: Int) -> String {
        let value: DatabaseValue = row[index]
        switch value.storage {
        case .null: return nullText(row)
        case .int64(let number): return form == .boolean ? (number == 0 ? "false" : "true") : String(number)
        case .double(let number): return "\(number)"
        case .string(let text):
            switch form {
            case .plain, .json, .boolean: return text
            case .freeText: return FreeText.guarded(text)
            case .policyText: return FreeText.guarded(FreeText.withoutMailboxes(text))
            }
        case .blob: return ""
        }
    }

    private func nullText(_ row: Row) -> String {
        switch whenNull {
        case .notApplicable: NullCell.notApplicable
        case .notMeasured: NullCell.notMeasured
        case .stage(_, let stage): NullCell.text(word: row[wordAt], of: stage)
        }
    }
}

/// Words that others chose. A spreadsheet takes a cell that begins with one of `= + - @` for a formula, and a reader would
/// take `NM` for a missing value: an apostrophe in front says that it is text.
enum FreeText {
    static func guarded(_ text: String) -> String {
        guard let first = text.utf8.first else { return text }
        let looksLikeFormula = "=+-@".utf8.contains(first)
        let looksMissing = text == NullCell.notMeasured || text == NullCell.unknown
        return looksLikeFormula || looksMissing ? "'" + text : text
    }

    /// A record's text with `mailto:@example.com` for `mailto:somebody@example.com`: whose mailbox it is, a release need
    /// not say.
    static func withoutMailboxes(_ text: String) -> String {
        let scheme = Array("mailto:".utf8)
        var kept: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.first {
            let isAddress = rest.count >= scheme.count && zip(rest, scheme).allSatisfy { $0 | 0x20 == $1 | 0x20 }
            guard isAddress else {
                kept.append(octet)
                rest.removeFirst()
                continue
            }
            kept += rest.prefix(scheme.count)
            rest = rest.dropFirst(scheme.count)
            let local = rest.prefix { !"@ ,;".utf8.contains($0) }
            // A text that was cut inside an address has no `@` left.
            rest = rest.dropFirst(local.count)
        }
        return String(decoding: kept, as: UTF8.self)
    }
}
