// SPDX-License-Identifier: Apache-2.0
public import Observations

/// DANE for mail to one domain. The state of a host is the same for everybody who sends to it; but a certificate under a
/// DANE-TA record may also bear the name of the domain that the mail is for, where the MX records that lead from there to
/// the host are secure (RFC 7672 §3.2.2). So a host can fail for one domain and hold for another.
extension DANEVerdict {
    /// What a host showed to one hello.
    public struct ShownName: Hashable, Sendable {
        /// The verdict on the chain, the domain's name left out.
        public let outcome: DANEOutcome
        /// DNS names of the host's certificate, lower case.
        public let dnsNames: [String]
        /// Its common names that may stand in for them.
        public let commonNames: [String]

        /// Takes all of it.
        public init(outcome: DANEOutcome, dnsNames: [String], commonNames: [String]) {
            self.outcome = outcome
            self.dnsNames = dnsNames
            self.commonNames = commonNames
        }
    }

    /// The state of a host for one domain.
    ///
    /// - Parameters:
    ///   - state: the host's, for everybody.
    ///   - shown: what each endpoint that accepts connections showed: empty for one that showed no certificate.
    ///   - names: the names that count for mail to the domain.
    public static func host(
        _ state: DANEOutcome, shown: [[ShownName]], names: DANEReferenceNames
    ) -> DANEOutcome {
        // Whatever is worse than a wrong name stays so, and whatever is better needs no help.
        guard state == .taNameMismatch else { return state }
        let outcomes = shown.flatMap { endpoint in
            endpoint.isEmpty ? [.unknown] : endpoint.map { outcome(of: $0, names: names) }
        }
        return outcomes.isEmpty ? state : host(outcomes.map { ($0, acceptsConnections: true) })
    }

    private static func outcome(of shown: ShownName, names: DANEReferenceNames) -> DANEOutcome {
        guard shown.outcome == .taNameMismatch else { return shown.outcome }
        return names.match(dnsNames: shown.dnsNames, commonNames: shown.commonNames) ? .matchTA : .taNameMismatch
    }
}
