// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observations
import Testing

@testable import Store

/// docs/dataset.md is what readers of a release have: it must know every column and every word.
@Suite struct DatasetDocumentTests {
    let text: String

    init() throws {
        let here = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        text = try String(contentsOf: root.appendingPathComponent("docs/dataset.md"), encoding: .utf8)
    }

    /// The text between a heading and the next one of its rank.
    private func section(_ heading: String) throws -> Substring {
        let start = try #require(text.range(of: "\n" + heading), "\(heading)").upperBound
        let mark = "\n" + heading.prefix { $0 == "#" } + " "
        let end = text.range(of: mark, range: start..<text.endIndex)?.lowerBound ?? text.endIndex
        return text[start..<end]
    }

    @Test func everyPublishedColumnIsExplainedInItsTable() throws {
        for table in ExportedTable.all {
            let words = Set(try section("## \(table.name):").split { !($0.isLetter || $0.isNumber || $0 == "_") })
            for column in table.columns where column.name != "scan_id" {
                #expect(words.contains(Substring(column.name)), "\(table.name).\(column.name)")
            }
        }
    }

    @Test func everyWordIsExplainedWithItsClass() throws {
        for (stage, words) in Vocabulary.classes {
            let lines = try section("### \(stage)\n").split(separator: "\n")
            for (word, outcomeClass) in words where word != "not_reached" && word != "not_measured" {
                let line = "| `\(word)` | \(outcomeClass.rawValue) | "
                #expect(lines.contains { $0.hasPrefix(line) && $0.count > line.count + 3 }, "\(stage) \(word)")
            }
        }
    }
}
