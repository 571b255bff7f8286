// SPDX-License-Identifier: Apache-2.0
public import Observations

/// A certificate chain as presented: the facts of each certificate in the order of the handshake.
public struct PresentedChain: Hashable, Sendable {
    /// Lower-case hex SHA-256 over the DER of all certificates, one behind the other.
    public var sha256: String
    /// The facts of each certificate, as many as the probe's `chain` has.
    public var certificates: [CertificateFacts]

    /// Takes both.
    public init(sha256: String, certificates: [CertificateFacts]) {
        self.sha256 = sha256
        self.certificates = certificates
    }
}

/// What one visit to an endpoint showed.
public struct EndpointResult: Hashable, Sendable {
    /// The stages and the probes.
    public var observation: EndpointObservation
    /// The product that the greeting names, where it is known; the greeting itself is not kept.
    public var software: String?
    /// The chain of each probe that presented one.
    public var chains: [HelloProfile: PresentedChain]
    /// Whether raw hellos are to follow, once for the address and port.
    public var wantsHellos: Bool
    /// Where it could have been inferred: whether that would have been right.
    public var inferenceCheck: InferenceCheck?

    /// Takes all of it.
    public init(
        observation: EndpointObservation, software: String? = nil, chains: [HelloProfile: PresentedChain] = [:],
        wantsHellos: Bool = false
    ) {
        self.observation = observation
        self.software = software
        self.chains = chains
        self.wantsHellos = wantsHellos
    }
}

/// An endpoint that is still to be probed, with its place in the order of probing.
public struct PendingEndpoint: Hashable, Sendable {
    /// What is to be probed.
    public let endpoint: Endpoint
    /// The name to ask for: the TLSA base domain where usable, secure records stand behind it (RFC 7672 §8.1), else the
    /// MX name.
    public let serverName: DomainName
    /// Whether so many MX names live at this address and port that a handshake may stand for several.
    public let sharesAddress: Bool
    /// Whether secure TLSA records stand behind the name.
    public let hasSecureTLSA: Bool
    /// Visits so far.
    public let attempts: Int
    /// Connections to the address so far in this scan, under whatever name; 0 where nobody asked for them.
    public let connectionsToAddress: Int
    /// Seconds since 1970 from which it may be visited; nil for one that was not put off.
    let dueAt: Int64?
    let orderKey: Int64
}
