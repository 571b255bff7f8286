// SPDX-License-Identifier: Apache-2.0
import Foundation

struct GzipFailed: Error {
    let status: CInt
}

/// A folder of one test, gone when the test is over.
final class ScratchFolder {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "mxcensus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    /// Writes a file, returns its path.
    func file(_ octets: some Sequence<UInt8>, _ name: String = "list") throws -> String {
        try Data(octets).write(to: URL(filePath: path(name)))
        return path(name)
    }

    /// The same, compressed by the program gzip: a peer that is not our own zlib wrapper.
    func gzipped(_ octets: some Sequence<UInt8>, _ name: String = "list") throws -> [UInt8] {
        let plain = try file(octets, name)
        var arguments: [UnsafeMutablePointer<CChar>?] = ["gzip", "-kf", plain].map { (word: String) in strdup(word) }
        arguments.append(nil)
        defer { arguments.forEach { free($0) } }
        var child: pid_t = 0
        var status: CInt = -1
        // Not Foundation's Process, which leaks a little and would hide leaks of ours from the sanitizer.
        guard posix_spawnp(&child, "gzip", nil, nil, &arguments, nil) == 0, waitpid(child, &status, 0) == child,
            status == 0
        else { throw GzipFailed(status: status) }
        return Array(try Data(contentsOf: URL(filePath: plain + ".gz")))
    }
}
