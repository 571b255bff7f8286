// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import Testing

/// What the dialogues do not show: which wait applies, stale timers, and what happens after the end.
struct SMTPSessionTests {
    private func session() throws -> SMTPSession {
        SMTPSession(ehloName: try EHLOName("probe.example.org"))
    }

    private func line(_ text: String) -> SMTPSession.Event { .received(Array("\(text)\r\n".utf8)) }

    @Test func eachActionNamesItsWait() throws {
        var session = try session()
        #expect(session.handle(.connected) == .wait(.greeting))
        #expect(session.handle(line("220-mx")) == .wait(.greeting))
        #expect(session.handle(line("220 mx")) == .send(Array("EHLO probe.example.org\r\n".utf8), then: .reply))
        #expect(session.handle(line("250-mx")) == .wait(.reply))
        #expect(session.handle(line("250 STARTTLS")) == .send(Array("STARTTLS\r\n".utf8), then: .reply))
        #expect(session.handle(line("220 go")) == .startTLS)
        #expect(session.handle(.tlsEstablished) == .send(Array("EHLO probe.example.org\r\n".utf8), then: .reply))
        #expect(session.handle(line("250 mx")) == .send(Array("QUIT\r\n".utf8), then: .quit))
        #expect(session.handle(.received(Array("221".utf8))) == .wait(.quit))
        #expect(!session.record.isFinished)
        #expect(session.handle(line("")) == .close)
        #expect(session.record.isFinished)
    }

    @Test func aTimerOfAnEarlierWait_ChangesNothing() throws {
        var session = try session()
        _ = session.handle(.connected)
        #expect(session.handle(.timeout(.reply)) == .wait(.greeting))
        _ = session.handle(line("220 mx"))
        #expect(session.handle(.timeout(.greeting)) == .wait(.reply))
        #expect(session.record.ehlo == .notReached)
        #expect(session.handle(.timeout(.reply)) == .close)
        #expect(session.record.ehlo == .timeout)
    }

    @Test func afterTheEnd_NothingChanges() throws {
        var session = try session()
        _ = session.handle(.connected)
        #expect(session.handle(.endOfStream) == .close)
        let record = session.record
        for event in [line("220 mx"), .endOfStream, .timeout(.greeting), .tlsEstablished, .tlsFailed, .connected] {
            #expect(session.handle(event) == .close)
        }
        #expect(session.record == record)
    }

    @Test func aConnectionThatEndsDuringTheHandshake_LeavesTheOfferStanding() throws {
        for ending in [SMTPSession.Event.endOfStream, .tlsFailed, .timeout(.reply)] {
            var session = try session()
            _ = session.handle(.connected)
            _ = session.handle(line("220 mx"))
            _ = session.handle(line("250-mx\r\n250 STARTTLS"))
            #expect(session.handle(line("220 go")) == .startTLS)
            #expect(session.handle(ending) == .close)
            #expect(session.record.starttls == .offered)
            #expect(session.record.replyInTLS == .notReached)
        }
    }

    /// What stood in the buffer before TLS must not be read as the answer to the EHLO inside it.
    @Test func halfAReplyBeforeTLS_IsForgotten() throws {
        var session = try session()
        _ = session.handle(.connected)
        _ = session.handle(line("220 mx"))
        _ = session.handle(line("250-mx\r\n250 STARTTLS"))
        #expect(session.handle(.received(Array("220 go\r\n25".utf8))) == .close)
        #expect(session.record.starttls == .trailingPlaintext)
        #expect(session.handle(.tlsEstablished) == .close)
    }
}
