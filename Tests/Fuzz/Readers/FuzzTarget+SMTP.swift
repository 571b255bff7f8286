// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP

extension FuzzTarget {
    /// What a mail server says: replies, and the dialogue that they are answers in.
    public static let smtp = FuzzTarget(name: "smtp") { octets in
        let replies = steps(of: [octets])
        if replies != steps(of: octets.map { [$0] }) { return "replies depend on how they are cut" }
        let limits = ReplyDecoder.Limits()
        for case .reply(let reply) in replies {
            guard (200...599).contains(reply.code) else { return "a code of \(reply.code)" }
            guard reply.lines.count <= limits.lines else { return "more lines than a reply may have" }
        }
        for opening in [SMTPSession.Opening.inClear, .inTLS] {
            for size in [1, octets.count + 1] {
                if let violation = Conversation(opening).violation(octets, by: size) { return violation }
            }
        }
        return nil
    }

    private static func steps(of pieces: [[UInt8]]) -> [ReplyDecoder.Step] {
        var decoder = ReplyDecoder()
        var steps: [ReplyDecoder.Step] = []
        for piece in pieces {
            decoder.append(piece)
            while true {
                let step = decoder.next()
                if step == .incomplete { break }
                steps.append(step)
                if case .malformed = step { return steps }
            }
        }
        return steps
    }
}

/// One session that is fed octets until there are no more, then the end of the stream. Every handshake succeeds.
private struct Conversation {
    private var session: SMTPSession
    private var said: [String] = []
    private var isOver = false
    private var spokeAfterTheEnd = false

    init(_ opening: SMTPSession.Opening) {
        guard let name = try? EHLOName("probe.example.org") else { preconditionFailure("a good name") }
        session = SMTPSession(ehloName: name, opening: opening)
    }

    func violation(_ octets: [UInt8], by size: Int) -> String? {
        var running = self
        running.take(.connected)
        var rest = octets[...]
        while !rest.isEmpty {
            running.take(.received(Array(rest.prefix(size))))
            rest = rest.dropFirst(size)
        }
        running.take(.endOfStream)
        return running.whatWasSaid ?? running.whatWasRecorded
    }

    private mutating func take(_ event: SMTPSession.Event) {
        let action = session.handle(event)
        if isOver, action != .close { spokeAfterTheEnd = true }
        switch action {
        case .wait: break
        case .send(let octets, _): said.append(String(decoding: octets, as: UTF8.self))
        case .startTLS: take(.tlsEstablished)
        case .close: isOver = true
        }
    }

    private var whatWasSaid: String? {
        if spokeAfterTheEnd { return "spoke after the end" }
        let ours = ["EHLO probe.example.org\r\n", "HELO probe.example.org\r\n", "STARTTLS\r\n", "QUIT\r\n"]
        if let other = said.first(where: { !ours.contains($0) }) { return "said \(other)" }
        if said.filter({ $0 == ours[2] }).count > (session.opening == .inTLS ? 0 : 1) { return "STARTTLS out of place" }
        // EHLO, HELO or STARTTLS, EHLO once more, QUIT.
        return said.count > 4 || said.dropLast().contains(ours[3]) ? "said too much" : nil
    }

    private var whatWasRecorded: String? {
        let record = session.record
        if !record.isFinished { return "not finished at the end of the stream" }
        if [.notOffered, .notOfferedMasked].contains(record.starttls), record.ehlo != .ok || record.extensions == nil {
            return "\(record.starttls.rawValue) without a whole list"
        }
        if record.starttls == .offered, record.starttlsCode != 220 { return "offered without a 220" }
        if record.greeting != .ready, record.ehlo != .notReached { return "EHLO before the greeting" }
        return nil
    }
}
