// SPDX-License-Identifier: Apache-2.0
import DNS
public import Observations

/// Looks whether a survey may begin to ask strangers (`docs/method.md`, Ethics).
@NetworkLoop
public struct StartCheck {
    private let identity: SurveyIdentity
    private let families: Set<IPAddress.Family>
    private let source: any AnswerSource
    private let ownAddress: @NetworkLoop (IPAddress.Family) async -> IPAddress?

    /// With the resolver and the addresses of this machine.
    public init(_ identity: SurveyIdentity, families: Set<IPAddress.Family>, instruments: Instruments) {
        self.init(
            identity, families: families, source: instruments.resolver, ownAddress: SourceAddress.ofThisMachine)
    }

    init(
        _ identity: SurveyIdentity, families: Set<IPAddress.Family>, source: any AnswerSource,
        ownAddress: @escaping @NetworkLoop (IPAddress.Family) async -> IPAddress?
    ) {
        self.identity = identity
        self.families = families
        self.source = source
        self.ownAddress = ownAddress
    }

    /// What is missing; nil where nothing is. `hasDryRun` says whether one was done, or is about to be.
    public func refusal(hasDryRun: Bool) async -> StartRefused? {
        var missing: [StartRefused.Missing] = []
        if let name = identity.name {
            missing += await missingAddresses(of: name)
        } else {
            missing.append(.name)
        }
        if !identity.hasContact { missing.append(.contact(identity.contact)) }
        if !identity.hasInfoPage { missing.append(.infoPage(identity.infoURL)) }
        if identity.optOutFile == nil { missing.append(.optOutFile) }
        if !hasDryRun { missing.append(.dryRun) }
        return StartRefused(missing)
    }

    private func missingAddresses(of name: DomainName) async -> [StartRefused.Missing] {
        let used = families.sorted { $0.rawValue < $1.rawValue }
        // A family without a route is never used: who is there is unreachable from here, and written down as that.
        var addresses: [IPAddress] = []
        for family in used {
            let named = identity.sources.filter { $0.family == family }
            if named.isEmpty, let own = await ownAddress(family) { addresses.append(own) }
            addresses += named
        }
        guard !addresses.isEmpty else { return [.route(used)] }
        var missing: [StartRefused.Missing] = []
        for address in addresses {
            guard !address.isSpecialUse else {
                missing.append(.publicAddress(address))
                continue
            }
            let found = await ForwardConfirmation.of(name, address, from: source)
            if found != .confirmed { missing.append(.confirmation(name, address, found)) }
        }
        return missing
    }
}
