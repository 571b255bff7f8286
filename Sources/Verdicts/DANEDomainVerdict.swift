// SPDX-License-Identifier: Apache-2.0
public import Observations

/// What DANE protects of a domain, over its primary hosts that accept connections (metric dane.valid).
///
/// The chain begins at the MX RRset: where that is not secure, an attacker chooses the hosts, and their records protect
/// nobody who knows only the domain (RFC 7672 §2.2.1). That some senders use them all the same is the host's state, not
/// the domain's.
public enum DANEDomainVerdict {
    /// A mail host of the domain.
    public struct Host: Hashable, Sendable {
        /// Lower is tried first.
        public let preference: Int
        /// The host's state.
        public let state: DANEOutcome
        /// Whether one of its endpoints accepts connections.
        public let acceptsConnections: Bool
        /// Whether its TLSA answer, or the denial, fails validation: `tempfail` for good, and mail is lost.
        public let isTLSABogus: Bool

        /// Takes all of it.
        public init(preference: Int, state: DANEOutcome, acceptsConnections: Bool, isTLSABogus: Bool = false) {
            self.preference = preference
            self.state = state
            self.acceptsConnections = acceptsConnections
            self.isTLSABogus = isTLSABogus
        }

        fileprivate var protection: Protection {
            switch state {
            case .matchEE, .matchTA: .holds
            case .noSTARTTLS, .tlsFailed, .mismatch, .taNameMismatch, .taChainAbsentOrExpired: .fails
            case .tempfail: isTLSABogus ? .fails : .unknown
            case .unusable: .unusable
            case .insecureAddress, .tlsaInsecure: .insecure
            case .absentSecure: .none
            case .unknown, .notReached: .unknown
            case .notMeasured: .notMeasured
            }
        }
    }

    fileprivate enum Protection {
        case holds, fails, unusable, insecure, none, unknown, notMeasured
    }

    /// Judges a domain.
    ///
    /// - Parameters:
    ///   - shape: what the domain says about its hosts.
    ///   - mx: what validation says of the MX RRset, or of its absence.
    ///   - hosts: all of its hosts.
    public static func judge(shape: MXShape, mx: Security, hosts: [Host]) -> DANEDomainOutcome {
        switch shape {
        case .nullMx, .nullMxNonzeroPref, .noMail, .nxdomain, .allTargetsInvalid: return .noMX
        case .unknown: return .unknown
        case .notReached: return .notReached
        case .notMeasured: return .notMeasured
        case .explicit, .implicit, .nullMxMixed: break
        }
        switch mx {
        case .secure: return judge(primary(hosts).map(\.protection))
        case .insecure: return .insecure
        case .bogus, .indeterminate: return .unknown
        case .notReached: return .notReached
        case .notValidated, .notMeasured: return .notMeasured
        }
    }

    /// Hosts of the lowest preference that accept connections; all of that preference where none does: of those the DNS
    /// answers may still say that there is nothing to protect them.
    private static func primary(_ hosts: [Host]) -> [Host] {
        let lowest = hosts.map(\.preference).min()
        let primary = hosts.filter { $0.preference == lowest }
        let accepting = primary.filter(\.acceptsConnections)
        return accepting.isEmpty ? primary : accepting
    }

    private static func judge(_ hosts: [Protection]) -> DANEDomainOutcome {
        if hosts.isEmpty { return .unknown }
        if hosts.contains(.fails) { return .failed }
        if hosts.allSatisfy({ $0 == .notMeasured }) { return .notMeasured }
        if hosts.contains(.unknown) || hosts.contains(.notMeasured) { return .unknown }
        if hosts.contains(.holds) { return hosts.allSatisfy { $0 == .holds } ? .valid : .partial }
        if hosts.contains(.unusable) { return .unusable }
        return hosts.contains(.insecure) ? .insecure : .none
    }
}
