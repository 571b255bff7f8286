// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A survey of strangers begins with what it owes them, or not at all. Nobody is asked here but a name server of our own.
@Suite(.serialized) struct StartTests {
    private static let resolver = "127.0.0.99:5399"
    private static let manners = [
        "--ehlo-name", "scanner.example.org", "--contact", "survey@example.org", "--info-url",
        "https://example.org/survey", "--source", "5.9.0.7", "--families", "4", "--dnssec", "off", "--resolver",
        resolver,
    ]

    private func names(_ more: String...) throws -> Companion {
        try Companion(
            "tiny_dns.py",
            [
                "127.0.0.99", "5399", "/NULLMX", "scanner.example.org/A/5.9.0.7",
                "7.0.9.5.in-addr.arpa/PTR/scanner.example.org",
            ]
                + more)
    }

    @Test func everythingThatIsMissingIsSaidAtOnce() throws {
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "example.org\n")
        let database = scratch.path("survey.sqlite")
        let result = try Program.run("scan", list, "--into", database, "--resolver", "127.0.0.1:9")
        #expect(result.status == 2, "\(result.transcript)")
        for word in ["--ehlo-name", "PTR", "--contact", "--info-url", "--opt-out", "--dry-run", "--lab"] {
            #expect(result.errors.contains(word), "\(word): \(result.transcript)")
        }
        #expect(!FileManager.default.fileExists(atPath: database), "nothing was begun")
    }

    @Test func aNameThatLeadsElsewhereIsSaid() throws {
        let scratch = try Scratch()
        let dns = try names()
        defer { dns.stop() }
        let list = try scratch.write("list.txt", "example.org\n")
        let optOut = try scratch.write("opt-out.txt", "")
        let result = try Program.run(
            ["scan", list, "--into", scratch.path("x.sqlite"), "--opt-out", optOut, "--dry-run"] + Self.manners
                + ["--source", "5.9.0.8"])
        #expect(result.status == 2, "\(result.transcript)")
        #expect(result.errors.contains("scanner.example.org needs a record A 5.9.0.8"), "\(result.transcript)")
    }

    /// Refused without a dry run, done with one, and refused again when strangers would notice a difference.
    @Test func aSurveyBeginsBehindItsDryRun() throws {
        let scratch = try Scratch()
        let domains = (0..<130).map { "d\($0).example" }
        let dns = try names("d7.example/NULLMX")
        defer { dns.stop() }
        let list = try scratch.write("list.txt", domains.joined(separator: "\n") + "\n")
        let optOut = try scratch.write("opt-out.txt", "domain:nobody.example\n")
        let arguments = ["scan", list, "--into", scratch.path("survey.sqlite"), "--opt-out", optOut] + Self.manners
        let early = try Program.run(arguments)
        #expect(early.status == 2 && early.errors.contains("--dry-run"), "\(early.transcript)")
        let dry = try Program.run(arguments + ["--dry-run"])
        #expect(dry.status == 0 && dry.errors.contains("complete: 100 domains"), "\(dry.transcript)")
        let whole = try Program.run(arguments)
        #expect(whole.status == 0 && whole.errors.contains("complete: 130 domains"), "\(whole.transcript)")
        let longer = try scratch.write("longer.txt", (domains + ["new.example"]).joined(separator: "\n") + "\n")
        let other = try Program.run(arguments.map { $0 == list ? longer : $0 })
        #expect(other.status == 0 && other.errors.contains("complete: 131 domains"), "\(other.transcript)")
        let ports = try Program.run(arguments + ["--ports", "25,587"])
        #expect(ports.status == 2 && ports.errors.contains("--dry-run"), "\(ports.transcript)")
    }

    @Test func anOptOutThatCannotBeObeyedStopsIt() throws {
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "example.org\n")
        let optOut = try scratch.write("opt-out.txt", "AS64500\n")
        let result = try Program.run(
            ["scan", list, "--into", scratch.path("x.sqlite"), "--opt-out", optOut, "--dry-run"] + Self.manners)
        #expect(result.status == 1, "\(result.transcript)")
        #expect(result.errors.contains("opt-out.txt:1: ") && result.errors.contains("AS64500"), "\(result.transcript)")
        #expect(result.errors.contains("--asn-file"), "\(result.transcript)")
    }

    /// Where nobody strange is asked it stops nothing; by hand as in a scan it is told.
    @Test func inALabAnOptOutThatCannotBeObeyedIsTold() throws {
        let scratch = try Scratch()
        let dns = try names("d7.example/NULLMX")
        defer { dns.stop() }
        let list = try scratch.write("list.txt", "d7.example\n")
        let optOut = try scratch.write("opt-out.txt", "# by telephone\nAS64500\n")
        let options = ["--opt-out", optOut, "--lab", "--dnssec", "off", "--resolver", Self.resolver]
        for command in [["scan", list, "--into", scratch.path("x.sqlite"), "--quiet"], ["check", "d7.example"]] {
            let result = try Program.run(command + options)
            #expect(result.status == 0, "\(result.transcript)")
            #expect(
                result.errors.contains("opt-out.txt:2: ") && result.errors.contains("AS64500"), "\(result.transcript)")
        }
    }

    /// A name server that fails at first is asked again at the times of the schedule.
    @Test func whatDNSDidNotAnswerIsAskedAgain() throws {
        let scratch = try Scratch()
        let dns = try names("d7.example/NULLMX", "fail=1/d7.example/NULLMX")
        defer { dns.stop() }
        let list = try scratch.write("list.txt", "d7.example\n")
        let database = scratch.path("survey.sqlite")
        let result = try Program.run([
            "scan", list, "--into", database, "--lab", "--dnssec", "off", "--resolver", Self.resolver, "--retry-scale",
            "0.025",
        ])
        #expect(result.status == 0, "\(result.transcript)")
        let export = scratch.path("export")
        #expect(try Program.run("export", database, "--to", export).status == 0)
        let row = try #require(try CSVTable(file: export + "/domains.csv").rows.first)
        #expect(row["mx_shape"] == "null_mx" && row["attempts"] == "2", "\(row)")
    }

    /// One domain by hand is no survey; many of them are.
    @Test func aSurveyByHandIsASurvey() throws {
        let many = (0..<30).map { "d\($0).example" }
        let result = try Program.run(["check"] + many + ["--resolver", "127.0.0.1:9"])
        #expect(result.status == 2 && result.errors.contains("mxcensus scan"), "\(result.transcript)")
    }

    @Test(arguments: ["mx.example.org:0", "mx.example.org:x", "a b", "[::1]:70000"]) func aBadCanaryIsNamed(
        text: String
    )
        throws
    {
        let result = try Program.run("scan", "list", "--into", "x", "--lab", "--canary", text)
        #expect(result.status == 2 && result.errors.contains("--canary '\(text)'"), "\(result.transcript)")
    }
}
