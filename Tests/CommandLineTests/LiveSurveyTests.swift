// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The whole lab is scanned and exported, and every cell that its description states is compared.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LiveSurveyTests {
    @Test func everyStatedCellIsInTheDataset() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let export = try lab.survey(into: scratch)
        let expectations = LabExpectations(try lab.description())
        #expect(expectations.cells.count > 100)

        var tables: [String: CSVTable] = [:]
        for table in Set(expectations.cells.map(\.table)) {
            tables[table] = try CSVTable(file: export + "/\(table).csv")
        }
        for cell in expectations.cells {
            let row = try #require(tables[cell.table]).row(cell.key)
            #expect(row?[cell.column] == cell.value, "\(cell)")
        }
    }

    @Test func everyListedDomainHasExactlyOneRow() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let export = try lab.survey(into: scratch)
        let rows = try CSVTable(file: export + "/domains.csv").rows.compactMap { $0["domain"] }
        #expect(rows.sorted() == LabExpectations(try lab.description()).listedDomains.sorted())
    }

    @Test func aListInAnyFormatGivesTheSameDomains() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let plain = try scratch.write("plain.txt", "good.alpha\nEXIM.beta.\nuser@good.alpha\nhttps://exim.beta/x\n")
        let tranco = try scratch.write("tranco.csv", "1,good.alpha\n2,exim.beta\n")
        let domains = try [plain, tranco].enumerated().map { index, list in
            let export = try lab.survey(list: list, into: scratch, name: "list\(index)")
            return try CSVTable(file: export + "/domains.csv").rows.compactMap { $0["domain"] }
        }
        #expect(domains == [["exim.beta", "good.alpha"], ["exim.beta", "good.alpha"]])
    }

    @Test func optedOutNamesAppearNowhere() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "good.alpha\nexim.beta\n")
        let optOut = try scratch.write("optout.txt", "domain:exim.beta\nhost:mx2.good.alpha\n127.0.1.1\n")
        let export = try lab.survey(list: list, into: scratch, extra: ["--opt-out", optOut])
        for file in try FileManager.default.contentsOfDirectory(atPath: export) {
            let text = try String(contentsOfFile: export + "/" + file, encoding: .utf8)
            #expect(!text.contains("exim.beta") && !text.contains("mx2.good.alpha"), "\(file)")
            #expect(!text.contains("127.0.1.1,"), "\(file)")
        }
        #expect(try CSVTable(file: export + "/scans.csv").rows.first?["optout_rows"] == "1")
    }
}
