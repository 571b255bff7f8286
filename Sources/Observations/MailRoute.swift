// SPDX-License-Identifier: Apache-2.0

/// One MX record: where mail for a domain may go (RFC 1035 §3.3.9, RFC 5321 §5.1).
public struct MailExchange: Hashable, Sendable {
    /// Lower is tried first: 0...65535.
    public let preference: Int
    /// The host; the root for a null MX (RFC 7505).
    public let host: DomainName

    /// Takes the two fields of the record.
    public init(preference: Int, host: DomainName) {
        self.preference = preference
        self.host = host
    }
}

/// What the MX question of a domain came to, and the hosts that follow from it.
public struct MailRoute: Hashable, Sendable {
    /// How the MX question ended.
    public var status: LookupStatus
    /// The shape of the answer.
    public var shape: MXShape
    /// Remarks, in the order of the vocabulary.
    public var flags: [MXFlag]
    /// The hosts that mail can go to, by preference, each once, invalid targets left out; for an implicit MX the domain
    /// itself with preference 0.
    public var exchanges: [MailExchange]
    /// Whether `exchanges` is the implicit MX.
    public var isImplicit: Bool

    /// Takes all of it.
    public init(
        status: LookupStatus, shape: MXShape, flags: [MXFlag] = [], exchanges: [MailExchange] = [],
        isImplicit: Bool = false
    ) {
        self.status = status
        self.shape = shape
        self.flags = flags
        self.exchanges = exchanges
        self.isImplicit = isImplicit
    }
}

/// What the look-up of one family of addresses of a host came to.
public struct AddressSet: Hashable, Sendable {
    /// The word for the host and family.
    public var outcome: AddressOutcome
    /// What validation says of the RRset or its denial.
    public var security: Security
    /// The addresses, in the order of their octets, each once.
    public var addresses: [IPAddress]
    /// Evidence of the question.
    public var status: LookupStatus

    /// Takes all of it.
    public init(outcome: AddressOutcome, security: Security, addresses: [IPAddress], status: LookupStatus) {
        self.outcome = outcome
        self.security = security
        self.addresses = addresses
        self.status = status
    }
}

/// What DNS says about one mail host.
public struct MailHostAddresses: Hashable, Sendable {
    /// The MX target.
    public var host: DomainName
    /// Where its aliases end; the host itself where it is none.
    public var expandedName: DomainName
    /// Every name that its aliases lead through, in either family; the last of them is mostly `expandedName`.
    public var aliases: [DomainName]
    /// What validation says of the first alias alone; nil where the host is none.
    public var aliasSecurity: Security?
    /// A.
    public var v4: AddressSet
    /// AAAA.
    public var v6: AddressSet

    /// Takes all of it.
    public init(
        host: DomainName, expandedName: DomainName, aliases: [DomainName] = [], aliasSecurity: Security? = nil,
        v4: AddressSet, v6: AddressSet
    ) {
        self.host = host
        self.expandedName = expandedName
        self.aliases = aliases
        self.aliasSecurity = aliasSecurity
        self.v4 = v4
        self.v6 = v6
    }
}
