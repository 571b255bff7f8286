// SPDX-License-Identifier: Apache-2.0
// The file format of a survey: an SQLite database with our mark in its header (PRAGMA application_id) and the number of
// the schema beside it (PRAGMA user_version). A migration that has been released is never edited; the next one changes
// what it made.
import GRDB

enum Schema {
    /// "mxcs", in the header of every survey, so that another program's database is not mistaken for one.
    static let applicationID: Int32 = 0x6D78_6373
    /// The schema that this program reads and writes.
    static let version = 1

    /// Brings an empty or older survey to `version`.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { db in
            try db.execute(sql: SchemaV1.listAndHosts)
            try db.execute(sql: SchemaV1.endpoints)
            try db.execute(sql: SchemaV1.policies)
            try db.execute(sql: SchemaV1.judgements)
            try db.execute(sql: SchemaV1.local)
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = 1")
        }
        return migrator
    }
}

/// The first schema. Values of an enum column are the words of the published vocabulary; a column that nobody has filled
/// yet says `not_measured`. The words themselves are not repeated in CHECK constraints: the writer takes enums, and a
/// vocabulary that grows must not need a rebuilt table. What a later stage implies about an earlier one is checked.
enum SchemaV1 {}

extension SchemaV1 {
    /// What `column IN ('a', 'b', 'c')` says, word by word. Of a list of more than two SQLite makes a table each time that
    /// a row is written and the constraint is looked at, which costs more than the row.
    static func isOne(_ column: String, of words: String...) -> String {
        "(" + words.map { "\(column) = '\($0)'" }.joined(separator: " OR ") + ")"
    }
}
