// SPDX-License-Identifier: Apache-2.0
public import Observations

/// An address and port whose raw hellos are still to be sent, and the endpoint that stands for them: of all MX names
/// there, the first in the order of probing that reached TLS.
public struct PendingHellos: Hashable, Sendable {
    /// The endpoint that is asked.
    public let endpoint: Endpoint
    /// What was asked of it already, `full` among it: profile, outcome and version of each.
    public let probes: [TLSProbeObservation]
    /// Connections that the address has had in this scan, on whatever port and under whatever name.
    public let connectionsUsed: Int
    let orderKey: Int64
}

/// What the raw hellos to one address and port showed.
public struct HelloResult: Hashable, Sendable {
    /// The endpoint that was asked.
    public var endpoint: Endpoint
    /// Each connection, in order: its first probe names the hello, `not_reached` where it never came to the hello.
    public var visits: [EndpointObservation]
    /// The answers, one for each profile; `not_measured` is a question that was left open.
    public var probes: [TLSProbeObservation]
    /// The chain of each probe that kept one.
    public var chains: [HelloProfile: PresentedChain]
    /// The accepted suites of a version, by their IANA names, in the order in which the server chose them.
    public var suites: [TLSVersion: [String]]
    /// Whether nothing is left to be asked; false where the scan was told to stop.
    public var isFinished: Bool

    /// Takes all of it.
    public init(
        endpoint: Endpoint, visits: [EndpointObservation], probes: [TLSProbeObservation],
        chains: [HelloProfile: PresentedChain] = [:], suites: [TLSVersion: [String]] = [:], isFinished: Bool = true
    ) {
        self.endpoint = endpoint
        self.visits = visits
        self.probes = probes
        self.chains = chains
        self.suites = suites
        self.isFinished = isFinished
    }
}
