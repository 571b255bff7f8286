// SPDX-License-Identifier: Apache-2.0
public import SMTP

/// What one visit says to a mail server, octet by octet: not written by hand, but said by the dialogue itself to a server
/// that answers yes to everything.
public struct Transcript: Sendable {
    /// One line, in the order of the visit.
    public struct Line: Hashable, Sendable {
        /// Whether we said it.
        public let isOurs: Bool
        /// Without the line's end (CR LF), which both sides send.
        public let text: String
    }

    /// From the greeting to the goodbye.
    public let lines: [Line]

    /// The visit of somebody of this name.
    public init(ehloName: EHLOName) {
        var session = SMTPSession(ehloName: ehloName)
        var answers = [
            "220 mx.example ESMTP", "250-mx.example\r\n250 STARTTLS", "220 Go ahead", "250 mx.example", "221 Bye",
        ][...]
        var lines: [Line] = []
        func answer() -> SMTPSession.Event {
            guard let text = answers.popFirst() else { return .endOfStream }
            lines += text.split(separator: "\r\n").map { Line(isOurs: false, text: String($0)) }
            return .received(Array((text + "\r\n").utf8))
        }
        var action = session.handle(.connected)
        while true {
            switch action {
            case .wait: action = session.handle(answer())
            case .send(let octets, _):
                lines += String(decoding: octets, as: UTF8.self).split(separator: "\r\n")
                    .map { Line(isOurs: true, text: String($0)) }
                action = session.handle(answer())
            case .startTLS:
                lines.append(Line(isOurs: true, text: "(TLS handshake; what follows is inside TLS)"))
                action = session.handle(.tlsEstablished)
            case .close:
                self.lines = lines
                return
            }
        }
    }
}
