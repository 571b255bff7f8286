// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

struct SMTPReplyTests {
    @Test func text_IsFitForATable() {
        #expect(SMTPReply(code: 220, lines: [" mx ", "\u{1B}[1mready\r\u{85} "]).clippedText == "mx  ?[1mready??")
        #expect(SMTPReply(code: 220, lines: [""]).clippedText == "")
        #expect(SMTPReply.clipped(String(repeating: "é", count: 300)).count == 200)
        #expect(SMTPReply.clipped("\u{FFFD}") == "\u{FFFD}")
    }

    @Test func severity_IsTheFirstDigit() {
        #expect(
            SMTPReply(code: 421, lines: []).isTransientRefusal && !SMTPReply(code: 421, lines: []).isPermanentRefusal)
        #expect(
            SMTPReply(code: 554, lines: []).isPermanentRefusal && !SMTPReply(code: 554, lines: []).isTransientRefusal)
        #expect(
            !SMTPReply(code: 250, lines: []).isPermanentRefusal && !SMTPReply(code: 354, lines: []).isTransientRefusal)
    }
}
