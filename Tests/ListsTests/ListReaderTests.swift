// SPDX-License-Identifier: Apache-2.0
import Foundation
import Lists
import Observations
import Testing

struct ListReaderTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    /// Every line of the list in short: `name`, `name rank`, `name column=value` or `!line reason`.
    private func read(_ octets: some Sequence<UInt8>) throws -> [String] {
        try read(path: folder.file(octets))
    }

    private func read(path: String) throws -> [String] {
        var reader = try ListReader(path: path)
        var lines: [String] = []
        while let line = try reader.next() {
            switch line {
            case .domain(let domain):
                let rank = domain.rank.map { " \($0)" } ?? ""
                lines.append("\(domain.name)\(rank)" + domain.labels.map { " \($0.name)=\($0.value)" }.joined())
            case .invalid(let invalid): lines.append("!\(invalid.line) \(invalid.reason.rawValue)")
            }
        }
        return lines
    }

    @Test func plainNames_WithBlankLinesCommentsAndLooseEnds() throws {
        let text =
            "\u{FEFF}# my list\r\n\r\nExample.NL\r\n  b.example. # a note\n\t\n#c.example\ninfo@d.example\nhttps://e.example/#x"
        #expect(try read(text.utf8) == ["example.nl", "b.example", "d.example", "e.example"])
    }

    @Test func aTable_CarriesItsColumnsAlong() throws {
        let text = """
            Sector,Domain,Rank,Note
            bank, a.example ,7,"says ""hi"", twice"
            ,b.example,,
            "two
            lines",c.example,x,
            only
            uni,d.example,9,n,too many
            uni,,1,
            """
        #expect(
            try read(text.utf8) == [
                "a.example 7 Sector=bank Note=says \"hi\", twice", "b.example", "c.example Sector=two\nlines Rank=x",
                "!6 missing_domain", "!7 malformed_row", "!8 missing_domain",
            ])
    }

    @Test func aTable_MayUseSemicolonsOrTabsOrHaveOneColumn() throws {
        #expect(try read("domain;sector\na.example;x\n".utf8) == ["a.example sector=x"])
        #expect(try read("sector\tdomain\nx\ta.example\n".utf8) == ["a.example sector=x"])
        #expect(try read("domain\na.example\n".utf8) == ["a.example"])
        #expect(try read("Domain name,Agency\na.example,\"A, B\"\n".utf8) == ["a.example Agency=A, B"])
    }

    @Test func aStrayQuote_CostsItsOwnLineOnly() throws {
        let text = "domain,note\na.example,\"open\nb.example,x\nc.example,y\n"
        #expect(try read(text.utf8) == ["!2 malformed_row", "b.example note=x", "c.example note=y"])
        let twice = "domain,note\na.example,\"open\nb.example,\"x\nc.example,y\n"
        #expect(try read(twice.utf8) == ["!2 malformed_row", "!3 malformed_row", "c.example note=y"])
        let far = "domain,note\na.example,\"open\n" + String(repeating: "b.example,x\n", count: 5_000)
        #expect(try read(far.utf8) == ["!2 malformed_row"] + [String](repeating: "b.example note=x", count: 5_000))
    }

    @Test func aColumnInAnotherEncoding_DoesNotCostTheDomain() throws {
        let octets = Array("domain,name\na.example,Caf".utf8) + [0xE9, 0x0A]
        #expect(try read(octets) == ["a.example name=Caf\u{FFFD}"])
    }

    @Test func aRanking_NeedsNoHeader() throws {
        #expect(
            try read("1,a.example\r\n2,b.example\r\nx,c.example\r\n3\r\n".utf8)
                == ["a.example 1", "b.example 2", "!3 malformed_row", "!4 malformed_row"])
    }

    @Test func badLines_AreNamedAndPassedOver() throws {
        var octets = Array("ok.example\n".utf8)
        octets += [0x61, 0xFF, 0x2E, 0x62, 0x0A]  // 2
        octets += Array("nul\0.example\n".utf8)  // 3
        octets += Array((String(repeating: "a.", count: 126) + "ab\n").utf8)  // 4: 254 characters
        octets += Array((String(repeating: "a", count: 64) + ".example\n").utf8)  // 5
        octets += Array("192.0.2.1\n2001:db8::1\n[192.0.2.1]\nhttp://[2001:db8::1]:80/\n".utf8)  // 6-9
        octets += Array("localhost\nwww.localhost\nexample\na..example\n.example\na b.example\n".utf8)  // 10-15
        octets += Array("a,b.example\n-a.example\n*.example.nl\n999.1.1.1\n\u{2603}\u{FE0F}\u{1F4A9}.example\n@\n".utf8)
        octets += Array("last.example".utf8)
        #expect(
            try read(octets) == [
                "ok.example", "!2 not_utf8", "!3 control_character", "!4 name_too_long", "!5 label_too_long",
                "!6 ip_address", "!7 ip_address", "!8 ip_address", "!9 ip_address", "!10 localhost", "!11 localhost",
                "!12 single_label", "!13 empty_label", "!14 empty_label", "!15 bad_character", "!16 bad_character",
                "!17 bad_character", "!18 bad_character", "!19 ip_address", "!20 not_idna", "!21 missing_domain",
                "last.example",
            ])
    }

    @Test func theLongestNames_AreStillNames() throws {
        let longest = String(repeating: "a.", count: 126) + "b"
        let label = String(repeating: "a", count: 63) + ".example"
        #expect(try read("\(longest)\n\(label)\n".utf8) == [longest, label])
    }

    @Test func anEndlessLine_IsPassedOverWithoutHoldingIt() throws {
        var octets = Array("a.example\n".utf8)
        octets += [UInt8](repeating: 0x61, count: 10_000_000)
        octets += Array("\nb.example\n".utf8)
        let path = try folder.file(octets)
        var reader = try ListReader(path: path)
        _ = try reader.next()
        guard case .invalid(let line) = try reader.next() else {
            Issue.record("the long line went through")
            return
        }
        #expect(line.reason == .lineTooLong && line.line == 2 && line.text.count <= 101)
        guard case .domain(let domain) = try reader.next() else {
            Issue.record("the next line was lost")
            return
        }
        #expect(domain.name.description == "b.example" && domain.line == 3)
        let end = try reader.next()
        #expect(end == nil)
    }

    @Test func anEndlessFirstLine_DoesNotDecideTheFormat() throws {
        let text = String(repeating: "a", count: 20_000) + "\ndomain,sector\na.example,x\n"
        #expect(try read(text.utf8) == ["!1 line_too_long", "a.example sector=x"])
    }

    @Test func aLineOfExactlyTheLimit_IsRead() throws {
        let text = "a.example #" + String(repeating: "x", count: 16_384 - 11)
        #expect(try read("\(text)\n".utf8) == ["a.example"])
        #expect(try read("\(text)x\n".utf8) == ["!1 line_too_long"])
    }

    @Test func anInvalidLine_SaysWhereAndWhat() throws {
        let path = try folder.file("a.example\nb\u{1B}[31m.example\n".utf8)
        var reader = try ListReader(path: path)
        _ = try reader.next()
        guard case .invalid(let line) = try reader.next() else {
            Issue.record("the line went through")
            return
        }
        #expect(line.description == "\(path):2: a control character: \"b?[31m.example\"")
    }

    @Test func unicodeNames_KeepBothForms() throws {
        var reader = try ListReader(path: folder.file("Stra\u{DF}e.example\n".utf8))
        guard case .domain(let domain) = try reader.next() else {
            Issue.record("refused")
            return
        }
        #expect(domain.name.description == "xn--strae-oqa.example")
        #expect(domain.unicode == "straße.example")
    }

    @Test func gzip_IsKnownByItsFirstOctets() throws {
        let text = "1,a.example\n" + (2...50_000).map { "\($0),name\($0).example\n" }.joined()
        let packed = try folder.gzipped(text.utf8)
        #expect(packed.count < 400_000)
        let lines = try read(packed)
        #expect(lines.count == 50_000)
        #expect(lines.first == "a.example 1" && lines.last == "name50000.example 50000")
    }

    @Test func gzip_MayHaveSeveralMembersAndPadding() throws {
        let packed = try folder.gzipped("a.example\n".utf8) + folder.gzipped("b.example\n".utf8) + [0, 0, 0]
        #expect(try read(packed) == ["a.example", "b.example"])
    }

    @Test func damagedGzip_GivesWhatItHasAndThenSaysSo() throws {
        let text = (1...20_000).map { "name\($0 &* 2_654_435_761).example\n" }.joined()
        let packed = try folder.gzipped(text.utf8)
        let path = try folder.file(packed.dropLast(1_000), "short")
        var reader = try ListReader(path: path)
        var count = 0
        let error = #expect(throws: ListError.self) {
            while try reader.next() != nil { count += 1 }
        }
        #expect(error == .damagedGzip(file: path))
        #expect(count > 15_000)
        let end = try reader.next()
        #expect(end == nil)

        var broken = packed
        broken.withUnsafeMutableBufferPointer { $0[$0.count / 2] ^= 0xFF }
        let brokenPath = try folder.file(broken, "broken")
        #expect(throws: ListError.damagedGzip(file: brokenPath)) { try read(path: brokenPath) }
    }

    @Test func whatIsNoList_IsNamed() throws {
        let path = folder.path("")
        #expect(throws: ListError.directory(file: path)) { try read(path: path) }
        let missing = folder.path("nothing")
        #expect(throws: ListError.missing(file: missing)) { try read(path: missing) }
        let empty = try folder.file([], "empty")
        #expect(throws: ListError.empty(file: empty)) { try read(path: empty) }
        let comments = try folder.file("# nothing\n\n".utf8, "comments")
        #expect(throws: ListError.empty(file: comments)) { try read(path: comments) }
        let header = try folder.file("domain,sector\n".utf8, "header")
        #expect(throws: ListError.empty(file: header)) { try read(path: header) }
        let random = try folder.file((0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 197 ^ $0 >> 3) }, "random")
        #expect(throws: ListError.binary(file: random)) { try read(path: random) }
        let utf16 = try folder.file([0xFF, 0xFE] + "a.example\n".utf8.flatMap { [$0, 0] }, "utf16")
        #expect(throws: ListError.binary(file: utf16)) { try read(path: utf16) }
        let columns = try folder.file("name,sector\na.example,x\n".utf8, "columns")
        #expect(throws: ListError.noDomainColumn(file: columns, header: "name,sector")) { try read(path: columns) }
    }

    @Test(.enabled(if: getuid() != 0, "root may read everything")) func aForbiddenFile_IsNamed() throws {
        let path = try folder.file("a.example\n".utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        #expect(throws: ListError.forbidden(file: path)) { try read(path: path) }
    }

    /// Whatever stands in the lines, each one that is neither blank nor a comment comes out once, in order.
    @Test func noLineIsLost() throws {
        var state: UInt64 = 0x6D78_6365_6E73_7573
        let alphabet = Array("a1.-_@:/#?,;\"\\[]xn% ü\t".utf8) + [0x00, 0xFF, 0x0D]
        for round in 0..<60 {
            // A comment long enough that a few control characters behind it do not make the file binary.
            var lines = [Array(("#" + String(repeating: "x", count: 4_200)).utf8), Array("first.example".utf8)]
            for _ in 0..<40 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                var bits = state
                lines.append(
                    (0..<Int(state >> 60)).map { _ in
                        bits = bits &* 2_862_933_555_777_941_757 &+ 3_037_000_493
                        return alphabet[Int(bits >> 40) % alphabet.count]
                    })
            }
            let expected = lines.indices.filter { index in
                let text = lines[index].last == 0x0D ? lines[index].dropLast() : lines[index][...]
                let first = text.first { $0 != 0x20 && $0 != 0x09 }
                return first != nil && first != UInt8(ascii: "#")
            }
            var reader = try ListReader(path: folder.file(lines.joined(separator: [0x0A]), "\(round)"))
            var seen: [Int] = []
            while let line = try reader.next() {
                switch line {
                case .domain(let domain): seen.append(domain.line - 1)
                case .invalid(let invalid): seen.append(invalid.line - 1)
                }
            }
            #expect(seen == expected)
        }
    }

    @Test func everyReasonHasWordsForPeople() {
        for reason in InvalidReason.allCases { #expect(!reason.description.isEmpty) }
    }
}
