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
        var unasked: Set<String> = []
        for cell in expectations.cells {
            let row = try #require(tables[cell.table]).row(cell.key)
            if cell.isOptional && row == nil {
                unasked.insert("\(cell.key.sorted { $0.key < $1.key }.map(\.value))")
                continue
            }
            #expect(row?[cell.column] == cell.value, "\(cell)")
        }
        if !unasked.isEmpty {
            print("stated, but not asked by this survey: \(unasked.sorted().joined(separator: " "))")
        }
    }

    @Test func everyListedDomainHasExactlyOneRow() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let export = try lab.survey(into: scratch)
        let rows = try CSVTable(file: export + "/domains.csv").rows.compactMap { $0["domain"] }
        #expect(rows.sorted() == LabExpectations(try lab.description()).listedDomains.sorted())
    }

    /// What the scripted servers wrote down of us: nobody was spoken to early, and nothing but greetings and TLS was
    /// asked for.
    @Test func serversSeeAPoliteVisitor() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let journal = URL(fileURLWithPath: lab.folder + "/scripted.log")
        let before = try Data(contentsOf: journal).count
        _ = try lab.survey(into: scratch)
        let lines = try Data(contentsOf: journal)[before...].split(separator: UInt8(ascii: "\n"))
        let visits = try lines.map { try JSONSerialization.jsonObject(with: $0) as? [String: Any] ?? [:] }
        #expect(visits.count { $0["port"] as? Int == 25 } > 40)
        // Other tests visit at the same time, and try on other ports whether TLS comes before the greeting.
        for visit in visits where visit["port"] as? Int == 25 {
            #expect(visit["bytes_before_greeting"] as? Int == 0, "\(visit)")
            for command in visit["commands"] as? [String] ?? [] {
                let verb = command.replacing("TLS ", with: "").split(separator: " ").first.map(String.init) ?? ""
                #expect(["EHLO", "HELO", "STARTTLS", "QUIT"].contains(verb), "\(visit)")
            }
        }
    }

    /// Standard input is another list each time: nothing of it is taken for an earlier one.
    @Test func aSecondListOnStandardInputIsSurveyed() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let arguments = ["scan", "-", "--into", scratch.path("survey.sqlite")] + lab.options
        #expect(try Program.run(arguments, input: "good.alpha\n").status == 0)
        let second = try Program.run(arguments, input: "nullmx.alpha\nexim.beta\n")
        #expect(second.errors.contains("complete: 2 domains"), "\(second.transcript)")
    }

    /// One list that cannot be read costs the others nothing, and is not passed over in silence.
    @Test func anEmptyListBesideAGoodOne() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let good = try scratch.write("good.txt", "good.alpha\n")
        let empty = try scratch.write("empty.txt", "")
        let result = try Program.run(["scan", good, empty, "--into", scratch.path("survey.sqlite")] + lab.options)
        #expect(result.status == 1)
        #expect(result.errors.contains("empty.txt") && result.errors.contains("1 domains"), "\(result.transcript)")
    }

    /// Who is not to be asked is neither a yes nor a no, whatever the others say.
    @Test func anOptedOutHostLeavesItsDomainUnknown() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "good.alpha\n")
        let optOut = try scratch.write("optout.txt", "host:mx1.good.alpha\n")
        let export = try lab.survey(list: list, into: scratch, extra: ["--opt-out", optOut])
        let row = try #require(try CSVTable(file: export + "/domains.csv").rows.first)
        #expect(row["mx_count"] == "2" && row["mx_primary_count"] == "1")
        #expect(row["starttls_any"] == "true")
        #expect(row["starttls_all"] == "UNK" && row["starttls_primary"] == "UNK" && row["pkix_mx_all"] == "UNK")
        let links = try CSVTable(file: export + "/domain_mx.csv").rows
        #expect(links.map { $0["is_primary"] } == ["false"])
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
