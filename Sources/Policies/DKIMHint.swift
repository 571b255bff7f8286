// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Whether a domain can have DKIM keys (RFC 6376 §3.6.2.1).
///
/// Keys are at `<selector>._domainkey.<domain>`, and selectors cannot be listed. But a name with something below it
/// exists, though it has no records itself (an empty non-terminal, RFC 8020): NXDOMAIN for `_domainkey` means that there
/// is no selector, NOERROR that there is one. Unless everything exists: a wildcard, or a server that signs as it answers
/// and denies no name (RFC 9824). One sibling that is known not to exist rules that out.
public enum DKIMHint {
    /// A label that nobody publishes.
    public static let absentLabel = "_mxcensus-no-such-name"

    /// Asks for `_domainkey`, and for a name that should not be there if none of `siblings`, the answers for other names
    /// right below the domain, was NXDOMAIN.
    public static func observe(
        _ domain: DomainName, siblings: [LookupStatus], from source: any PolicySource
    ) async -> DKIMHintObservation {
        guard let name = try? domain.prepending("_domainkey"), let absent = try? domain.prepending(absentLabel) else {
            return DKIMHintObservation(outcome: .nxdomain, status: .notReached)
        }
        let status = await source.answer(to: .texts(name)).status
        switch status.finding {
        case .nxdomain: return DKIMHintObservation(outcome: .nxdomain, status: status)
        case .bogus, .trouble: return DKIMHintObservation(outcome: .dnsTempfail, status: status)
        case .data, .nodata: break
        }
        if siblings.contains(where: { $0.finding == .nxdomain }) {
            return DKIMHintObservation(outcome: .entPresent, status: status)
        }
        let probe = await source.answer(to: .texts(absent)).status
        let outcome: DKIMHintOutcome =
            switch probe.finding {
            case .nxdomain: .entPresent
            case .data, .nodata: .nodataWildcard
            case .bogus, .trouble: .dnsTempfail
            }
        return DKIMHintObservation(outcome: outcome, status: outcome == .dnsTempfail ? probe : status)
    }
}
