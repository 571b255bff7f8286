// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Every address of a mail host (RFC 5321 §5.1: "all of the addresses"), aliases followed although RFC 2181 §10.3
/// forbids them here, because senders follow them.
extension MailRouting {
    /// The addresses of a host in the families that this scan uses.
    ///
    /// Special-use addresses (RFC 6890) are listed with the others, as they were seen; a host that has no other kind is
    /// `special_use_only` unless `allowSpecialUse` says that this is a lab. Whoever connects leaves them out.
    public static func addresses(
        of host: DomainName, families: Set<IPAddress.Family> = [.v4, .v6], allowSpecialUse: Bool = false,
        from source: any AnswerSource
    ) async -> MailHostAddresses {
        var sets: [IPAddress.Family: AddressSet] = [:]
        var expandedName = host
        var aliases: [DomainName] = []
        var aliasSecurity: Security?
        for family in IPAddress.Family.allCases where families.contains(family) {
            let type: RecordType = family == .v4 ? .a : .aaaa
            let answer = await source.resolve(Question(name: host, type: type))
            sets[family] = AddressSet(answer, allowSpecialUse: allowSpecialUse)
            if expandedName == host { expandedName = answer.canonicalName }
            aliases += answer.aliases.map(\.target).filter { !aliases.contains($0) }
            if aliasSecurity == nil { aliasSecurity = answer.aliases.first?.security }
        }
        return MailHostAddresses(
            host: host, expandedName: expandedName, aliases: aliases, aliasSecurity: aliasSecurity,
            v4: sets[.v4] ?? .disabled, v6: sets[.v6] ?? .disabled)
    }
}

extension AddressSet {
    /// The family that nobody asked about.
    fileprivate static let disabled = AddressSet(
        outcome: .familyDisabled, security: .notMeasured, addresses: [],
        status: LookupStatus(outcome: .notMeasured, security: .notMeasured))

    /// Reads the answer to an A or AAAA question.
    init(_ answer: ValidatedAnswer, allowSpecialUse: Bool) {
        let status = answer.status
        var addresses: [IPAddress] = []
        let outcome: AddressOutcome
        switch (status.security, status.outcome) {
        case (.bogus, _), (_, .bogus):
            outcome = .bogus
        case (.indeterminate, _):
            // A sender that validates gets no answer either, and waits.
            outcome = .dnsTempfail
        case (_, .noerrorData):
            addresses = Set(answer.rrset?.addresses ?? []).sorted {
                $0.octets.lexicographicallyPrecedes($1.octets)
            }
            if addresses.isEmpty {
                outcome = .dnsTempfail
            } else if !allowSpecialUse, addresses.allSatisfy(\.isSpecialUse) {
                outcome = .specialUseOnly
            } else {
                outcome = .resolved
            }
        case (_, .noerrorNodata):
            outcome = .nodata
        case (_, .nxdomain):
            outcome = .nxdomain
        default:
            outcome = .dnsTempfail
        }
        self.init(outcome: outcome, security: status.security, addresses: addresses, status: status)
    }
}
