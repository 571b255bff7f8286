// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP

extension EndpointObservation {
    /// One connection to an endpoint and what `talk` made of it; a connection that did not come about says why.
    @NetworkLoop
    static func contact(
        _ endpoint: Endpoint, settings: ProbeSettings, now: () -> Timestamp,
        talk: (TCPConnection, inout EndpointObservation) async -> Void
    ) async -> EndpointObservation {
        var observation = EndpointObservation(endpoint: endpoint, at: now())
        let opened = await NetworkLoop.connect(
            to: endpoint.address, port: endpoint.port, timeoutMilliseconds: settings.connectTimeout)
        observation.connectionsUsed = 1
        observation.tcp = opened.outcome
        observation.tcpErrno = opened.errno
        observation.rttMilliseconds = opened.connection == nil ? nil : opened.milliseconds
        if let connection = opened.connection {
            await talk(connection, &observation)
            connection.close()
        }
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
