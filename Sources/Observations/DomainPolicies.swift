// SPDX-License-Identifier: Apache-2.0

/// What a domain publishes beside its MX records, as DNS says it. The policy file of MTA-STS is fetched later.
public struct DomainPolicies: Hashable, Sendable {
    /// `_mta-sts` (RFC 8461).
    public var sts: STSRecordObservation
    /// `_smtp._tls` (RFC 8460).
    public var tlsrpt: TLSRPTObservation
    /// The SPF record and what it leads to (RFC 7208).
    public var spf: SPFObservation
    /// The DMARC record that applies (RFC 9989, RFC 7489).
    public var dmarc: DMARCObservation
    /// `_domainkey` (RFC 6376).
    public var dkim: DKIMHintObservation
    /// The name servers.
    public var nameServers: NameServerCount

    /// Takes all of it.
    public init(
        sts: STSRecordObservation, tlsrpt: TLSRPTObservation, spf: SPFObservation, dmarc: DMARCObservation,
        dkim: DKIMHintObservation, nameServers: NameServerCount
    ) {
        self.sts = sts
        self.tlsrpt = tlsrpt
        self.spf = spf
        self.dmarc = dmarc
        self.dkim = dkim
        self.nameServers = nameServers
    }
}

/// How many name servers serve the zone that a domain belongs to, and how many of them are reached over IPv6.
public struct NameServerCount: Hashable, Sendable {
    /// Names of the NS records; nil where they are not known.
    public var all: Int?
    /// Those with an AAAA record; nil where not everyone's answer came.
    public var withIPv6: Int?

    /// Takes both.
    public init(all: Int? = nil, withIPv6: Int? = nil) {
        self.all = all
        self.withIPv6 = withIPv6
    }
}
