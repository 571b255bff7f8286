// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A scan of the lab with a pace of small numbers, told by what its scripted servers wrote down of it.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LivePaceTests {
    private struct Visit {
        let address: String
        let opened: Double
        let commands: [String]
    }

    /// Limits from below alone are looked at: a slow machine stretches a scan, and nothing can make it shorter.
    @Test func serversSeeThePaceOfTheFile() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let pace = try scratch.write(
            "pace.txt",
            """
            endpoint none
            address  concurrent=1 spacing=1 per_scan=3     # of four that the plan wants
            prefix   none
            provider none
            global   concurrent=20 per_second=5
            retry    scale=0
            """)
        let name = "survey.pace-\(UUID().uuidString.prefix(8).lowercased()).example"
        let journal = URL(fileURLWithPath: lab.folder + "/scripted.log")
        _ = try lab.survey(into: scratch, extra: ["--pace", pace, "--ehlo-name", name])
        let lines = try String(contentsOf: journal, encoding: .utf8).split(separator: "\n")
        let visits = try lines.map { line in
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            return Visit(
                address: entry["address"] as? String ?? "", opened: entry["opened"] as? Double ?? 0,
                commands: entry["commands"] as? [String] ?? [])
        }.filter { visit in visit.commands.contains { $0.contains(name) } }
        #expect(visits.count > 30)
        // Beginnings that are late at the first server make a span shorter by as much.
        let slack = 2.0
        let opened = visits.map(\.opened).sorted()
        #expect(opened[opened.count - 1] - opened[0] >= Double(visits.count - 1) / 5 - slack)
        var most = 0
        for (address, here) in Dictionary(grouping: visits, by: \.address) {
            most = max(most, here.count)
            #expect(here.count <= 3, "\(address)")
            let moments = here.map(\.opened).sorted()
            #expect(moments[moments.count - 1] - moments[0] >= Double(here.count - 1) - slack, "\(address)")
        }
        #expect(most == 3, "somebody has had all that the file allows")
    }
}
