// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Observations
import Synchronization
import Testing

@testable import Store

/// What happened, in its order, from any thread.
private final class EventLog: Sendable {
    private let events = Mutex<[String]>([])
    var all: [String] { events.withLock { $0 } }
    func append(_ event: String) { events.withLock { $0.append(event) } }
}

@Suite struct BatchWriterTests {
    private func names(_ count: Int) throws -> [InputRow] {
        try (0..<count).map { InputRow(domain: try Sample.name("d\($0).test")) }
    }

    @Test func whatIsRecordedIsCommittedWhenABatchIsFull() async throws {
        let folder = try ScratchFolder()
        let store = try SurveyStore(path: folder.file("s.sqlite"), access: .createOrOpen)
        let session = try store.beginOrResumeScan(Sample.description(), rowsPerBatch: 10)
        let reader = try SurveyStore(path: store.path, access: .readOnly)
        try await session.addInput(try names(9))
        #expect(try reader.rows("SELECT count(*) FROM domains") == ["0"])
        try await session.flush()
        #expect(try reader.rows("SELECT count(*) FROM domains") == ["9"])
    }

    /// Writes wait behind a held database; the caller of the second batch must wait with them.
    @Test func aCallerAheadOfTheDiskIsSuspended() async throws {
        let store = try SurveyStore.inMemory()
        let writer = BatchWriter(store, rowsPerBatch: 1)
        let events = EventLog()
        let held = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            store.database.asyncWriteWithoutTransaction { _ in held.wait() }
            try await writer.submit(rows: 1) { _ in events.append("first written") }
            events.append("first submitted")
            group.addTask {
                try await writer.submit(rows: 1) { _ in events.append("second written") }
                events.append("second submitted")
            }
            group.addTask {
                // Let go once the second write is in, so that only backpressure can delay its caller.
                while writer.rowsWaiting < 2 { await Task.yield() }
                events.append("let go")
                held.signal()
            }
            try await group.waitForAll()
        }
        let happened = events.all
        #expect(happened.prefix(2) == ["first submitted", "let go"])
        #expect(happened.last == "second submitted")
    }

    @Test func aFullDiskIsNamedAndWhatWasCommittedStays() async throws {
        let folder = try ScratchFolder()
        let path = folder.file("full.sqlite")
        do {
            let store = try SurveyStore(path: path, access: .createOrOpen)
            let session = try store.beginOrResumeScan(Sample.description(), rowsPerBatch: 100)
            try await session.addInput(try names(50))
            try await session.flush()
            try store.database.inDatabase { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                try db.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
            }
            let full = StoreError.full(path: path)
            await #expect(throws: full) {
                try await session.addInput(try names(5_000))
                try await session.flush()
            }
            // The failure stands: later rows would build on rows that are not there.
            await #expect(throws: full) { try await session.addInput(try names(1)) }
            await #expect(throws: full) { try await session.flush() }
            #expect(full.description.contains(path) && full.description.contains("free some space"))
        }
        // Space again, same command again.
        let store = try SurveyStore(path: path, access: .createOrOpen)
        #expect(try store.rows("SELECT count(*) FROM domains") == ["50"])
        #expect(try store.rows("PRAGMA integrity_check") == ["ok"])
        let session = try store.beginOrResumeScan(Sample.description())
        #expect(session.beginning == .resumed(count: 1))
        try await session.addInput(try names(5_000))
        try await session.flush()
        #expect(try store.rows("SELECT count(*) FROM domains") == ["5000"])
    }

    @Test func aRowThatTheSchemaRefusesStopsTheScanWithAWordAboutIt() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([InputRow(domain: try Sample.name("a.test"))])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "m.test")]))
        try await session.record(host: Sample.host("m.test"))
        try await session.flush()
        var contradiction = try Sample.plain(Sample.endpoint("m.test"))
        contradiction.observation.tls = .ok
        try await session.record(endpoint: contradiction)
        let error = await #expect(throws: StoreError.self) { try await session.flush() }
        guard case .contradiction = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try store.rows("SELECT state FROM endpoints") == ["pending"])
    }

    @Test func aCancelledTaskStillFlushes() async throws {
        let store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(Sample.description())
        let rows = try names(3)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await session.addInput(rows)
            try await session.flush()
        }
        task.cancel()
        try await task.value
        #expect(try store.rows("SELECT count(*) FROM domains") == ["3"])
    }
}
