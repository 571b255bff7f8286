// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
import Foundation
public import Logging

/// What is told about a scan while it runs, beside its progress.
struct LoggingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What is told of what happens, in lines of key=value: trace, debug, info, notice, warning, error or critical, "
                + "and what is worse. Default: warning, or info in a file.", valueName: "LEVEL"))
    var logLevel: Logger.Level?

    @Option(help: ArgumentHelp("Appends these lines to a file instead of standard error.", valueName: "FILE"))
    var log: String?

    /// `remark` writes a line to standard error.
    func logger(remark: @escaping @Sendable (String) -> Void) throws -> Logger {
        guard let log else {
            let level = logLevel ?? .warning
            return Logger(label: "mxcensus") { _ in LogLines(level: level, put: remark) }
        }
        let file = try LogFile(path: log)
        let level = logLevel ?? .info
        return Logger(label: "mxcensus") { _ in LogLines(level: level) { file.append($0) } }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// A file that lines are appended to, each as a whole.
private final class LogFile: @unchecked Sendable {
    private let file: FileHandle
    private let lock = NSLock()

    init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        do {
            file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.seekToEnd()
        } catch {
            throw FileProblem(path: path, doing: "written", error: error)
        }
    }

    /// A disk that is full costs the line, not the scan.
    func append(_ line: String) {
        lock.withLock { try? file.write(contentsOf: Data((line + "\n").utf8)) }
    }
}
