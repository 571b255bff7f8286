// SPDX-License-Identifier: Apache-2.0
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A small server of `Tests/Lab/alone` that runs beside a test, and ends with it.
final class Companion {
    private let process = Process()

    /// Comes back when the server is ready.
    init(_ script: String, _ arguments: [String]) throws {
        let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Lab/alone")
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-B", folder.appendingPathComponent(script).path] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let word = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard word.hasPrefix("ready") else { throw NotReady(script: script) }
    }

    struct NotReady: Error {
        let script: String
    }

    /// Killed, since it has nothing to lose; a signal that is only asked for may be held up on the way.
    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit {
        stop()
    }
}
