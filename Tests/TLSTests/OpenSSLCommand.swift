// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The command-line tool, as a second opinion.
enum OpenSSLCommand {
    /// Runs it and returns what it printed, errors included; the second command reads the first one's output.
    static func run(_ arguments: [String], then next: [String]? = nil) throws -> String {
        let first = try output(arguments, input: nil)
        guard let next else { return String(decoding: first, as: UTF8.self) }
        return String(decoding: try output(next, input: first), as: UTF8.self)
    }

    private static func output(_ arguments: [String], input: Data?) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let out = Pipe()
        process.standardOutput = out
        process.standardError = out
        let source = Pipe()
        process.standardInput = source
        try process.run()
        if let input { try source.fileHandleForWriting.write(contentsOf: input) }
        try source.fileHandleForWriting.close()
        let data = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return data
    }
}

/// A file that goes with the test.
final class TemporaryFile {
    let path: String

    init(_ text: String) throws {
        path = NSTemporaryDirectory() + "mxcensus-\(UUID().uuidString).pem"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
