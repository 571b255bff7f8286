// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CMalloc
import Foundation
import Scan

/// The version of the program, as `scans.tool_version` records it.
let toolVersion = "0.1.0"

/// The command line: one file per subcommand, each a declaration and a short `run`.
@main
struct MXCensus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mxcensus",
        abstract: "Surveys how mail to domains is protected: DNSSEC, STARTTLS, TLS and certificates.",
        discussion: """
            Takes lists of domains, resolves their mail hosts with DNSSEC validation, asks each mail host once what \
            it offers, keeps every observation in one SQLite file, and publishes it as CSV and statistics.

            Exit status: 0 done, 1 stopped by an error of ours, 2 wrong usage. A domain that fails a test is a \
            result, not an error.
            """,
        version: toolVersion,
        subcommands: [
            ScanCommand.self, CheckCommand.self, ResolveCommand.self, ProbeCommand.self, JudgeCommand.self,
            ExportCommand.self, StatsCommand.self, InfoPageCommand.self, PlanCommand.self,
        ]
    )

    /// Runs a command and ends with the status that the help promises.
    static func main() async {
        // One heap for all threads: with one for each, what one of them frees is of no use to the others.
        mallopt(M_ARENA_MAX, 1)
        NetworkLoop.takeOverConcurrency()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            try finishOutput()
        } catch {
            end(with: error)
        }
    }

    /// What was printed may still be in memory: a disk that is full shows only now.
    private static func finishOutput() throws {
        guard fflush(nil) != 0 else { return }
        let error = NSError(domain: NSPOSIXErrorDomain, code: Int(errno))
        throw FileProblem(path: "standard output", doing: "written", error: error)
    }

    private static func end(with error: any Error) -> Never {
        let code = exitCode(for: error)
        if code == .success { exit(withError: error) }
        let message = code == .validationFailure ? fullMessage(for: error) : "mxcensus: \(error)"
        if !(error is ExitCode) { StandardError.write(message + "\n") }
        let isUsage = code == .validationFailure || error is RefusedToStart
        Foundation.exit(isUsage ? 2 : (error as? ExitCode)?.rawValue ?? 1)
    }
}
