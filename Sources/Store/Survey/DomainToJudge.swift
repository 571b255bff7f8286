// SPDX-License-Identifier: Apache-2.0
public import Observations

/// What was seen of one domain, as far as its aggregates need it.
public struct DomainToJudge: Hashable, Sendable {
    /// The domain.
    public let domain: DomainName
    /// The shape of its MX answer.
    public let shape: MXShape
    /// Remarks so far.
    public let flags: [MXFlag]
    /// How many hosts its MX records name; nil where that is unknown.
    public let hostCount: Int?
    /// How many of them are primary.
    public let primaryCount: Int?
    /// Those of its hosts that may be asked, by preference and name.
    public let hosts: [Host]
    /// What validation says of the MX records, or of their absence.
    public var security = Security.notMeasured

    /// One of its MX hosts.
    public struct Host: Hashable, Sendable {
        /// The MX name.
        public let name: DomainName
        /// Lower is tried first.
        public let preference: Int
        /// Whether no host has a lower preference.
        public let isPrimary: Bool
        /// Where the host's aliases end, where that is another name.
        public let alias: DomainName?
        /// The look-up of A.
        public let v4: AddressOutcome
        /// The look-up of AAAA.
        public let v6: AddressOutcome
        /// Security of A.
        public let securityV4: Security
        /// Security of AAAA.
        public let securityV6: Security
        /// Whether an address of it is special-use (RFC 6890), contacted or not.
        public let hasSpecialUseAddress: Bool
        /// Whether an address of it was not to be asked.
        public let hasUnaskedAddress: Bool
        /// Its endpoints, by address and port.
        public let endpoints: [EndpointOutcomes]
        /// What DANE says of it.
        public var dane = DANEOutcome.notMeasured
        /// Whether its TLSA answer, or the denial, fails validation.
        public var isTLSABogus = false
        /// The names of the certificates that it showed.
        public var leaves: [Leaf] = []
    }

    /// The names in a certificate that a host showed to one hello, and what DANE says of it.
    public struct Leaf: Hashable, Sendable {
        /// Where it was shown.
        public let endpoint: Endpoint
        /// To which hello, by its name in the data.
        public let profile: String
        /// The DNS names of subjectAltName.
        public let dnsNames: [String]
        /// The common names that may stand in for them.
        public let commonNames: [String]
        /// The probe's state.
        public let dane: DANEOutcome
    }

    /// The stages of one endpoint.
    public struct EndpointOutcomes: Hashable, Sendable {
        /// Which one.
        public let endpoint: Endpoint
        /// The connection.
        public let tcp: TCPOutcome
        /// The greeting.
        public let greeting: GreetingOutcome
        /// EHLO.
        public let ehlo: EHLOOutcome
        /// STARTTLS.
        public let starttls: STARTTLSOutcome
        /// The handshake with profile `full`.
        public let tls: TLSOutcome
        /// Its version.
        public let version: TLSVersion?
        /// Its chain.
        public let pkix: PKIXOutcome
        /// Whether its certificate speaks for the MX name.
        public let nameMatchMX: NameMatch
    }
}

/// The aggregates of one domain; nil is unknown, never no.
public struct DomainAggregates: Hashable, Sendable {
    /// STARTTLS is offered by at least one host.
    public var starttlsAny: Bool?
    /// By every host.
    public var starttlsAll: Bool?
    /// By every primary host that accepts connections.
    public var starttlsPrimary: Bool?
    /// The handshake completes at one host at least.
    public var tlsWorksAny: Bool?
    /// At every host.
    public var tlsWorksAll: Bool?
    /// At every primary host that accepts connections.
    public var tlsWorksPrimary: Bool?
    /// Every host shows a chain to a trusted root.
    public var pkixMXAll: Bool?
    /// What DANE protects of it.
    public var dane: DANEDomainOutcome = .notMeasured
    /// Whether the certificates of each host speak for the domain itself.
    public var nameMatches: [DomainName: NameMatch] = [:]
    /// The remarks on the MX records, those that the hosts' addresses brought included; nil leaves them as they are.
    public var flags: [MXFlag]?

    /// Aggregates of which nothing is known.
    public init() {}
}
