// SPDX-License-Identifier: Apache-2.0
// One writing process per survey. SQLite's own locks last for a transaction only, so two scans on one file would both
// run, probe every host twice and trip over each other now and then. A lock file beside the database says no at once;
// the kernel drops the lock when its holder ends, however it ends. The database file itself must not carry the lock:
// closing any descriptor of it would drop SQLite's own (POSIX record locks belong to the process).
import Glibc

/// Holds the right to write to a survey until it is released.
struct WriterLock: ~Copyable, Sendable {
    private let descriptor: Int32
    private let path: String

    /// Takes the lock, or says who stands in the way.
    init(besides database: String) throws(StoreError) {
        path = database + ".lock"
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                switch errno {
                case ENOENT, ENOTDIR: throw .missing(path: database)
                case ENOSPC, EDQUOT: throw .full(path: database)
                default: throw .readOnly(path: database)
                }
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw .inUse(path: database)
            }
            // The holder before us may have removed the file between our open and our lock; then it locks nobody out.
            var status = stat()
            if fstat(descriptor, &status) == 0, status.st_nlink > 0 {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    deinit {
        unlink(path)
        close(descriptor)
    }
}
