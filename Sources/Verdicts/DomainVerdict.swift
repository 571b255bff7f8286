// SPDX-License-Identifier: Apache-2.0
import Observations

/// What holds for a domain, from what was seen at its mail hosts (metrics, rules a and b). Three-valued throughout: nil
/// is unknown, never no.
///
/// `any` and `all` count every endpoint of every host; a host without an endpoint, because its name leads nowhere or
/// was not to be resolved, stands for one that cannot be asked. `primary` counts the hosts of the lowest preference that
/// accept connections: a host that accepts none takes no mail, and where none of them accepts, mail goes elsewhere and
/// the question has no answer. A domain without mail hosts has none either.
public struct DomainVerdict: Hashable, Sendable {
    /// One question asked of all of a domain's endpoints.
    public struct Answer: Hashable, Sendable {
        /// Yes if one endpoint says yes; no only if all of them say no.
        public let any: Bool?
        /// No if one endpoint says no; yes only if all of them say yes.
        public let all: Bool?
        /// As `all`, over the endpoints that accept connections of the hosts of the lowest preference.
        public let primary: Bool?
    }

    /// A mail host of the domain.
    public struct Host: Hashable, Sendable {
        /// Lower is tried first.
        public let preference: Int
        /// The endpoints that were to be probed.
        public let endpoints: [EndpointOutcomes]
        /// Whether both address look-ups were conclusive; where one was not, the host may have endpoints that nobody
        /// asked.
        public let hasKnownAddresses: Bool

        /// Takes all of it.
        public init(preference: Int, endpoints: [EndpointOutcomes], hasKnownAddresses: Bool = true) {
            self.preference = preference
            self.endpoints = endpoints
            self.hasKnownAddresses = hasKnownAddresses
        }
    }

    /// STARTTLS is offered (metric starttls.offered).
    public let starttls: Answer
    /// The handshake completes (metric starttls.works).
    public let tlsWorks: Answer
    /// It completes with a chain to a trusted root that names the MX host (metrics cert.pkix_valid and cert.match_mx);
    /// of this, only `all` is published.
    public let pkixMX: Answer

    /// Judges a domain by its hosts.
    public init(hosts: [Host]) {
        starttls = Self.answer(hosts) { $0.offersSTARTTLS }
        tlsWorks = Self.answer(hosts) { $0.completesTLS }
        pkixMX = Self.answer(hosts) { $0.provesItsName }
    }

    private static func answer(_ hosts: [Host], _ ask: (EndpointOutcomes) -> Bool?) -> Answer {
        let everywhere = hosts.flatMap { host in
            host.endpoints.map(ask) + (host.endpoints.isEmpty || !host.hasKnownAddresses ? [nil] : [])
        }
        let lowest = hosts.map(\.preference).min()
        let primary = hosts.filter { $0.preference == lowest }
            .flatMap { $0.endpoints.filter { $0.tcp == .open }.map(ask) }
        return Answer(any: oneOf(everywhere), all: allOf(everywhere), primary: allOf(primary))
    }

    private static func oneOf(_ answers: [Bool?]) -> Bool? {
        if answers.contains(true) { return true }
        return answers.isEmpty || answers.contains(nil) ? nil : false
    }

    private static func allOf(_ answers: [Bool?]) -> Bool? {
        if answers.contains(false) { return false }
        return answers.isEmpty || answers.contains(nil) ? nil : true
    }
}
