// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The few questions about files that the store asks.
enum FileSystem {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Octets of the file; nil where there is none.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Makes a folder and those above it.
    static func makeFolder(_ path: String) throws(StoreError) {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw failure(path)
        }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure(path) }
    }

    /// The error for the errno of a failed call on `path`.
    static func failure(_ path: String) -> StoreError {
        switch errno {
        case ENOENT, ENOTDIR: .missing(path: path)
        case EACCES, EPERM, EROFS: .readOnly(path: path)
        case ENOSPC, EDQUOT: .full(path: path)
        default: .inputOutput(path: path, detail: String(cString: strerror(errno)))
        }
    }
}
