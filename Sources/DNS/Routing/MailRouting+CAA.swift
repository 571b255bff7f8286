// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Who may issue certificates for a mail host (RFC 8659 §3): the CAA records at its name or, where there are none, at the
/// closest name above it that has some. A name without an answer ends the walk: what stands above it need not count.
extension MailRouting {
    /// The CAA records that count for a host. Hosts without an address need no certificate.
    public static func caa(of addresses: MailHostAddresses, from source: any AnswerSource) async -> CAALookup {
        guard [addresses.v4, addresses.v6].contains(where: { $0.outcome == .resolved }) else { return .notReached }
        var seen = CAALookup.notReached
        var next: DomainName? = addresses.host
        while let name = next, !name.isRoot {
            let answer = await source.resolve(Question(name: name, type: .caa))
            seen = CAALookup(status: answer.status, records: answer.rrset?.presentation ?? [])
            guard [.noerrorNodata, .nxdomain].contains(seen.status.outcome), seen.status.security != .bogus else {
                break
            }
            next = name.parent
        }
        return seen
    }
}
