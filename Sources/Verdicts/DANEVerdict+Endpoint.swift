// SPDX-License-Identifier: Apache-2.0
public import Observations

/// DANE from the DNS answers to the host (RFC 7672 §2.2): what is known before a connection, what the connection adds,
/// and what the endpoints make of their host.
extension DANEVerdict {
    /// The state that the DNS answers alone decide.
    ///
    /// - Parameters:
    ///   - addresses: what validation says of the host's A and AAAA answers, absence included. Where an alias is secure
    ///     and what it leads to is not, the records are looked for at the alias (RFC 7672 §2.2.2), and it is the alias
    ///     whose security is meant.
    ///   - tlsa: how the TLSA question ended.
    ///   - records: the records of its answer.
    /// - Returns: nil where there are usable records, so that it is the connection that decides.
    public static func beforeConnection(
        addresses: [Security], tlsa: LookupStatus, records: [TLSARecord]
    ) -> DANEOutcome? {
        if addresses.contains(.notValidated) { return .notMeasured }
        if addresses.contains(.insecure) { return .insecureAddress }
        guard addresses.contains(.secure) else {
            return !addresses.isEmpty && addresses.allSatisfy { $0 == .notMeasured } ? .notMeasured : .notReached
        }
        switch tlsa.outcome {
        case .notReached: return .notReached
        case .notMeasured: return .notMeasured
        case .resolverDown, .localError: return .unknown
        // No record can stand at a name that cannot be written.
        case .nameIllegal: return .absentSecure
        case .servfail, .refused, .timeout, .formerr, .notimp, .truncatedTcpFailed, .networkError, .bogus, .cnameLoop,
            .cnameTooLong:
            return .tempfail
        case .noerrorData, .noerrorNodata, .nxdomain: break
        }
        switch tlsa.security {
        case .bogus, .indeterminate: return .tempfail
        case .insecure: return .tlsaInsecure
        case .notValidated, .notMeasured: return .notMeasured
        case .notReached: return .notReached
        case .secure: break
        }
        guard tlsa.outcome == .noerrorData else { return .absentSecure }
        return records.contains { $0.usability == .usable } ? nil : .unusable
    }

    /// The state of an endpoint of a host with usable records.
    ///
    /// A server that has said no to STARTTLS or to TLS fails for good; one that could not be asked, or answered with a
    /// passing refusal, is unknown.
    ///
    /// - Parameters:
    ///   - stages: how far the connection got.
    ///   - shown: the verdict on the chain, where the handshake completed.
    public static func afterConnection(
        _ stages: DomainVerdict.EndpointOutcomes, shown: DANEVerdict?
    ) -> DANEOutcome {
        if stages.offersSTARTTLS == false { return .noSTARTTLS }
        switch stages.completesTLS {
        case true: return shown?.outcome ?? .unknown
        case false: return .tlsFailed
        default: return .unknown
        }
    }

    /// The state of a host: the worst over its endpoints that accept connections, since a sender goes on to the next
    /// address where one does not. Where none accepts, what was known before the connections, or `unknown`.
    public static func host(
        _ endpoints: [(outcome: DANEOutcome, acceptsConnections: Bool)]
    ) -> DANEOutcome {
        let accepting = endpoints.filter(\.acceptsConnections)
        let states = (accepting.isEmpty ? endpoints : accepting).map(\.outcome)
        return worstFirst.first { states.contains($0) } ?? .notReached
    }

    private static let worstFirst: [DANEOutcome] = [
        .noSTARTTLS, .tlsFailed, .mismatch, .taChainAbsentOrExpired, .taNameMismatch, .tempfail, .unknown,
        .insecureAddress, .tlsaInsecure, .absentSecure, .unusable, .matchTA, .matchEE, .notMeasured, .notReached,
    ]
}
