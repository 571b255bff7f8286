// SPDX-License-Identifier: Apache-2.0

/// Statistics for people: aligned columns, a block for each stratum, percentages with one decimal.
public struct StatisticsTable: CustomStringConvertible, Sendable {
    private let rows: [StatisticRow]

    /// A table of these rows.
    public init(_ rows: [StatisticRow]) { self.rows = rows }

    /// The text, with a line break at its end.
    public var description: String {
        var text = ""
        var stratum: String?
        let widths = Self.widths([Self.header] + rows.map(Self.cells))
        for row in rows {
            if row.stratum != stratum {
                if stratum != nil { text += "\n" }
                if row.stratum != "all" { text += row.stratum + "\n" }
                text += Self.line(Self.header, widths)
                stratum = row.stratum
            }
            text += Self.line(Self.cells(row), widths)
        }
        return text
    }

    private static let header = ["", "unit", "share", "bounds", "yes", "no", "unknown", "excluded", "of"]

    private static func cells(_ row: StatisticRow) -> [String] {
        [
            row.title, row.unit, row.rate.map { percent($0) + " %" } ?? "-", bounds(row), "\(row.yes)", "\(row.no)",
            "\(row.unknown)", "\(row.excluded)", row.denominator,
        ]
    }

    private static func bounds(_ row: StatisticRow) -> String {
        guard let low = row.lowerBound, let high = row.upperBound else { return "-" }
        return "\(percent(low))-\(percent(high)) %"
    }

    /// One decimal, halves up.
    static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1_000).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func widths(_ lines: [[String]]) -> [Int] {
        header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    }

    /// Words to the left, numbers to the right.
    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let space = String(repeating: " ", count: widths[column] - cell.count)
            let isWord = column < 2 || column == cells.count - 1
            line += (column == 0 ? "" : "  ") + (isWord ? cell + space : space + cell)
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}

extension StatisticsTable {
    /// The same for programs: a JSON array of objects, shares as numbers from 0 to 1 or null.
    public var json: String {
        "[\n" + rows.map(Self.object).joined(separator: ",\n") + "\n]\n"
    }

    private static func object(_ row: StatisticRow) -> String {
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "null" }
        let members: [(String, String)] = [
            ("metric", JSONText.string(row.metric)), ("unit", JSONText.string(row.unit)),
            ("agg", JSONText.string(row.aggregation)), ("stratum", JSONText.string(row.stratum)),
            ("yes", "\(row.yes)"), ("no", "\(row.no)"), ("unknown", "\(row.unknown)"),
            ("excluded", "\(row.excluded)"), ("rate", number(row.rate)), ("bound_low", number(row.lowerBound)),
            ("bound_high", number(row.upperBound)), ("denominator_id", JSONText.string(row.denominator)),
        ]
        return "  {" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }
}
