// SPDX-License-Identifier: Apache-2.0
// Rows are gathered in memory and committed some thousands at a time, on the database's own thread: a transaction costs
// far more than a row, and an event loop must never wait for a disk. What is gathered is bounded: a caller that is ahead
// of the disk is suspended until the batch before its own is committed.
import GRDB
import Synchronization

/// One unit of writing: all of its statements are committed together, or none.
typealias Write = @Sendable (Database) throws -> Void

/// Gathers writes and commits them in batches; every read sees what was submitted before it.
final class BatchWriter: Sendable {
    private struct Gathered {
        var writes: [Write] = []
        var rows = 0
        var drainIsScheduled = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// The first failure. It stands: what came after it would build on rows that are not there.
        var failure: StoreError?
    }

    private let database: DatabaseQueue
    private let path: String
    private let rowsPerBatch: Int
    private let gathered = Mutex(Gathered())

    init(_ store: SurveyStore, rowsPerBatch: Int) {
        database = store.database
        path = store.path
        self.rowsPerBatch = rowsPerBatch
    }

    /// Takes a write of about `rows` rows; suspends while two batches are waiting for the disk.
    func submit(rows: Int, _ write: @escaping Write) async throws(StoreError) {
        let (mustWait, failure) = gathered.withLock { gathered in
            guard gathered.failure == nil else { return (false, gathered.failure) }
            gathered.writes.append(write)
            gathered.rows += rows
            if gathered.rows >= rowsPerBatch, !gathered.drainIsScheduled {
                gathered.drainIsScheduled = true
                database.asyncWriteWithoutTransaction { try? self.drain($0) }
            }
            return (gathered.rows >= 2 * rowsPerBatch, nil)
        }
        if let failure { throw failure }
        if mustWait { await batchIsTaken() }
    }

    /// Commits everything submitted so far and then runs `body`, in a transaction of its own where it writes.
    func perform<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(StoreError) -> T {
        // Not GRDB's async access, which throws in a cancelled task: the last flush of a stopped scan must succeed.
        let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
            database.asyncWriteWithoutTransaction { db in
                do {
                    try self.drain(db)
                    var value: T?
                    try db.inTransaction(.deferred) {
                        value = try body(db)
                        return .commit
                    }
                    guard let value else { throw StoreError.sqlite(path: self.path, detail: "no result") }
                    continuation.resume(returning: .success(value))
                } catch {
                    continuation.resume(returning: .failure(self.sorted(error)))
                }
            }
        }
        return try result.get()
    }

    /// Commits everything submitted so far.
    func flush() async throws(StoreError) {
        try await perform { _ in }
    }

    /// Rows submitted and not yet handed to SQLite.
    var rowsWaiting: Int { gathered.withLock { $0.rows } }

    private func batchIsTaken() async {
        await withCheckedContinuation { continuation in
            let isTaken = gathered.withLock { gathered in
                guard gathered.rows >= rowsPerBatch else { return true }
                gathered.waiting.append(continuation)
                return false
            }
            if isTaken { continuation.resume() }
        }
    }

    /// Commits what is gathered. Runs on the database's thread only.
    private func drain(_ db: Database) throws {
        let writes = try gathered.withLock { gathered throws(StoreError) in
            gathered.drainIsScheduled = false
            if let failure = gathered.failure { throw failure }
            defer {
                gathered.writes = []
                gathered.rows = 0
            }
            return gathered.writes
        }
        // Released after the commit, so that at most two batches are in memory, one of them being written.
        defer { release() }
        guard !writes.isEmpty else { return }
        do {
            try db.inTransaction(.immediate) {
                for write in writes { try write(db) }
                return .commit
            }
        } catch {
            let failure = sorted(error)
            gathered.withLock { $0.failure = failure }
            throw failure
        }
    }

    private func release() {
        let waiting = gathered.withLock { gathered in
            defer { gathered.waiting = [] }
            return gathered.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    private func sorted(_ error: any Error) -> StoreError { StoreError(error, path: path) }
}
