// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP

extension EndpointObservation {
    /// One connection to an endpoint, and how far it came; what was said on it, the conversation knows. A connection that
    /// did not come about says why.
    @NetworkLoop
    static func contact(
        _ endpoint: Endpoint, settings: ProbeSettings, now: () -> Timestamp, _ conversation: any Conversation
    ) async -> EndpointObservation {
        var observation = EndpointObservation(endpoint: endpoint, at: now())
        let opened = await NetworkLoop.converse(
            conversation, with: endpoint.address, port: endpoint.port, connectTimeout: settings.connectTimeout)
        observation.connectionsUsed = 1
        observation.tcp = opened.outcome
        observation.tcpErrno = opened.errno
        observation.rttMilliseconds = opened.outcome == .open ? opened.milliseconds : nil
        observation.endedAt = now()
        return observation
    }

    /// What the SMTP session showed, stage by stage.
    mutating func take(_ session: SMTPSession) {
        let record = session.record
        opensInTLS = session.opening == .inTLS
        greeting = record.greeting
        greetingCode = record.greetingCode
        banner = record.banner
        ehlo = record.ehlo
        ehloCode = record.ehloCode
        extensions = record.extensions
        extensionsInTLS = record.extensionsInTLS
        starttls = record.starttls
        starttlsCode = record.starttlsCode
    }
}
