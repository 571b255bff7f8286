// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

struct PolicyTextTests {
    @Test(arguments: [
        ("v=spf1 -all", "v=spf1 -all"), ("", ""), ("é…😀", "é…😀"), ("a\tb\r\n\0\u{7F}", "a\\009b\\013\\010\\000\\127"),
    ])
    func text(published: String, kept: String) {
        #expect(PolicyText(Array(published.utf8)).text == kept)
    }

    @Test func octetsThatAreNoText() {
        #expect(PolicyText([0x41, 0xFF, 0xC3, 0x41, 0xE2, 0x80]).text == "A\\255\\195A\\226\\128")
    }

    @Test(arguments: [(2_048, false), (2_049, true)])
    func limit(count: Int, isTruncated: Bool) {
        let kept = PolicyText([UInt8](repeating: 0x61, count: count))
        #expect(kept.text.utf8.count == 2_048)
        #expect(kept.isTruncated == isTruncated)
    }

    /// The cut is never inside of a character or of an escape.
    @Test(arguments: [("é", 2_048), ("…", 2_046), ("😀", 2_048), ("\n", 2_048), ("a😀", 2_045)])
    func edge(unit: String, size: Int) {
        let kept = PolicyText(Array(String(repeating: unit, count: 2_049).utf8))
        #expect(kept.text.utf8.count == size || kept.text.utf8.count == size + 1)
        #expect(kept.isTruncated)
        #expect(kept.text.unicodeScalars.allSatisfy { $0 != "\u{FFFD}" })
    }

    @Test func severalRecords() {
        #expect(PolicyText(records: [[0x61], [0x62]]).text == "a | b")
        #expect(PolicyText.records(of: "a | b") == [[0x61], [0x62]])
        #expect(PolicyText.records(of: "a") == [[0x61]])
    }

    @Test(arguments: [
        Array("v=spf1 -all".utf8), [], Array("é…😀".utf8), [0x41, 0xFF, 0x00, 0x09, 0x7F, 0xC3, 0x41],
        Array("a\\;b\\065c\\\\".utf8),
    ])
    func whatIsKeptStandsForWhatWasPublished(octets: [UInt8]) {
        #expect(PolicyText.octets(of: PolicyText(octets).text) == octets)
    }

    /// A text of which the last octets are missing is not told from one that ends there.
    @Test(arguments: ["a", "é", "😀", "\n", "a😀"])
    func whatMayHaveBeenCutStandsForNothing(unit: String) {
        let kept = PolicyText(Array(String(repeating: unit, count: 2_049).utf8))
        #expect(PolicyText.octets(of: kept.text) == nil && PolicyText.records(of: kept.text) == nil)
    }
}
