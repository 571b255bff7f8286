// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct SurveyStoreTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func error(_ path: String, _ access: SurveyStore.Access = .createOrOpen) throws -> StoreError {
        try #require(throws: StoreError.self) { _ = try SurveyStore(path: path, access: access) }
    }

    private func strangersDatabase(_ sql: String) throws -> String {
        let path = folder.file("stranger.sqlite")
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
        return path
    }

    @Test func aNewFileIsMadeAndOpenedAgain() throws {
        let path = folder.file("new.sqlite")
        do { _ = try SurveyStore(path: path, access: .createOrOpen) }
        #expect(try SurveyStore(path: path, access: .readOnly).scanIDs() == [])
        #expect(try SurveyStore(path: path, access: .openExisting).rows("PRAGMA journal_mode") == ["wal"])
        #expect(!FileManager.default.fileExists(atPath: path + ".lock"))
    }

    @Test func anEmptyFileBecomesASurveyButIsNoneToRead() throws {
        let path = folder.file("empty.sqlite")
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        #expect(try error(path, .readOnly) == .notASurvey(path: path, detail: "it is empty"))
        #expect(try SurveyStore(path: path, access: .createOrOpen).scanIDs() == [])
    }

    @Test func aMissingFileOrFolderIsNamed() throws {
        let path = folder.file("none.sqlite")
        #expect(try error(path, .readOnly) == .missing(path: path))
        #expect(try error(path, .openExisting) == .missing(path: path))
        let deep = folder.file("no/such/folder.sqlite")
        #expect(try error(deep) == .missing(path: deep))
    }

    @Test func aFileThatIsNoDatabaseIsLeftAlone() throws {
        let path = folder.file("list.csv")
        let text = "domain,sector\n" + String(repeating: "example.org,bank\n", count: 100)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try error(path) == .notASurvey(path: path, detail: "it is not an SQLite database"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() throws {
        let path = try strangersDatabase("CREATE TABLE recipes (name TEXT)")
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try error(path) == .notASurvey(path: path, detail: "it is the database of another program"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test func aFirstWriterThatEndedBeforeTheSchemaLeavesASurveyToBegin() throws {
        let list = "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)"
        let path = try strangersDatabase(list)
        #expect(try SurveyStore(path: path, access: .createOrOpen).scanIDs() == [])
    }

    @Test func anotherProgramsMigrationsAreLeftAlone() throws {
        let path = try strangersDatabase(
            "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);"
                + "INSERT INTO grdb_migrations VALUES ('recipes')")
        #expect(try error(path) == .notASurvey(path: path, detail: "it is the database of another program"))
    }

    @Test func anotherSchemaIsNamedWithBothVersions() throws {
        let path = try strangersDatabase(
            "CREATE TABLE scans (x); PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = 7")
        for access in [SurveyStore.Access.createOrOpen, .readOnly] {
            let error = try error(path, access)
            #expect(error == .otherVersion(path: path, found: 7, supported: 1))
            #expect(error.description.contains("schema 7") && error.description.contains("schema 1"))
            #expect(error.description.contains(path))
        }
    }

    @Test func aSecondWriterIsTurnedAwayAndReadersAreNot() throws {
        let path = folder.file("busy.sqlite")
        let first = try SurveyStore(path: path, access: .createOrOpen)
        #expect(try error(path) == .inUse(path: path))
        #expect(try SurveyStore(path: path, access: .readOnly).scanIDs() == [])
        withExtendedLifetime(first) {}
    }

    @Test func aLockLeftByAKilledProcessIsNoObstacle() throws {
        let path = folder.file("killed.sqlite")
        #expect(FileManager.default.createFile(atPath: path + ".lock", contents: nil))
        #expect(try SurveyStore(path: path, access: .createOrOpen).scanIDs() == [])
    }

    /// Root may write to any folder but those of /proc.
    @Test func aFolderThatCannotBeWrittenIsNamed() throws {
        if geteuid() == 0 {
            let path = "/proc/self/fdinfo/survey.sqlite"
            #expect([.readOnly(path: path), .missing(path: path)].contains(try error(path)))
        } else {
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
            let path = folder.file("survey.sqlite")
            #expect(try error(path) == .readOnly(path: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        }
    }

    @Test(arguments: [
        (ResultCode.SQLITE_READONLY_DIRECTORY, StoreError.readOnly(path: "f")),
        (.SQLITE_BUSY_SNAPSHOT, .inUse(path: "f")), (.SQLITE_FULL, .full(path: "f")),
        (.SQLITE_CANTOPEN, .missing(path: "f")), (.SQLITE_IOERR_READ, .inputOutput(path: "f", detail: "why")),
        (.SQLITE_CORRUPT, .damaged(path: "f", detail: "why")),
        (.SQLITE_CONSTRAINT_CHECK, .contradiction(path: "f", detail: "why")),
        (.SQLITE_NOMEM, .sqlite(path: "f", detail: "why")),
    ])
    func everyResultOfSQLiteHasASentenceThatNamesTheFile(code: ResultCode, expected: StoreError) {
        let error = StoreError(DatabaseError(resultCode: code, message: "why"), path: "f")
        #expect(error == expected)
        #expect(error.description.contains("f"))
    }
}
