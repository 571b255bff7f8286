// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A canary that dies in the middle of a scan of the lab: it hands connections on to a Postfix, so many of them.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LiveCanaryTests {
    private static let canary = ["--canary", "127.0.0.98:2525", "--canary-interval", "0.1"]

    private func relay(_ connections: Int?) throws -> Companion {
        try Companion("relay.py", ["127.0.0.98", "2525", "127.0.1.1"] + (connections.map { ["\($0)"] } ?? []))
    }

    private func status(_ scratch: Scratch, _ lab: Lab, _ database: String) throws -> [String: String] {
        let export = try lab.export(database, to: scratch.path("export"))
        return try #require(try CSVTable(file: export + "/scans.csv").rows.first)
    }

    @Test func withoutAWellCanaryNobodyIsAsked() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let database = scratch.path("survey.sqlite")
        let result = try Program.run(["scan", lab.list, "--into", database, "--quiet"] + lab.options + Self.canary)
        #expect(result.status == 1, "\(result.transcript)")
        #expect(result.errors.contains("the canary 127.0.0.98:2525 is not well"), "\(result.transcript)")
        #expect(result.errors.contains("connection refused"), "\(result.transcript)")
        let scan = try status(scratch, lab, database)
        #expect(scan["status"] == "aborted_canary" && scan["input_rows"] == "0")
    }

    /// Nothing that was seen since the last good look is in the tables; the next run ends in the dataset of a scan that
    /// nobody disturbed.
    @Test func aCanaryThatDiesTakesBackWhatWasSeenSince() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let domains = LabExpectations.domainsOfRealServers(try lab.description()).sorted()
        let list = try scratch.write("list.txt", domains.joined(separator: "\n") + "\n")
        let undisturbed = try lab.survey(list: list, into: scratch, name: "undisturbed")
        let database = scratch.path("survey.sqlite")
        let arguments =
            ["scan", list, "--into", database, "--quiet", "--max-connections", "1", "--max-lookups", "1"] + lab.options
        // The first look and a few more.
        let dying = try relay(4)
        let aborted = try Program.run(arguments + Self.canary)
        dying.stop()
        #expect(aborted.status == 1, "\(aborted.transcript)")
        #expect(aborted.errors.contains("the scan is aborted"), "\(aborted.transcript)")
        #expect(try status(scratch, lab, database)["status"] == "aborted_canary")

        let living = try relay(nil)
        let again = try Program.run(arguments + Self.canary)
        living.stop()
        #expect(again.status == 0, "\(again.transcript)")
        try Interrupted.expectEqual(undisturbed, try lab.export(database, to: scratch.path("again")))
    }
}
