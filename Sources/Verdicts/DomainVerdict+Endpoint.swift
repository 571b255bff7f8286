// SPDX-License-Identifier: Apache-2.0
public import Observations

extension DomainVerdict {
    /// The stages of one endpoint, as far as its domains are judged by them.
    public struct EndpointOutcomes: Hashable, Sendable {
        /// The connection.
        public let tcp: TCPOutcome
        /// The answer to EHLO.
        public let ehlo: EHLOOutcome
        /// The STARTTLS command.
        public let starttls: STARTTLSOutcome
        /// The handshake with the profile `full`.
        public let tls: TLSOutcome
        /// The chain.
        public let pkix: PKIXOutcome
        /// Whether the certificate names the MX host.
        public let nameMatchMX: NameMatch

        /// Takes all of it; stages not given were not reached.
        public init(
            tcp: TCPOutcome, ehlo: EHLOOutcome = .notReached, starttls: STARTTLSOutcome = .notReached,
            tls: TLSOutcome = .notReached, pkix: PKIXOutcome = .notReached, nameMatchMX: NameMatch = .notReached
        ) {
            self.tcp = tcp
            self.ehlo = ehlo
            self.starttls = starttls
            self.tls = tls
            self.pkix = pkix
            self.nameMatchMX = nameMatchMX
        }

        /// starttls.offered: yes where the keyword was listed, whatever came of the command. No needs a complete list
        /// without it, or a server that knows HELO alone and so has no extensions (RFC 5321 §2.2.1). Who refuses EHLO,
        /// for now or for good, has not said; nor has who was asked inside TLS, where the question has no place.
        public var offersSTARTTLS: Bool? {
            if ehlo == .heloOnly, tls.outcomeClass == .none { return false }
            return switch starttls {
            case .offered, .refused, .unavailable, .temporaryRefusal, .timeout, .eof, .malformed, .trailingPlaintext:
                true
            case .notOffered, .notOfferedMasked: false
            case .notReached, .notMeasured: nil
            }
        }

        /// starttls.works: yes where the handshake completed and the server answered inside it. No where nothing is
        /// offered, and where STARTTLS or the handshake failed for good (class C); a passing failure (T) or one of our
        /// own (L) leaves it open.
        public var completesTLS: Bool? {
            if offersSTARTTLS == false { return false }
            if tls == .ok { return true }
            if tls.outcomeClass != .none { return tls.outcomeClass == .conclusive ? false : nil }
            let isRefused = starttls.outcomeClass == .conclusive && starttls != .offered
            return isRefused ? false : nil
        }

        /// cert.pkix_valid and cert.match_mx: the handshake, the chain and the name must all hold. One of them failing
        /// is a no, so no TLS is a no; common names do not count (RFC 9525 §6.3).
        public var provesItsName: Bool? {
            let chain: Bool? = pkix.outcomeClass == .none ? nil : pkix == .valid
            let name: Bool? =
                nameMatchMX.outcomeClass == .none ? nil : [.matchExact, .matchWildcard].contains(nameMatchMX)
            let conditions = [completesTLS, chain, name]
            if conditions.contains(false) { return false }
            return conditions.contains(nil) ? nil : true
        }
    }
}
