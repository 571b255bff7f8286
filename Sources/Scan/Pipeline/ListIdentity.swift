// SPDX-License-Identifier: Apache-2.0
import Foundation
public import TLS

/// Which lists a scan is about: their names, and a digest of what is in them.
public struct ListIdentity: Hashable, Sendable {
    /// The files' names, as given.
    public let name: String
    /// Lower-case hex SHA-256 over the files, one behind the other; nil where one of them is standard input.
    public let sha256: String?

    /// Reads the files once, piece by piece. Files that cannot be read are left to who reads them as lists.
    public init(paths: [String]) throws(TLSLibraryError) {
        name = paths.joined(separator: " ")
        guard !paths.contains("-") else {
            sha256 = nil
            return
        }
        let digest = try StreamingDigest()
        for path in paths {
            guard let file = FileHandle(forReadingAtPath: path) else { continue }
            while let piece = try? file.read(upToCount: 1 << 20), !piece.isEmpty { digest.update(piece) }
            try? file.close()
        }
        sha256 = digest.finish()
    }
}
