// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Where the TLSA records of a mail host are (RFC 7672 §2.2.2).
///
/// 1. Behind insecure addresses there is nothing to ask: whoever can forge the address can forge the record, and name
///    servers of unsigned zones that drop the question would only make mail wait.
/// 2. Addresses secure all the way: the name at the end of the aliases comes first, then the host's own.
/// 3. The first alias secure and what it leads to not: the host's own name alone.
///
/// The records are those of `_25._tcp` below that name (RFC 6698 §3), whatever aliases lead from there.
extension MailRouting {
    /// The TLSA records of a host for a port, given its addresses.
    public static func tlsa(
        of addresses: MailHostAddresses, port: Int, from source: any AnswerSource
    ) async -> TLSALookup {
        let resolved = [addresses.v4, addresses.v6].filter { $0.outcome == .resolved }
        guard !resolved.contains(where: { $0.security == .notValidated }) else { return .notMeasured }
        var seen: TLSALookup?
        for base in addresses.tlsaBases {
            guard let owner = try? base.prepending("_\(port)", "_tcp") else { continue }
            let found = TLSALookup(await source.resolve(Question(name: owner, type: .tlsa)), below: base)
            guard found.status.isConclusive else { return found }
            if found.base != nil, found.status.security == .secure { return found }
            // Insecure records say more than the absence of others.
            if seen?.base == nil { seen = found.base == nil ? seen ?? found : found }
        }
        return seen ?? .notReached
    }
}

extension MailHostAddresses {
    /// The names to look below, in order.
    fileprivate var tlsaBases: [DomainName] {
        let resolved = [v4, v6].filter { $0.outcome == .resolved }
        guard !resolved.isEmpty else { return [] }
        if resolved.allSatisfy({ $0.security == .secure }) {
            return expandedName == host ? [host] : [expandedName, host]
        }
        return aliasSecurity == .secure ? [host] : []
    }
}

extension LookupStatus {
    /// Data, or a denial, and validation does not object.
    fileprivate var isConclusive: Bool {
        [.noerrorData, .noerrorNodata, .nxdomain].contains(outcome) && [.secure, .insecure].contains(security)
    }
}

extension TLSALookup {
    /// Reads the answer to a TLSA question.
    fileprivate init(_ answer: ValidatedAnswer, below base: DomainName) {
        guard answer.status.outcome == .noerrorData, answer.status.isConclusive else {
            self.init(status: answer.status)
            return
        }
        var seen: Set<TLSARecord> = []
        let records = (answer.rrset?.tlsaRecords ?? []).filter { seen.insert($0).inserted }
        self.init(base: base, status: answer.status, records: records)
    }
}
