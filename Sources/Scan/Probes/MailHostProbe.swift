// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import TLS

/// Visits one endpoint once: greeting, EHLO, STARTTLS, the handshake with the profile `full`, EHLO again, QUIT.
///
/// The dialogue (`SMTPSession`) and the handshake (`TLSConnection`) decide; this carries bytes between them and the
/// socket, and turns every way in which the socket can end into their words.
@NetworkLoop
struct MailHostProbe {
    let context: TLSContext
    let settings: ProbeSettings
    let now: @Sendable () -> Timestamp

    /// What the endpoint showed. `serverName` goes into the hello (RFC 6066 §3).
    func visit(_ endpoint: Endpoint, serverName: DomainName?) async -> EndpointObservation {
        var observation = EndpointObservation(endpoint: endpoint, at: now())
        let opened = await NetworkLoop.connect(
            to: endpoint.address, port: endpoint.port, timeoutMilliseconds: settings.connectTimeout)
        observation.connectionsUsed = 1
        observation.tcp = opened.outcome
        observation.tcpErrno = opened.errno
        observation.rttMilliseconds = opened.connection == nil ? nil : opened.milliseconds
        if let connection = opened.connection {
            var dialogue = MailDialogue(connection: connection, settings: settings)
            await dialogue.run(context: context, serverName: serverName)
            connection.close()
            dialogue.describe(in: &observation)
        }
        observation.endedAt = now()
        return observation
    }
}
