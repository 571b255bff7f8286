// SPDX-License-Identifier: Apache-2.0

/// The unit that is probed: an MX name, one of its addresses and a port.
public struct Endpoint: Hashable, Sendable {
    /// The MX name: names and DANE belong to it.
    public let host: DomainName
    /// The address: budgets belong to it.
    public let address: IPAddress
    /// The TCP port, 25 for mail.
    public let port: Int

    /// Takes the three parts of the key.
    public init(host: DomainName, address: IPAddress, port: Int) {
        self.host = host
        self.address = address
        self.port = port
    }
}

/// What one connection to an endpoint showed, stage by stage; stages not reached say so.
public struct EndpointObservation: Hashable, Sendable {
    /// What was probed.
    public var endpoint: Endpoint
    /// The connection, and errno where it failed.
    public var tcp: TCPOutcome = .notReached
    /// errno of the failed connection.
    public var tcpErrno: Int?
    /// Whether TLS comes before the greeting (RFC 8314 §3.3), so that STARTTLS is never reached.
    public var opensInTLS = false
    /// The greeting.
    public var greeting: GreetingOutcome = .notReached
    /// Its reply code.
    public var greetingCode: Int?
    /// The answer to EHLO, or to HELO behind a refused EHLO.
    public var ehlo: EHLOOutcome = .notReached
    /// Its reply code.
    public var ehloCode: Int?
    /// The STARTTLS command.
    public var starttls: STARTTLSOutcome = .notReached
    /// Its reply code.
    public var starttlsCode: Int?
    /// The handshake with the profile `full`, as `TLSProbeObservation.outcome` says; here for the endpoint's row.
    public var tls: TLSOutcome = .notReached
    /// Text of the greeting behind the code, at most 200 characters, for naming the software.
    public var banner: String?
    /// Keywords and parameters of the EHLO reply before TLS, upper case keyword, in the server's order; nil where not reached.
    public var extensions: [String]?
    /// The same inside TLS.
    public var extensionsInTLS: [String]?
    /// Connections that were opened for this endpoint in this visit.
    public var connectionsUsed: Int = 0
    /// Milliseconds from SYN to the connection.
    public var rttMilliseconds: Int?
    /// When the visit began.
    public var startedAt: Timestamp
    /// When it ended.
    public var endedAt: Timestamp
    /// The handshake, where it was begun.
    public var probes: [TLSProbeObservation] = []

    /// An observation in which nothing was reached yet.
    public init(endpoint: Endpoint, at: Timestamp) {
        self.endpoint = endpoint
        startedAt = at
        endedAt = at
    }

    /// REQUIRETLS among the extensions inside TLS (RFC 8689 §2); nil where they were not seen.
    public var offersREQUIRETLS: Bool? { extensionsInTLS.map { $0.contains("REQUIRETLS") } }

    /// The class of the last stage that was reached: what is still to be asked again (T), what never counts (L).
    public var finalClass: OutcomeClass {
        let stages: [any Outcome] =
            opensInTLS ? [tcp, tls, greeting, ehlo] : [tcp, greeting, ehlo, starttls, tls]
        return stages.last { $0.outcomeClass != .none }?.outcomeClass ?? .none
    }

    /// SIZE's parameter (RFC 1870 §3), octets; nil where none was given.
    public var sizeLimit: Int? {
        (extensionsInTLS ?? extensions)?.first { $0.hasPrefix("SIZE ") }.flatMap { Int($0.dropFirst(5)) }
    }
}
