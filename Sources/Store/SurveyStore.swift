// SPDX-License-Identifier: Apache-2.0
// The survey's database: one SQLite file, one connection of ours, one writing process. In WAL mode readers (another
// `mxcensus stats`, a notebook) see the last commit and disturb nobody. With synchronous = NORMAL a killed process loses
// what it had not committed and nothing else; a power cut may also lose the last commits, never the file's integrity
// (https://sqlite.org/pragma.html#pragma_synchronous). The scan then measures those rows again.
import GRDB

/// An open survey database.
public final class SurveyStore: Sendable {
    /// What may be done with the file.
    public enum Access: Sendable {
        /// Reads and writes, makes the file where it is missing, keeps other writers out.
        case createOrOpen
        /// Reads and writes an existing file, keeps other writers out.
        case openExisting
        /// Reads an existing file.
        case readOnly
    }

    /// The file, as messages name it.
    public let path: String
    let database: DatabaseQueue
    private let lock: WriterLock?

    /// Opens the file at `path`; a new or empty file becomes a survey.
    public init(path: String, access: Access) throws(StoreError) {
        if access != .createOrOpen { try Self.requireFile(at: path) }
        self.path = path
        lock = access == .readOnly ? nil : try WriterLock(besides: path)
        do {
            // Looked at before the journal mode is set, which would already write to a stranger's file.
            try Self.recognise(path, access: access)
            database = try DatabaseQueue(path: path, configuration: Self.configuration(access))
            if access != .readOnly { try Schema.migrator.migrate(database) }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// A survey that is gone when it is released; for tests.
    public static func inMemory() throws(StoreError) -> SurveyStore { try SurveyStore() }

    private init() throws(StoreError) {
        path = "(memory)"
        lock = nil
        do {
            database = try DatabaseQueue(configuration: Self.configuration(.createOrOpen, journal: false))
            try Schema.migrator.migrate(database)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static func configuration(_ access: Access, journal: Bool = true) -> Configuration {
        var configuration = Configuration()
        configuration.label = "survey"
        configuration.readonly = access == .readOnly
        configuration.busyMode = .timeout(10)
        if journal, access != .readOnly { configuration.journalMode = .wal }
        configuration.prepareDatabase { db in
            // 4 MiB of pages, sorting on disk: memory does not grow with the number of domains.
            try db.execute(sql: "PRAGMA cache_size = -4096")
            try db.execute(sql: "PRAGMA temp_store = FILE")
            guard access != .readOnly else { return }
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
        }
        return configuration
    }

    private static func requireFile(at path: String) throws(StoreError) {
        guard FileSystem.exists(path) else { throw .missing(path: path) }
    }

    /// Refuses a file that is not ours before anything is written to it.
    private static func recognise(_ path: String, access: Access) throws {
        guard FileSystem.size(path) ?? 0 > 0 else {
            guard access != .readOnly else { throw StoreError.notASurvey(path: path, detail: "it is empty") }
            return
        }
        var configuration = Configuration()
        configuration.readonly = access == .readOnly
        configuration.busyMode = .timeout(10)
        let visitor = try DatabaseQueue(path: path, configuration: configuration)
        try visitor.inDatabase { db in
            let mark = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            if access != .readOnly, try isUnbegun(db) { return }
            guard mark == Schema.applicationID else {
                throw StoreError.notASurvey(path: path, detail: "it is the database of another program")
            }
            guard version == Schema.version else {
                throw StoreError.otherVersion(path: path, found: version, supported: Schema.version)
            }
        }
        try visitor.close()
    }

    /// Nothing at all, or a survey whose first writer ended before it had a schema: the migrator begins with a list of its
    /// own, in a transaction of its own.
    private static func isUnbegun(_ db: Database) throws -> Bool {
        let names = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type <> 'index'")
        guard names == ["grdb_migrations"] else { return names.isEmpty }
        return try Int.fetchOne(db, sql: "SELECT count(*) FROM grdb_migrations") == 0
    }

    /// Reads on the connection's own thread; for commands that wait for the answer anyway.
    func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
        do {
            return try database.read(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
