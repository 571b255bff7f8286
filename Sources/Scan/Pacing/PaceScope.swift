// SPDX-License-Identifier: Apache-2.0
public import Observations

/// Whose patience a budget protects, from the narrowest to the widest: the order in which a piece of work collects its
/// permissions.
public enum PaceScope: String, Sendable, CaseIterable {
    /// One MX name at one address and port.
    case endpoint
    /// One address, under all the names that lead to it.
    case address
    /// One MX name, at all its addresses.
    case host
    /// One web server's address, under all the names of policy hosts that lead to it.
    case policyAddress = "policy_address"
    /// One web host that policies are fetched from.
    case policyHost = "policy_host"
    /// The network around an address: /24 of IPv4, /48 of IPv6.
    case prefix
    /// All the mail hosts below one registered domain.
    case provider
    /// One autonomous system, where a table of them is given.
    case network
    /// One recursive resolver. Its budget is kept where its questions are sent, in `DNS`.
    case resolver
    /// Everything that this survey does.
    case global
}

/// One of those whose patience is protected.
public enum PaceKey: Hashable, Sendable {
    case endpoint(Endpoint)
    case address(IPAddress)
    case host(DomainName)
    case policyAddress(IPAddress)
    case policyHost(DomainName)
    case prefix(IPAddress)
    case provider(DomainName)
    case network(Int)
    case global

    /// The kind of budget that it has.
    public var scope: PaceScope {
        switch self {
        case .endpoint: .endpoint
        case .address: .address
        case .host: .host
        case .policyAddress: .policyAddress
        case .policyHost: .policyHost
        case .prefix: .prefix
        case .provider: .provider
        case .network: .network
        case .global: .global
        }
    }

    /// Everybody who notices a connection to an endpoint, from the narrowest to the widest.
    public static func connection(to endpoint: Endpoint, network: Int? = nil) -> [PaceKey] {
        var keys: [PaceKey] = [.endpoint(endpoint), .address(endpoint.address), .host(endpoint.host)]
        keys += [.prefix(endpoint.address.neighbourhood), .provider(endpoint.host.provider)]
        if let network { keys.append(.network(network)) }
        keys.append(.global)
        return keys
    }

    /// Everybody who notices that a policy is fetched from a web host. One web server holds the policies of many
    /// thousands of domains, so its address has a budget of another kind than a mail host's.
    public static func policyFetch(
        from host: DomainName, at address: IPAddress, network: Int? = nil
    ) -> [PaceKey] {
        [.policyAddress(address), .policyHost(host)] + (network.map { [.network($0)] } ?? []) + [.global]
    }
}

extension IPAddress {
    /// The first address of the /24 (IPv4) or /48 (IPv6) around this one: what one operator mostly holds as a whole.
    public var neighbourhood: IPAddress { masked(to: family == .v4 ? 24 : 48) }
}

extension DomainName {
    /// Whose mail host this is, as far as a name can tell: its last two labels, or three where the second but last is as
    /// short as that of `co.uk`. A guess that is wrong protects too many at once, never too few of one.
    public var provider: DomainName {
        let labels = labels
        guard labels.count > 2 else { return self }
        let isPublic = labels[labels.count - 1].count == 2 && labels[labels.count - 2].count <= 3
        var name = self
        while name.labelCount > (isPublic ? 3 : 2), let parent = name.parent { name = parent }
        return name
    }
}
