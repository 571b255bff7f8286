// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Lists as people really keep them: what is no domain is named and counted, and the rest is surveyed.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LiveBadInputTests {
    @Test func badLinesAreNamedCountedAndCostNothingElse() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        var bytes = Data("good.alpha\n\n# a comment\n127.0.0.1\nlocalhost\n".utf8)
        bytes += Data([0xFF, 0xFE, 0x0A])
        bytes += Data((String(repeating: "a", count: 64) + ".alpha\n").utf8)
        bytes += Data((String(repeating: "abcdefgh.", count: 30) + "alpha\n").utf8)
        bytes += Data(String(repeating: "x", count: 10_000_000).utf8) + Data("\nGOOD.alpha.\nexim.beta\n".utf8)
        let list = scratch.path("list.txt")
        try bytes.write(to: URL(fileURLWithPath: list))

        let database = scratch.path("survey.sqlite")
        let result = try Program.run(["scan", list, "--into", database] + lab.options)
        #expect(result.status == 0, "\(result.transcript)")
        for line in [4, 5, 6, 7, 8, 9] { #expect(result.errors.contains("list.txt:\(line):"), "\(result.errors)") }

        let export = try lab.export(database, to: scratch.path("export"))
        let scan = try #require(try CSVTable(file: export + "/scans.csv").rows.first)
        #expect(scan["input_rows"] == "9")
        #expect(scan["invalid_rows"] == "6")
        #expect(scan["duplicate_rows"] == "1")
        #expect(scan["status"] == "complete")
        #expect(try CSVTable(file: export + "/domains.csv").rows.count == 2)
    }

    @Test(arguments: ["", "# nothing\n", "127.0.0.1\n"]) func listWithoutADomainIsSaid(text: String) throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let list = try scratch.write("empty.txt", text)
        let result = try Program.run(["scan", list, "--into", scratch.path("survey.sqlite")] + lab.options)
        #expect(result.status == 1)
        #expect(result.errors.contains("empty.txt"), "\(result.transcript)")
    }

    @Test func completeScanIsNotRunAgainUnlessAsked() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "nullmx.alpha\ngood.alpha\n")
        let database = scratch.path("survey.sqlite")
        let arguments = ["scan", list, "--into", database] + lab.options
        #expect(try Program.run(arguments).status == 0)
        let again = try Program.run(arguments)
        #expect(again.status == 0)
        #expect(again.errors.contains("complete since"), "\(again.transcript)")
        #expect(try Program.run(arguments + ["--new-scan"]).errors.contains("2 domains"))
    }

    @Test func standardInputIsAList() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let arguments = ["scan", "-", "--into", scratch.path("survey.sqlite")] + lab.options
        let result = try Program.run(arguments, input: "good.alpha\n")
        #expect(result.status == 0, "\(result.transcript)")
        #expect(result.errors.contains("1 domains") || result.errors.contains("1 domain"), "\(result.transcript)")
    }

    /// A file system with no room: a tmpfs of 700 KiB inside the lab's own mounts, gone with it.
    @Test func fullDiskLosesNothingThatWasWritten() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let small = scratch.path("small")
        try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: true)
        try #require(Shell.run("mount -t tmpfs -o size=700k tmpfs '\(small)'") == 0)
        defer { _ = Shell.run("umount '\(small)'") }

        let arguments = ["scan", lab.list, "--into", small + "/survey.sqlite"] + lab.options
        let full = try Program.run(arguments)
        #expect(full.status == 1, "\(full.transcript)")
        #expect(full.errors.contains("survey.sqlite"), "\(full.transcript)")

        try #require(Shell.run("mount -o remount,size=100m '\(small)'") == 0)
        let again = try Program.run(arguments)
        #expect(again.status == 0, "\(again.transcript)")
        let domains = try CSVTable(
            file: lab.export(small + "/survey.sqlite", to: scratch.path("export")) + "/domains.csv")
        #expect(domains.rows.count == LabExpectations(try lab.description()).listedDomains.count)
    }
}

/// A command of the lab's own system.
enum Shell {
    static func run(_ command: String) -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        guard (try? process.run()) != nil else { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
