// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Remarks on a domain's MX records that take the addresses of its hosts.
extension MailRoute {
    /// The route with its remarks complete: those that the records gave rise to, and those of the hosts in `hosts`.
    /// Hosts of other routes are ignored, so that one table of all hosts will do; a host that is missing, or whose
    /// look-up was inconclusive, gives rise to nothing. The implicit MX is no record, and nothing is remarked on it.
    public func remarking(on hosts: (DomainName) -> MailHostAddresses?) -> MailRoute {
        guard !isImplicit else { return self }
        let targets = exchanges.compactMap { hosts($0.host) }
        var found = Set(flags)
        if targets.contains(where: { $0.expandedName != $0.host }) { found.insert(.targetIsCNAME) }
        if targets.contains(where: \.isUnresolvable) { found.insert(.targetUnresolvable) }
        if targets.contains(where: \.hasSpecialUseAddress) { found.insert(.targetSpecialUseIP) }
        var route = self
        route.flags = MXFlag.allCases.filter(found.contains)
        return route
    }
}

extension MailHostAddresses {
    /// Whether it was answered that the host has no address at all. NXDOMAIN says so for both families.
    fileprivate var isUnresolvable: Bool {
        let outcomes = [v4.outcome, v6.outcome]
        return outcomes.allSatisfy { $0 == .nodata || $0 == .nxdomain }
            || outcomes.contains(.nxdomain) && outcomes.contains(.familyDisabled)
    }

    fileprivate var hasSpecialUseAddress: Bool {
        (v4.addresses + v6.addresses).contains(where: \.isSpecialUse)
    }
}
