// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// `--previous`: policy files that an earlier survey knows.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LivePreviousPoliciesTests {
    /// The second scan looks for policy hosts at a port where nobody listens: what it still knows, it has not fetched.
    @Test(arguments: [false, true]) func whatAnEarlierSurveyHasReadIsNotFetchedAgain(intoTheSameFile: Bool) throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let read = ["enforce", "badmode", "html", "hosted", "mismatch"].map { $0 + ".sts.beta" }
        let others = ["notfound", "several", "testing", "none"].map { $0 + ".sts.beta" }
        let list = try scratch.write("list.txt", (read + others).joined(separator: "\n") + "\n")
        let first = try CSVTable(file: lab.survey(list: list, into: scratch, name: "first") + "/mta_sts.csv")
        // One record that has another id since, and one file that was read eight days ago.
        try Self.run(
            "UPDATE mta_sts SET record_id = 'before' WHERE domain = 'testing.sts.beta'",
            "UPDATE mta_sts SET fetched_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-8 days') WHERE domain = 'none.sts.beta'",
            on: scratch.path("first.sqlite"))
        let export = try lab.survey(
            list: list, into: scratch, name: intoTheSameFile ? "first" : "second",
            extra: ["--previous", scratch.path("first.sqlite"), "--https-port", "9"])
        let second = try CSVTable(file: export + "/mta_sts.csv")
        for domain in read {
            var (before, after) = (try #require(first.row(["domain": domain])), second.row(["domain": domain]))
            #expect(before["policy_sha256"]?.count == 64 && before["fetched_at"]?.isEmpty == false)
            before["scan_id"] = nil
            after?["scan_id"] = nil
            #expect(after == before, "\(domain)")
        }
        let domains = try CSVTable(file: export + "/domains.csv")
        #expect(domains.row(["domain": "enforce.sts.beta"])?["sts_domain"] == "valid_enforce")
        let links = try CSVTable(file: export + "/domain_mx.csv")
        #expect(links.row(["domain": "mismatch.sts.beta"])?["sts_match"] == "no_match")
        for domain in ["notfound", "testing", "none"] {
            #expect(second.row(["domain": domain + ".sts.beta"])?["fetch"] == "tcp_refused", "\(domain)")
        }
        #expect(second.row(["domain": "several.sts.beta"])?["fetch"] == "not_reached")
    }

    private static func run(_ statements: String..., on database: String) throws {
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])"
        python.arguments = ["-c", script, database, statements.joined(separator: ";")]
        try python.run()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
    }
}
