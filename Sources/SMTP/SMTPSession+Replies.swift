// SPDX-License-Identifier: Apache-2.0

import Observations

/// What each answer, or the lack of one, means at each stage. A missing answer is never taken for a "no".
extension SMTPSession {
    mutating func act(on reply: SMTPReply) -> Action {
        if reply.isTransientRefusal || reply.isPermanentRefusal, stage != .quitting {
            record.refusal = SMTPReply.clipped("\(reply.code) \(reply.clippedText)")
        }
        switch stage {
        case .greeting: return greeted(by: reply)
        case .ehlo: return answeredEHLO(reply)
        case .helo: return answeredHELO(reply)
        case .starttls: return answeredSTARTTLS(reply)
        case .ehloInTLS: return answeredInTLS(reply)
        case .quitting: return answeredQUIT(reply)
        case .connecting, .handshake, .finished: return close()
        }
    }

    /// RFC 5321 §3.1: 220 invites, 554 and (RFC 7504) 521 say that no mail is taken here, and still await QUIT.
    private mutating func greeted(by reply: SMTPReply) -> Action {
        if opening == .inTLS { record.replyInTLS = .reply(code: reply.code) }
        record.greetingCode = reply.code
        record.banner = reply.clippedText
        switch reply.code {
        case 220:
            record.greeting = .ready
            return send("EHLO \(ehloName)", next: .ehlo)
        case _ where ReputationText.blames(reply): record.greeting = .blockedByReputation
        case 421: record.greeting = .closing
        case 400...499: record.greeting = .temporaryRefusal
        case 521: record.greeting = .noMail
        case 554: record.greeting = .noService
        case 500...599: record.greeting = .permanentRefusal
        default: return end(by: .malformed)  // `200` is NNTP's, `250` answers nothing
        }
        return quit(after: reply)
    }

    private mutating func answeredEHLO(_ reply: SMTPReply) -> Action {
        record.ehloCode = reply.code
        if reply.isPermanentRefusal, !ReputationText.blames(reply) {
            return send("HELO \(ehloName)", next: .helo)  // RFC 5321 §3.2
        }
        guard reply.code == 250 else { return refusedEHLO(reply) }
        let answer = EHLOReply(reply)
        guard opening == .inClear else { return answeredEHLOBehindImplicitTLS(answer, reply) }
        if decoder.hasUnread, !answer.offersSTARTTLS { return endedWithMoreToCome(answer, reply) }
        record.ehlo = .ok
        record.extensions = answer.extensions
        if answer.offersSTARTTLS { return send("STARTTLS", next: .starttls) }
        record.starttls = answer.hasMaskedKeyword ? .notOfferedMasked : .notOffered
        return quit(after: reply)
    }

    /// Everything is encrypted already: STARTTLS is not to be asked for, whatever the list says (RFC 8314 §3.3).
    private mutating func answeredEHLOBehindImplicitTLS(_ answer: EHLOReply, _ reply: SMTPReply) -> Action {
        record.ehlo = .ok
        record.extensionsInTLS = answer.extensions
        return quit(after: reply)
    }

    /// A list that ended without the keyword and yet goes on, as from servers that put a space for the hyphen, is not
    /// complete: "not offered" would be a guess.
    private mutating func endedWithMoreToCome(_ answer: EHLOReply, _ reply: SMTPReply) -> Action {
        guard case .reply(let next) = decoder.next(), next.code == 421 else { return end(by: .malformed) }
        record.ehlo = .ok
        record.extensions = answer.extensions
        record.starttls = answer.hasMaskedKeyword ? .notOfferedMasked : .notOffered
        return close()
    }

    /// QUIT is answered by 221. A 250 is the rest of a list that had only seemed to end, and came too late to stand behind
    /// its first line: as in `endedWithMoreToCome`, however the lines were cut into segments.
    private mutating func answeredQUIT(_ reply: SMTPReply) -> Action {
        if reply.code == 250, record.starttls == .notOffered || record.starttls == .notOfferedMasked {
            record.ehlo = .malformed
            record.extensions = nil
            record.starttls = .notReached
        }
        return close()
    }

    private mutating func answeredHELO(_ reply: SMTPReply) -> Action {
        record.ehloCode = reply.code
        guard reply.code == 250 else { return refusedEHLO(reply) }
        record.ehlo = .heloOnly
        return quit(after: reply)
    }

    private mutating func refusedEHLO(_ reply: SMTPReply) -> Action {
        switch reply.code {
        case _ where ReputationText.blames(reply): record.ehlo = .blockedByReputation
        case 421: record.ehlo = .closing
        case 400...499: record.ehlo = .temporaryRefusal
        case 500...599: record.ehlo = .permanentRefusal
        default: return end(by: .malformed)
        }
        return quit(after: reply)
    }

    /// RFC 3207 §4: 220 go ahead, 501 no parameters allowed, 454 not available for now. Any other positive reply leaves
    /// open which layer speaks next, so the connection is of no more use.
    private mutating func answeredSTARTTLS(_ reply: SMTPReply) -> Action {
        record.starttlsCode = reply.code
        switch reply.code {
        case 220:
            guard !decoder.hasUnread else { return rejectTrailingPlaintext() }
            record.starttls = .offered
            stage = .handshake
            return .startTLS
        case 454: record.starttls = .unavailable
        case 400...499: record.starttls = .temporaryRefusal
        case 500...599: record.starttls = .refused
        default: return end(by: .malformed)
        }
        return quit(after: reply)
    }

    /// Octets in clear behind the 220 could have been put there by anybody on the way; a client that feeds them to TLS,
    /// or keeps them for after the handshake, is open to response injection (Poddebniak et al., 2021).
    mutating func rejectTrailingPlaintext() -> Action {
        record.starttls = .trailingPlaintext
        return close()
    }

    private mutating func answeredInTLS(_ reply: SMTPReply) -> Action {
        record.replyInTLS = .reply(code: reply.code)
        if reply.code == 250 { record.extensionsInTLS = EHLOReply(reply).extensions }
        return quit(after: reply)
    }
}

/// How a stage ends without a reply.
extension SMTPSession {
    enum Ending {
        case endOfStream, timeout, tlsFailure, malformed
    }

    /// Records what the stage came to and closes: where an answer is missing, QUIT would be talking out of turn.
    mutating func end(by ending: Ending) -> Action {
        switch stage {
        case .greeting:
            if opening == .inTLS { record.replyInTLS = Self.replyInTLS(ending) }
            record.greeting =
                switch ending {
                case .endOfStream, .tlsFailure: .eof
                case .timeout: .timeout
                case .malformed: .notSMTP
                }
        case .ehlo:
            record.ehlo = Self.ehloOutcome(ending)
        case .helo:
            // A server that hangs up on HELO after refusing EHLO has given its answer already.
            record.ehlo = ending == .endOfStream ? .permanentRefusal : Self.ehloOutcome(ending)
        case .starttls:
            record.starttls =
                switch ending {
                case .endOfStream, .tlsFailure: .eof
                case .timeout: .timeout
                case .malformed: .malformed
                }
        case .ehloInTLS:
            record.replyInTLS = Self.replyInTLS(ending)
        case .connecting, .handshake, .quitting, .finished:
            break
        }
        return close()
    }

    private static func replyInTLS(_ ending: Ending) -> SMTPRecord.ReplyInTLS {
        switch ending {
        case .endOfStream: .endOfStream
        case .timeout: .timeout
        case .tlsFailure: .tlsFailure
        case .malformed: .malformed
        }
    }

    private static func ehloOutcome(_ ending: Ending) -> EHLOOutcome {
        switch ending {
        case .endOfStream, .tlsFailure: .eof
        case .timeout: .timeout
        case .malformed: .malformed
        }
    }
}
