// SPDX-License-Identifier: Apache-2.0

public import SMTP

/// How long a probe waits, and who it says it is.
public struct ProbeSettings: Sendable, Hashable {
    /// The name behind EHLO: the scanner's own (RFC 5321 §4.1.1.1).
    public var ehloName: EHLOName
    /// For the connection, milliseconds.
    public var connectTimeout: Int64
    /// For the whole greeting, milliseconds: postscreen-like servers hold it back for seconds.
    public var greetingTimeout: Int64
    /// For each later reply and for the TLS handshake, milliseconds.
    public var replyTimeout: Int64
    /// For the answer to QUIT, milliseconds.
    public var quitTimeout: Int64
    /// Ports on which TLS comes before the greeting: submissions (RFC 8314 §3.3), unless somebody knows better.
    public var implicitTLSPorts: Set<Int> = [465]

    /// The defaults of a scan of the internet.
    public init(
        ehloName: EHLOName, connectTimeout: Int64 = 10_000, greetingTimeout: Int64 = 30_000,
        replyTimeout: Int64 = 20_000, quitTimeout: Int64 = 5_000
    ) {
        self.ehloName = ehloName
        self.connectTimeout = connectTimeout
        self.greetingTimeout = greetingTimeout
        self.replyTimeout = replyTimeout
        self.quitTimeout = quitTimeout
    }
}

extension ProbeSettings {
    /// A session as the endpoint's port wants it.
    func session(on port: Int) -> SMTPSession {
        SMTPSession(ehloName: ehloName, opening: implicitTLSPorts.contains(port) ? .inTLS : .inClear)
    }

    func timeout(for wait: SMTPSession.Wait) -> Int64 {
        switch wait {
        case .greeting: greetingTimeout
        case .reply: replyTimeout
        case .quit: quitTimeout
        }
    }
}
