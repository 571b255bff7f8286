// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Observations
import Testing

@testable import Store

@Suite struct KilledScanTests {
    /// A process of its own writes, commits some, begins a transaction and is killed in the middle of it.
    @Test func aScanKilledInTheMiddleOfATransactionGoesOnFromItsLastCommit() async throws {
        let folder = try ScratchFolder()
        let path = folder.file("killed.sqlite")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try SurveyStore(path: path, access: .createOrOpen)
            let session = try store.beginOrResumeScan(Sample.description())
            try await session.addInput(["a.test", "b.test", "c.test"].map { InputRow(domain: try Sample.name($0)) })
            try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "m.test")]))
            try await session.flush()
            try await session.record(domain: Sample.domain("b.test", .explicit, [(1, "n.test")]))
            try await session.writer.submit(rows: 1) { _ in kill(getpid(), SIGKILL) }
            try await session.flush()
        }
        let store = try SurveyStore(path: path, access: .createOrOpen)
        let session = try store.beginOrResumeScan(Sample.description())
        #expect(session.beginning == .resumed(count: 1))
        #expect(try await session.pendingDomains(limit: 9).map(\.description) == ["b.test", "c.test"])
        #expect(try await session.pendingHosts(limit: 9).map(\.description) == ["m.test"])
        #expect(try store.rows("SELECT domain, mx_host FROM domain_mx") == ["a.test|m.test"])
        #expect(try store.rows("PRAGMA integrity_check") == ["ok"])
        try await session.record(domain: Sample.domain("b.test", .explicit, [(1, "n.test")]))
        try await session.flush()
        #expect(try store.rows("SELECT domain, mx_host FROM domain_mx") == ["a.test|m.test", "b.test|n.test"])
        #expect(session.progress.domains.done == 2)
    }

    /// Copies of a database whose log was cut anywhere, as a power cut may leave it: each is whole, holds a beginning of
    /// what was written, and goes on.
    @Test func aCutLogLosesItsEndAndNothingElse() async throws {
        let folder = try ScratchFolder()
        let path = folder.file("scan.sqlite")
        let store = try SurveyStore(path: path, access: .createOrOpen)
        let session = try store.beginOrResumeScan(Sample.description())
        for batch in 0..<20 {
            try await session.addInput((0..<50).map { InputRow(domain: try Sample.name("d\($0 + batch * 50).test")) })
            try await session.flush()
        }
        let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
        #expect(log.count > 100_000)
        var kept: [Int] = []
        for (number, length) in [0, 20, 33, 4_000, log.count / 3, log.count / 2 + 7, log.count - 1].enumerated() {
            let copy = folder.file("copy\(number).sqlite")
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            try log.prefix(length).write(to: URL(fileURLWithPath: copy + "-wal"))
            let reopened = try SurveyStore(path: copy, access: .createOrOpen)
            #expect(try reopened.rows("PRAGMA integrity_check") == ["ok"])
            let resumed = try reopened.beginOrResumeScan(Sample.description())
            // Whole transactions, from the first on.
            #expect(resumed.progress.domains.total.isMultiple(of: 50))
            kept.append(resumed.progress.domains.total)
            try await resumed.addInput((0..<1_000).map { InputRow(domain: try Sample.name("d\($0).test")) })
            try await resumed.flush()
            #expect(resumed.progress.domains.total == 1_000)
        }
        #expect(kept == kept.sorted() && kept[0] < kept[5] && (kept.last ?? 0) >= 950)
        withExtendedLifetime(store) {}
    }

    /// Another process that holds the database for a moment costs a moment.
    @Test func aLockedDatabaseIsWaitedFor() async throws {
        let folder = try ScratchFolder()
        let path = folder.file("scan.sqlite")
        let store = try SurveyStore(path: path, access: .createOrOpen)
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: path, configuration: configuration)
        try await other.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        async let flushed: Void = session.flush()
        try await Task.sleep(for: .milliseconds(200))
        try await other.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
        try await flushed
        #expect(try store.rows("SELECT domain FROM domains") == ["a.test"])
    }
}
