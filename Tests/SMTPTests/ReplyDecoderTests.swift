// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import Testing

struct ReplyDecoderTests {
    private func decode(_ text: String) -> ReplyDecoder.Step {
        var decoder = ReplyDecoder()
        decoder.append(Array(text.utf8))
        return decoder.next()
    }

    private func octetByOctet(_ octets: [UInt8]) -> ReplyDecoder.Step {
        var decoder = ReplyDecoder()
        for octet in octets {
            decoder.append([octet])
            let step = decoder.next()
            if step != .incomplete { return step }
        }
        return .incomplete
    }

    @Test(arguments: [
        ("250 ok\r\n", 250, ["ok"]), ("250 ok\n", 250, ["ok"]), ("250\r\n", 250, [""]), ("250 \r\n", 250, [""]),
        ("250-a\r\n250-\r\n250  b \r\n", 250, ["a", "", " b "]), ("250-a\n250\n", 250, ["a", ""]),
        ("220-hello\r\n554 no\r\n", 554, ["hello", "no"]), ("599 x\r\n", 599, ["x"]),
        ("220 a\rb\r\r\n", 220, ["a\rb"]),
    ])
    func aReply_HoweverCut(_ text: String, _ code: Int, _ lines: [String]) {
        #expect(decode(text) == .reply(SMTPReply(code: code, lines: lines)))
        #expect(octetByOctet(Array(text.utf8)) == .reply(SMTPReply(code: code, lines: lines)))
    }

    @Test(arguments: ["", "2", "25", "250", "250 ", "250-a\r\n", "250-a\r\n25", "250 ok", "250 ok\r"])
    func aPart_IsIncomplete(_ text: String) {
        #expect(decode(text) == .incomplete)
    }

    @Test(arguments: [
        "\r\n", "\n", "x", "1", "6", "100 a\r\n", "2x", "25\r\n", "2500 ok\r\n", "250x", "250\tok", " 250 ok\r\n", "-",
        "250\rx\n",
        "250-a\r\n\r\n", "250-a\r\nok", "HTTP/1.1 400", "EHLO",
    ])
    func otherText_IsNoReply(_ text: String) {
        #expect(decode(text) == .malformed(.notAReply))
        #expect(octetByOctet(Array(text.utf8)) == .malformed(.notAReply))
    }

    @Test func twoReplies_ComeOneByOne() {
        var decoder = ReplyDecoder()
        decoder.append(Array("220 a\r\n250-b\r\n250 c\r\n4".utf8))
        #expect(decoder.next() == .reply(SMTPReply(code: 220, lines: ["a"])))
        #expect(decoder.hasUnread)
        #expect(decoder.next() == .reply(SMTPReply(code: 250, lines: ["b", "c"])))
        #expect(decoder.hasUnread)
        #expect(decoder.next() == .incomplete)
        decoder.append(Array("21 d\r\n".utf8))
        #expect(decoder.next() == .reply(SMTPReply(code: 421, lines: ["d"])))
        #expect(!decoder.hasUnread)
    }

    @Test func whatFailed_StaysFailed() {
        var decoder = ReplyDecoder()
        decoder.append(Array("oops\r\n".utf8))
        #expect(decoder.next() == .malformed(.notAReply))
        decoder.append(Array("250 ok\r\n".utf8))
        #expect(decoder.next() == .malformed(.notAReply))
    }

    @Test(arguments: [(4_096, true), (4_097, false)])
    func aLine_HasUpTo4096Octets(_ octets: Int, _ fits: Bool) {
        let line = Array("250 ".utf8) + [UInt8](repeating: 0x61, count: octets - 6) + [13, 10]
        var decoder = ReplyDecoder()
        decoder.append(line)
        let whole = decoder.next()
        #expect(octetByOctet(line) == whole)
        if fits {
            #expect(whole != .malformed(.lineTooLong) && whole != .incomplete)
        } else {
            #expect(whole == .malformed(.lineTooLong))
        }
    }

    @Test func aLineWithoutEnd_IsGivenUpAtTheLimit() {
        let endless = Array("250 ".utf8) + [UInt8](repeating: 0x61, count: 4_091)
        #expect(octetByOctet(endless) == .incomplete)
        #expect(octetByOctet(endless + [0x61]) == .malformed(.lineTooLong))
    }

    @Test(arguments: [(255, true), (256, false)])
    func aReply_HasUpTo256Lines(_ continued: Int, _ fits: Bool) {
        let step = decode(String(repeating: "250-a\r\n", count: continued) + "250 z\r\n")
        #expect((step == .malformed(.replyTooLong)) == !fits)
    }

    @Test func aReply_HasUpTo65536Octets() {
        let line = "250-" + String(repeating: "a", count: 1_018) + "\r\n"  // 1,024 octets
        let full = String(repeating: line, count: 63) + line.replacing("250-", with: "250 ")
        #expect(decode(full) != .malformed(.replyTooLong))
        #expect(decode("250-\r\n" + full) == .malformed(.replyTooLong))
        #expect(octetByOctet(Array(("250-\r\n" + full).utf8)) == .malformed(.replyTooLong))
    }

    @Test func octetsThatAreNoUTF8_AreKeptAsReplacements() {
        var decoder = ReplyDecoder()
        decoder.append([0x32, 0x32, 0x30, 0x20, 0xE9, 0x0D, 0x0A])
        #expect(decoder.next() == .reply(SMTPReply(code: 220, lines: ["\u{FFFD}"])))
    }
}
