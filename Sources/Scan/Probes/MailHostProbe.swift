// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import TLS

/// Visits one endpoint once: greeting, EHLO, STARTTLS, the handshake with the profile `full`, EHLO again, QUIT; with
/// implicit TLS the handshake, greeting, EHLO, QUIT.
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
        let dialogue = MailDialogue(
            context: context, serverName: serverName, port: endpoint.port, settings: settings)
        var observation = await EndpointObservation.contact(endpoint, settings: settings, now: now, dialogue)
        if observation.tcp == .open { dialogue.describe(in: &observation) }
        return observation
    }
}
