// SPDX-License-Identifier: Apache-2.0
import SMTP

/// Plays a dialogue against a session, the server's octets cut into segments in one way or another.
struct Replay {
    enum Segments: String, CaseIterable {
        /// Each write of the server as it stands in the file.
        case asWritten
        /// Writes that follow each other without a word of the client in between arrive together.
        case merged
        /// Each octet alone.
        case octets
    }

    private(set) var session: SMTPSession
    /// What the client did, and how many lines of the dialogue it had seen by then.
    private(set) var effects: [Dialogue.Effect] = []
    /// Set where the client spoke, or began TLS, while the server was not done.
    private(set) var spokeEarly = false
    private var wait = SMTPSession.Wait.greeting

    /// Plays all of it, or its first `octetLimit` octets of the server and then `ending`.
    init(_ dialogue: Dialogue, _ segments: Segments, octetLimit: Int = .max, ending: SMTPSession.Event = .endOfStream)
        throws
    {
        session = SMTPSession(ehloName: try EHLOName("probe.example.org"), opening: dialogue.opening)
        feed(.connected)
        var left = octetLimit
        for run in Self.runs(dialogue) {
            switch run {
            case .client: continue
            case .event(let event): feed(event)
            case .timeout: feed(.timeout(wait))
            case .server(let writes):
                let octets = Array(writes.joined())
                let pieces =
                    switch segments {
                    case .asWritten where octets.count <= left: writes
                    case .octets: octets.prefix(left).map { [$0] }
                    default: [Array(octets.prefix(left))]
                    }
                for (index, piece) in pieces.enumerated() {
                    let before = effects.count
                    feed(.received(piece))
                    let spoke = effects.count > before && effects.last != .close
                    if spoke, index < pieces.count - 1 { spokeEarly = true }
                }
                left -= octets.count
            }
            guard left > 0 else {
                feed(ending)
                return
            }
        }
    }

    private enum Run {
        case server([[UInt8]])
        case event(SMTPSession.Event)
        case timeout
        case client
    }

    private static func runs(_ dialogue: Dialogue) -> [Run] {
        dialogue.lines.reduce(into: []) { runs, line in
            switch line {
            case .server(let octets):
                guard case .server(let before) = runs.last else { return runs.append(.server([octets])) }
                runs[runs.count - 1] = .server(before + [octets])
            case .event(let event): runs.append(.event(event))
            case .timeout: runs.append(.timeout)
            case .client: runs.append(.client)
            }
        }
    }

    private mutating func feed(_ event: SMTPSession.Event) {
        switch session.handle(event) {
        case .wait(let wait): self.wait = wait
        case .send(let octets, let wait):
            self.wait = wait
            effects.append(.line(String(decoding: octets, as: UTF8.self)))
        case .startTLS: effects.append(.startTLS)
        case .close where effects.last != .close: effects.append(.close)
        case .close: break
        }
    }
}
