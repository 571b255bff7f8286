// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What people get wrong: each mistake gets one clear message that names the input, and the right exit status. Nothing
/// here needs a network: every case ends before the first question is asked.
struct BadInputTests {
    private static let options = ["--lab", "--resolver", "127.0.0.1:9"]

    private func scan(_ scratch: Scratch, _ arguments: [String]) throws -> Program.Result {
        try Program.run(["scan"] + arguments + ["--into", scratch.path("survey.sqlite")] + Self.options)
    }

    @Test func helpNamesEveryCommand() throws {
        let help = try Program.run("--help")
        #expect(help.status == 0)
        for command in ["scan", "check", "resolve", "probe", "judge", "export", "stats"] {
            #expect(help.output.contains(command))
            #expect(try Program.run(command, "--help").status == 0)
        }
    }

    /// Found by a soak that filled the disk on which the log was: the program was killed by its own last words.
    @Test func wordsThatNobodyCanReadAnyMoreCostNothingElse() throws {
        let scratch = try Scratch()
        let process = try Program.start(
            ["stats", scratch.path("missing")], output: scratch.path("out"), errors: "/dev/full")
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    }

    @Test func outputThatCannotBeWrittenIsAnError() throws {
        let scratch = try Scratch()
        let process = try Program.start(
            ["info-page", "--ehlo-name", "scanner.example", "--contact", "survey@example.org"], output: "/dev/full",
            errors: scratch.path("errors"))
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 1)
        let errors = try String(contentsOfFile: scratch.path("errors"), encoding: .utf8)
        #expect(errors.hasPrefix("mxcensus: standard output cannot be written: No space left on device"))
    }

    @Test(arguments: [
        ["scan"], ["scan", "list"], ["scan", "--nonsense"], ["resolve", "a..b", "MX"],
        ["resolve", "a.example", "NOTYPE"],
        ["check"], ["check", "a b"], ["export", "file"], ["nonsense"],
        ["scan", "list", "--into", "x", "--ports", "99999"], ["scan", "list", "--into", "x", "--connect-timeout", "0"],
        ["scan", "list", "--into", "x", "--lab", "--resolver", "300.1.1.1"],
        ["scan", "list", "--into", "x", "--ehlo-name", "a b", "--resolver", "127.0.0.1"],
    ]) func wrongUsageIsStatusTwo(arguments: [String]) throws {
        let result = try Program.run(arguments)
        #expect(result.status == 2, "\(result.transcript)")
        #expect(result.errors.contains("Usage:") || result.errors.contains("Error:"), "\(result.transcript)")
    }

    @Test(arguments: ["0", "65536", "25,", "25,,587", "smtp", "25,x", "-1", "+25", "2 5"])
    func aBadPortIsNamed(ports: String) throws {
        let result = try Program.run(["scan", "list", "--into", "x", "--ports=\(ports)"] + Self.options)
        #expect(result.status == 2, "\(result.transcript)")
        #expect(result.errors.contains("a number from 1 to 65535"), "\(result.transcript)")
    }

    @Test func onePortOrAList() throws {
        let both = try Program.run(["probe", "mx.example", "--port", "587", "--ports", "465"] + Self.options)
        #expect(both.status == 2 && both.errors.contains("--port or --ports"), "\(both.transcript)")
        let list = try Program.run(["probe", "mx.example", "--port", "587,465"] + Self.options)
        #expect(list.status == 2 && list.errors.contains("one port"), "\(list.transcript)")
    }

    @Test func missingListIsNamed() throws {
        let scratch = try Scratch()
        let result = try scan(scratch, [scratch.path("absent.txt")])
        #expect(result.status == 1)
        #expect(result.errors.contains("absent.txt"), "\(result.transcript)")
    }

    @Test func folderAsListIsNamed() throws {
        let scratch = try Scratch()
        let result = try scan(scratch, [scratch.url.path])
        #expect(result.status == 1)
        #expect(result.errors.contains(scratch.url.path), "\(result.transcript)")
    }

    @Test func noResolverIsSaidAtOnce() throws {
        let scratch = try Scratch()
        let result = try scan(scratch, [try scratch.write("list.txt", "example.org\n")])
        #expect(result.status == 1)
        #expect(result.errors.contains("no resolver answers: 127.0.0.1:9"), "\(result.transcript)")
    }

    @Test(arguments: ["nonsense\n", "", ". IN DS 1 8 2 00\n"]) func badTrustAnchorIsNamedWithItsLine(text: String)
        throws
    {
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "example.org\n")
        let anchor = try scratch.write("anchor.txt", text)
        let result = try scan(scratch, [list, "--trust-anchor", anchor])
        #expect(result.status == 1)
        #expect(result.errors.contains("anchor.txt, line 1"), "\(result.transcript)")
    }

    @Test func absentFilesOfOptionsAreNamed() throws {
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "example.org\n")
        for option in ["--trust-anchor", "--ca-file", "--opt-out"] {
            let result = try scan(scratch, [list, option, scratch.path("absent")])
            #expect(result.status == 1)
            #expect(result.errors.contains(scratch.path("absent")), "\(result.transcript)")
        }
    }

    @Test func badOptOutLineStopsBeforeAnybodyIsAsked() throws {
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "example.org\n")
        let optOut = try scratch.write("optout.txt", "domain:example.org\n192.0.2.0/99\n")
        let result = try scan(scratch, [list, "--opt-out", optOut])
        #expect(result.status == 1)
        #expect(result.errors.contains("optout.txt") && result.errors.contains("2"), "\(result.transcript)")
    }

    @Test func databaseThatIsNoneIsLeftAlone() throws {
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "example.org\n")
        _ = try scratch.write("survey.sqlite", "this is not a database, and must stay as it is\n")
        let result = try scan(scratch, [list])
        #expect(result.status == 1)
        #expect(result.errors.contains("survey.sqlite"), "\(result.transcript)")
        #expect(try String(contentsOfFile: scratch.path("survey.sqlite"), encoding: .utf8).hasPrefix("this is not"))
    }

    @Test func absentDatabaseIsNamed() throws {
        for arguments in [
            ["export", "absent.sqlite", "--to", "x"], ["stats", "absent.sqlite"], ["judge", "absent.sqlite"],
        ] {
            let result = try Program.run(arguments)
            #expect(result.status == 1)
            #expect(result.errors.contains("absent.sqlite"), "\(result.transcript)")
        }
    }

    @Test func folderThatCannotBeWrittenIsNamed() throws {
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "example.org\n")
        let result = try Program.run(["scan", list, "--into", "/proc/survey.sqlite"] + Self.options)
        #expect(result.status == 1)
        #expect(result.errors.contains("/proc"), "\(result.transcript)")
    }
}
