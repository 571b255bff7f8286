// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Store

@Suite struct StatisticsTableTests {
    private func row(_ title: String, _ stratum: String, _ counts: [Int]) -> StatisticRow {
        StatisticRow(
            metric: "m", title: title, unit: "domain", aggregation: "", stratum: stratum, yes: counts[0], no: counts[1],
            unknown: counts[2], excluded: counts[3], denominator: "D1")
    }

    @Test func theShareIsOfWhatIsKnownAndTheBoundsOfWhatWasAsked() {
        let row = row("", "all", [3, 1, 4, 9])
        #expect(row.rate == 0.75 && row.lowerBound == 0.375 && row.upperBound == 0.875)
        let unknown = self.row("", "all", [0, 0, 2, 0])
        #expect(unknown.rate == nil && unknown.lowerBound == 0 && unknown.upperBound == 1)
        let nothing = self.row("", "all", [0, 0, 0, 5])
        #expect(nothing.rate == nil && nothing.lowerBound == nil && nothing.upperBound == nil)
    }

    @Test func columnsAreAligned() {
        let table = StatisticsTable([
            row("MX question answered", "all", [998, 2, 0, 0]), row("Short", "all", [1, 2, 1, 10]),
        ])
        #expect(
            table.description.split(separator: "\n") == [
                "                      unit     share       bounds  yes  no  unknown  excluded  of",
                "MX question answered  domain  99.8 %  99.8-99.8 %  998   2        0         0  D1",
                "Short                 domain  33.3 %  25.0-50.0 %    1   2        1        10  D1",
            ])
    }

    @Test func strataHaveTheirNamesAbove() {
        let lines = StatisticsTable([row("A", "bank", [1, 0, 0, 0]), row("A", "state", [0, 0, 0, 0])]).description
            .split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "bank" && lines[3] == "" && lines[4] == "state")
        #expect(lines[6].contains(" - "))
    }

    @Test(arguments: [
        (0.0, "0.0"), (1.0, "100.0"), (0.3333, "33.3"), (0.9996, "100.0"), (0.0625, "6.3"), (0.0004, "0.0"),
    ])
    func percentagesHaveOneDecimal(share: Double, text: String) { #expect(StatisticsTable.percent(share) == text) }

    @Test func programsReadTheSame() throws {
        let json = StatisticsTable([row("A", "a \"b\"", [1, 3, 0, 2]), row("A", "c", [0, 0, 0, 0])]).json
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(rows.count == 2 && rows[0]["stratum"] as? String == "a \"b\"")
        #expect(rows[0]["rate"] as? Double == 0.25 && rows[0]["excluded"] as? Int == 2)
        #expect(rows[1]["rate"] is NSNull)
    }
}
