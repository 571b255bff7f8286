// SPDX-License-Identifier: Apache-2.0
// A scan is a row of waves, each reading what is pending from the database and writing what it found:
//
//   1. input      list -> `domains`, pending                                     addInput, finishInput
//   2. domains    pending domain -> its row, `domain_mx`, pending `mx_hosts`      pendingDomains, record(domain:)
//   3. hosts      pending host -> its row, pending `endpoints`                   pendingHosts, record(host:)
//   4. endpoints  pending endpoint -> its row, probes, chains, attempts           pendingEndpoints, record(endpoint:)
//   5. hellos     address and port -> probes and suites for each name there       pendingHellos, record(hellos:)
//   6. judging    chains -> `pkix`, probes -> names, domains -> aggregates        chains, probes, domainsToJudge
//
// What is due once more is asked again while 4 lasts: dueDomains, dueHosts, pendingPolicies, dueEndpoints.
// What is pending is written in the rows themselves, so a scan that was killed goes on where its last commit was.
// Nothing here grows with the list but the file.
import GRDB
public import Observations
import Synchronization

/// One scan in a survey: reads what is to be done, takes what was found.
///
/// Every method may be called from any thread or event loop; none of them blocks it. A page of pending rows starts behind
/// the row given as `after`, so that rows handed out and not yet recorded are not handed out twice in one run; each page
/// first commits what was recorded before. After a failure every further call fails with the same error.
public final class ScanSession: Sendable {
    /// The scan's key in all tables.
    public let scanID: String
    /// New, resumed, or complete already.
    public let beginning: ScanBeginning
    /// Whether an earlier run has read the lists to their end, so that they need not be read again.
    public let inputWasComplete: Bool

    /// Decides every draw and every order of this scan.
    public let seed: Int64
    let writer: BatchWriter
    private let counts: Mutex<ScanProgress>
    private let store: SurveyStore

    init(_ store: SurveyStore, scanID: String, beginning: ScanBeginning, rowsPerBatch: Int, _ db: Database) throws {
        self.store = store
        self.scanID = scanID
        self.beginning = beginning
        writer = BatchWriter(store, rowsPerBatch: max(1, rowsPerBatch))
        let row = try Row.fetchOne(
            db, sql: "SELECT seed, input_complete FROM scans WHERE scan_id = ?", arguments: [scanID])
        seed = row?["seed"] ?? 0
        inputWasComplete = row?["input_complete"] ?? false
        counts = Mutex(try ScanProgress(scanID, db))
    }

    /// What is committed and what is known to be left, without a look at the disk; `flush` brings it up to date.
    public var progress: ScanProgress { counts.withLock { $0 } }

    /// Whether `what` belongs to a sample of this share: the same on every run of the scan.
    public func draws(_ share: Double, _ what: String) -> Bool { ProbeOrder.fraction(what, seed: seed) < share }

    /// Notes what a write has changed.
    func count(_ change: (inout ScanProgress) -> Void) { counts.withLock { change(&$0) } }

    /// Commits what was recorded so far. Worth a call every few seconds: a killed scan loses what was not committed.
    public func flush() async throws(StoreError) { try await writer.flush() }

    /// Ends the scan, or this run of it, after a flush.
    public func finish(_ status: ScanStatus, at end: Timestamp) async throws(StoreError) {
        let scanID = scanID
        try await writer.perform { db in
            try db.execute(
                sql: "UPDATE scans SET status = ?, ended_at = ? WHERE scan_id = ?",
                arguments: [status.rawValue, "\(end)", scanID])
        }
    }
}
