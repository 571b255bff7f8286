// SPDX-License-Identifier: Apache-2.0
public import Observations

/// The names of which a certificate under a DANE-TA record must bear one (RFC 7672 §3.2.1 to §3.2.3).
///
/// Names come from DNS answers, so that only secure ones count: the TLSA base domain always, the MX host's name, from
/// which aliases may have led there, and the domain that the mail is for only where its MX RRset is secure too.
public struct DANEReferenceNames: Hashable, Sendable {
    /// Each name once, the TLSA base domain first.
    public let names: [DomainName]

    /// Takes the names of one delivery.
    ///
    /// - Parameters:
    ///   - base: where the TLSA records were found, without `_25._tcp`.
    ///   - mxHost: the MX target as written.
    ///   - nextHop: the recipient's domain, if it is to count.
    ///   - mxSecurity: what validation says of the MX RRset, or of its absence.
    public init(base: DomainName, mxHost: DomainName, nextHop: DomainName? = nil, mxSecurity: Security = .notMeasured) {
        var names = [base]
        if mxHost != base { names.append(mxHost) }
        if mxSecurity == .secure, let nextHop, !names.contains(nextHop) { names.append(nextHop) }
        self.names = names
    }

    /// Whether the host's certificate bears one of the names. A common name counts where there is no DNS name.
    func match(_ chain: DANEChainFacts) -> Bool {
        match(dnsNames: chain.dnsNames, commonNames: chain.commonNames)
    }

    func match(dnsNames: [String], commonNames: [String]) -> Bool {
        names.contains { name in
            switch NameVerdict.match(dnsNames: dnsNames, commonNames: commonNames, reference: name) {
            case .matchExact, .matchWildcard, .commonNameOnly: true
            case .mismatch, .noNames, .notReached, .notMeasured: false
            }
        }
    }
}
