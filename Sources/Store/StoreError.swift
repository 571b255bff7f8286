// SPDX-License-Identifier: Apache-2.0
import GRDB

/// Why a survey database cannot be used, in words that name the file and say what to do. Whatever was committed before
/// stays in the file: each batch is one transaction.
public enum StoreError: Error, Hashable, Sendable {
    /// The file is no SQLite database, or one of another program.
    case notASurvey(path: String, detail: String)
    /// The file was written by a program with another schema.
    case otherVersion(path: String, found: Int, supported: Int)
    /// The file or its folder does not exist.
    case missing(path: String)
    /// The file or its folder cannot be written.
    case readOnly(path: String)
    /// Another process writes to the file.
    case inUse(path: String)
    /// No space left for the file.
    case full(path: String)
    /// The operating system failed to read or write.
    case inputOutput(path: String, detail: String)
    /// The file is damaged, or holds a value that this program never writes.
    case damaged(path: String, detail: String)
    /// The schema refused a row: a contradiction within an observation, which is an error of ours.
    case contradiction(path: String, detail: String)
    /// The file holds no scan, or none of this name.
    case noSuchScan(path: String, scanID: String?)
    /// Any other error of SQLite.
    case sqlite(path: String, detail: String)

    /// Sorts an error of SQLite by what a person can do about it.
    init(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self = (error as? StoreError) ?? .sqlite(path: path, detail: "\(error)")
            return
        }
        let detail = error.message ?? "SQLite result \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notASurvey(path: path, detail: "it is not an SQLite database")
        case .SQLITE_CANTOPEN: self = .missing(path: path)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: self = .readOnly(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .inUse(path: path)
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_IOERR: self = .inputOutput(path: path, detail: detail)
        case .SQLITE_CORRUPT: self = .damaged(path: path, detail: detail)
        case .SQLITE_CONSTRAINT: self = .contradiction(path: path, detail: detail)
        default: self = .sqlite(path: path, detail: detail)
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// One or two sentences for the terminal.
    public var description: String {
        switch self {
        case .notASurvey(let path, let detail):
            "\(path) is not a survey of mxcensus: \(detail). Name another file; this one was not touched."
        case .otherVersion(let path, let found, let supported):
            "\(path) has survey schema \(found), and this mxcensus reads schema \(supported). "
                + "Use the mxcensus that wrote it, or name a new file; this one was not touched."
        case .missing(let path):
            "\(path) cannot be opened: the file or its folder does not exist, or may not be entered."
        case .readOnly(let path):
            "\(path) cannot be written: the file, its folder or the file system is read-only. Choose another place."
        case .inUse(let path):
            "\(path) is in use by another mxcensus. Wait for it to end, or name another file."
        case .full(let path):
            "No space left to write \(path). What was committed is safe: free some space and run the same command again."
        case .inputOutput(let path, let detail):
            "\(path) cannot be read or written: \(detail). What was committed is safe; check the disk."
        case .damaged(let path, let detail):
            "\(path) is damaged: \(detail). `sqlite3 FILE .recover` may save the rest."
        case .contradiction(let path, let detail):
            "A row was refused for \(path): \(detail). This is an error in mxcensus; please report it."
        case .noSuchScan(let path, let scanID):
            scanID.map { "\(path) holds no scan \($0)." } ?? "\(path) holds no scan yet."
        case .sqlite(let path, let detail):
            "\(path): \(detail)."
        }
    }
}
