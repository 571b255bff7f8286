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
    }
}
