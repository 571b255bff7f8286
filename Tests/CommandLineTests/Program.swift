// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The program as a user runs it: arguments in, output and exit status out.
struct Program {
    struct Result {
        let status: Int32
        let output: String
        let errors: String

        /// The whole of what a person saw, for a failed expectation.
        var transcript: String { "status \(status)\n\(output)\n\(errors)" }
    }

    /// Beside the test binary, where the package manager puts all products of one build.
    static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("mxcensus")

    /// Runs to the end.
    static func run(_ arguments: String..., input: String? = nil) throws -> Result {
        try run(arguments, input: input)
    }

    static func run(_ arguments: [String], input: String? = nil) throws -> Result {
        let folder = try Scratch()
        let outputFile = folder.path("stdout")
        let errorFile = folder.path("stderr")
        let process = try start(arguments, output: outputFile, errors: errorFile, input: input)
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: try String(contentsOfFile: outputFile, encoding: .utf8),
            errors: try String(contentsOfFile: errorFile, encoding: .utf8))
    }

    /// Starts it and comes back at once. Output goes to files, so that a chatty program never waits for its reader.
    static func start(_ arguments: [String], output: String, errors: String, input: String? = nil) throws -> Process {
        let process = Process()
        process.executableURL = path
        process.arguments = arguments
        for file in [output, errors] where !file.hasPrefix("/dev/") {
            try Data().write(to: URL(fileURLWithPath: file))
        }
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        if let input {
            let file = output + ".stdin"
            try Data(input.utf8).write(to: URL(fileURLWithPath: file))
            process.standardInput = FileHandle(forReadingAtPath: file)
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        return process
    }
}

/// A folder that is gone when the test is done with it.
final class Scratch: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("mxcensus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file and answers its path.
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
        return path(name)
    }
}
