// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A scan that is stopped in any way and started again ends in the dataset of an undisturbed one.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LiveInterruptionTests {
    /// One thing after the other, each committed at once, so that there is a middle to be killed in.
    private static let slowly = ["--max-lookups", "1", "--max-connections", "1", "--rows-per-commit", "1"]

    private struct Undisturbed: Sendable {
        let scratch: Scratch
        let list: String
        let export: String
    }

    /// The scan that nobody disturbs, once for all tests. Only domains whose hosts are all prompt, real servers: what a
    /// kill does to a scan does not depend on waiting for silent ones.
    private static let undisturbed = Result<Undisturbed, any Error> {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let domains = LabExpectations.domainsOfRealServers(try lab.description())
        let list = try scratch.write("list.txt", domains.sorted().joined(separator: "\n") + "\n")
        return Undisturbed(
            scratch: scratch, list: list, export: try lab.survey(list: list, into: scratch, name: "undisturbed"))
    }

    /// Killed as soon as the database holds so many finished units, so that no clock decides where.
    @Test(arguments: [0, 12, 90]) func killedScanResumesToTheSameExport(afterUnits units: Int) throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let undisturbed = try Self.undisturbed.get()
        let database = scratch.path("killed.sqlite")
        let arguments = ["scan", undisturbed.list, "--into", database, "--quiet"] + Self.slowly
        let process = try Program.start(
            arguments + lab.options, output: scratch.path("out"), errors: scratch.path("err"))
        while process.isRunning, Self.finishedUnits(in: database) < units { usleep(2_000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal, "the scan was over before it could be killed")

        let again = try Program.run(arguments + lab.options)
        #expect(again.status == 0, "\(again.transcript)")
        let resumed = try lab.export(database, to: scratch.path("killed-export"))
        try Interrupted.expectEqual(undisturbed.export, resumed)
    }

    @Test(arguments: [SIGINT, SIGTERM]) func interruptedScanEndsCleanlyAndResumes(signal: Int32) throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let undisturbed = try Self.undisturbed.get()
        let database = scratch.path("interrupted.sqlite")
        let arguments = ["scan", undisturbed.list, "--into", database] + Self.slowly
        let errors = scratch.path("err")
        let process = try Program.start(arguments + lab.options, output: scratch.path("out"), errors: errors)
        while process.isRunning, Self.finishedUnits(in: database) < 5 { usleep(2_000) }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(try String(contentsOfFile: errors, encoding: .utf8).contains("stopping"))

        let again = try Program.run(arguments + lab.options)
        #expect(again.status == 0, "\(again.transcript)")
        try Interrupted.expectEqual(
            undisturbed.export, try lab.export(database, to: scratch.path("interrupted-export")))
    }

    /// Somebody who complains while the scan runs is left alone at once, and is in no table at its end.
    @Test func anOptOutTakesEffectOnSIGHUP() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let undisturbed = try Self.undisturbed.get()
        let database = scratch.path("complaint.sqlite")
        let optOut = try scratch.write("opt-out.txt", "")
        let log = scratch.path("log")
        let arguments =
            ["scan", undisturbed.list, "--into", database, "--quiet", "--opt-out", optOut, "--log", log] + Self.slowly
        let process = try Program.start(
            arguments + lab.options, output: scratch.path("out"), errors: scratch.path("err"))
        while process.isRunning, Self.finishedUnits(in: database) < 12 { usleep(2_000) }
        _ = try scratch.write("opt-out.txt", "domain:exim.beta reason=complaint\n")
        kill(process.processIdentifier, SIGHUP)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let told = try String(contentsOfFile: log, encoding: .utf8)
        #expect(told.contains("level=notice msg=\"the opt-out list was read again\" entries=1"), "\(told)")
        let export = try lab.export(database, to: scratch.path("export"))
        #expect(try !String(contentsOfFile: export + "/domains.csv", encoding: .utf8).contains("exim.beta"))
        #expect(try CSVTable(file: export + "/scans.csv").rows.first?["optout_rows"] == "1")
    }

    /// How far the scan has come, asked of the database as any reader would.
    private static func finishedUnits(in database: String) -> Int {
        let query = """
            SELECT (SELECT count(*) FROM domains WHERE measured_at IS NOT NULL)
                 + (SELECT count(*) FROM endpoints WHERE last_at IS NOT NULL)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            "import sqlite3,sys\nprint(sqlite3.connect('file:'+sys.argv[1]+'?mode=ro',uri=True).execute(sys.argv[2]).fetchone()[0])",
            database, query,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return 0 }
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Int(String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }
}
