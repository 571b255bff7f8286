// SPDX-License-Identifier: Apache-2.0
public import Observations

/// What was seen of one mail host, as far as DANE is judged by it (RFC 7672).
public struct HostToJudge: Hashable, Sendable {
    /// The MX name.
    public let name: DomainName
    /// Security of A and AAAA, of the families that have addresses.
    public let addressSecurity: [Security]
    /// How the TLSA question ended; reason and code are not kept.
    public let tlsa: LookupStatus
    /// The TLSA base domain; nil where no records were found.
    public let base: DomainName?
    /// The records found there, in the order of their key.
    public let records: [TLSARecord]
    /// Its endpoints with the chains that they showed, by address and port, as far as these records are about their port;
    /// only where a record is usable and secure, since nothing depends on the connection otherwise.
    public let endpoints: [ShownEndpoint]
    /// The ports that have TLSA records, or an absence of them, of their own.
    public let otherPorts: [OtherPort]

    /// A port beside the one that the host's state is about.
    public struct OtherPort: Hashable, Sendable {
        /// The port.
        public let port: Int
        /// What the TLSA question came to for it.
        public let tlsa: TLSALookup
        /// The endpoints with this port, as above.
        public let endpoints: [ShownEndpoint]
    }

    /// One endpoint and what it showed.
    public struct ShownEndpoint: Hashable, Sendable {
        /// How far the connection came.
        public let outcomes: DomainToJudge.EndpointOutcomes
        /// The presented chains, by the name of the hello.
        public let chains: [ShownChain]
    }

    /// A chain and the hello that it was shown to.
    public struct ShownChain: Hashable, Sendable {
        /// The hello, by its name in the data.
        public let profile: String
        /// The kind of the host's key.
        public let keyType: CertificateFacts.KeyType
        /// DER, the host's certificate first.
        public let certificates: [[UInt8]]
    }
}

/// What DANE says of a host.
public struct HostJudgement: Hashable, Sendable {
    /// The MX name.
    public var host: DomainName
    /// The worst over its endpoints.
    public var state: DANEOutcome
    /// How its records prepare for the next key.
    public var rollover: RolloverOutcome
    /// A word for each probe of its endpoints; those not named have their port's.
    public var probes: [Probe]
    /// The state at each port with TLSA records of its own; those not named have the host's.
    public var otherPorts: [Int: DANEOutcome] = [:]
    /// Below this name stand the records of `matches`.
    public var base: DomainName?
    /// For each record the addresses whose certificates it matches; empty where no certificate was seen.
    public var matches: [TLSARecord: [IPAddress]]

    /// The verdict on one probe.
    public struct Probe: Hashable, Sendable {
        /// Where it was shown.
        public var endpoint: Endpoint
        /// To which hello, by its name in the data.
        public var profile: String
        /// The word.
        public var outcome: DANEOutcome

        /// Takes all of it.
        public init(endpoint: Endpoint, profile: String, outcome: DANEOutcome) {
            self.endpoint = endpoint
            self.profile = profile
            self.outcome = outcome
        }
    }

    /// A host of which nothing but its state is known.
    public init(host: DomainName, state: DANEOutcome) {
        self.host = host
        self.state = state
        rollover = .notReached
        probes = []
        matches = [:]
    }
}
