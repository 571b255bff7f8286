// SPDX-License-Identifier: Apache-2.0
import Observations
import TLS

/// Asks one endpoint one question: a raw hello on a connection of its own. `HelloPlan` says which questions are asked.
@NetworkLoop
struct HelloProbe {
    let settings: ProbeSettings
    let now: @Sendable () -> Timestamp

    /// What the endpoint answered: `probes` has one entry where the hello was sent, and none where the connection, the
    /// greeting or STARTTLS ended the matter before, as the stages say.
    /// - Parameters:
    ///   - profile: any but `full`, which is `MailHostProbe`'s.
    ///   - serverName: goes into the hello (RFC 6066 §3).
    ///   - suites: instead of the profile's own, for the enumeration behind `deep_suites_…`.
    ///   - groups: the same, for `deep_groups`.
    func visit(
        _ endpoint: Endpoint, profile: HelloProfile, serverName: DomainName?, suites: [CipherSuite]? = nil,
        groups: [NamedGroup]? = nil
    ) async -> EndpointObservation {
        var generator = SystemRandomNumberGenerator()
        let seed = ClientHello.Seed(using: &generator)
        guard
            let offer = ClientHello(
                profile: profile, serverName: serverName, seed: seed, suites: suites, groups: groups)
        else {
            preconditionFailure("the profile \(profile) is no raw hello")
        }
        let dialogue = HelloDialogue(port: endpoint.port, settings: settings, offer: offer, depth: profile.depth)
        var observation = await EndpointObservation.contact(endpoint, settings: settings, now: now, dialogue)
        if observation.tcp == .open { dialogue.describe(profile: profile, in: &observation) }
        return observation
    }
}
