// SPDX-License-Identifier: Apache-2.0
import Foundation
public import TLS

/// Which lists a scan is about: their names, and a digest of what is in them.
public struct ListIdentity: Hashable, Sendable {
    /// The files' names without their folders, which are nobody's business.
    public let name: String
    /// Lower-case hex SHA-256 over the files, one behind the other; nil where one of them is standard input.
    public let sha256: String?

    /// Reads the files once, piece by piece. Files that cannot be read are left to who reads them as lists.
    public init(paths: [String]) throws(TLSLibraryError) {
        name = paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 }.joined(separator: " ")
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

    /// What makes these lists these lists: what is in them, wherever they lie. Standard input is another one each time,
    /// since nobody can tell whether it says the same again.
    var distinction: String { sha256 ?? UUID().uuidString }
}
