// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Test data from outside, which is no part of the project: a folder `shared/vectors` beside the package, or the one that
/// MXCENSUS_VECTORS names. Where it is absent its tests say so and are skipped; our own cases cover the rules.
enum VectorFiles {
    /// A file as JSON; nil, and a line about it, where the folder is absent.
    static func object(_ name: String) throws -> [String: Any]? {
        guard let folder else {
            print("skipped: \(name).json, because there is no folder shared/vectors beside the package")
            return nil
        }
        let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any]
    }

    private static let folder: URL? = {
        if let named = ProcessInfo.processInfo.environment["MXCENSUS_VECTORS"] {
            return URL(filePath: named, directoryHint: .isDirectory)
        }
        let package = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let current = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        return [package, current]
            .map { $0.deletingLastPathComponent().appending(path: "shared/vectors", directoryHint: .isDirectory) }
            .first { FileManager.default.fileExists(atPath: $0.path()) }
    }()
}
