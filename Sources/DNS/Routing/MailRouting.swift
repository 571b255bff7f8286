// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Where mail for a domain goes (RFC 5321 §5.1).
///
/// 1. Ask for MX, following aliases of the domain.
/// 2. Records: the hosts that they name.
/// 3. The name exists and has no MX, *answered and, where the zone is signed, proven*: the domain itself is its host, if
///    it has an address (the implicit MX).
/// 4. The name does not exist: no mail.
/// 5. Anything else, an answer that fails validation included, says nothing: `unknown`. A sender would wait.
public enum MailRouting {
    /// The route of a domain, at most `limit` hosts of it.
    public static func route(
        for domain: DomainName, from source: any AnswerSource, limit: Int = MXReading.defaultLimit
    ) async -> MailRoute {
        let answer = await source.resolve(Question(name: domain, type: .mx))
        let status = answer.status
        guard status.isBelievable else { return MailRoute(status: status, shape: .unknown) }
        switch status.outcome {
        case .noerrorData:
            let records = answer.rrset?.mailExchanges ?? []
            guard !records.isEmpty else { return MailRoute(status: status, shape: .unknown) }
            let reading = MXReading(records, limit: limit)
            return MailRoute(
                status: status, shape: reading.shape, flags: reading.flags, exchanges: reading.exchanges)
        case .noerrorNodata:
            return await implicitRoute(of: domain, status, from: source)
        case .nxdomain:
            return MailRoute(status: status, shape: .nxdomain)
        default:
            return MailRoute(status: status, shape: .unknown)
        }
    }

    /// Step 3. One address is enough; that there is none takes an answer for both families.
    private static func implicitRoute(
        of domain: DomainName, _ status: LookupStatus, from source: any AnswerSource
    ) async -> MailRoute {
        var isCertain = true
        for type in [RecordType.a, .aaaa] {
            let answer = await source.resolve(Question(name: domain, type: type)).status
            // That MX is absent says little while nobody can say whether there is an address.
            guard !answer.isWithoutResolver else { return MailRoute(status: answer, shape: .unknown) }
            switch answer.outcome {
            case .noerrorData where answer.isBelievable:
                return MailRoute(
                    status: status, shape: .implicit, exchanges: [MailExchange(preference: 0, host: domain)],
                    isImplicit: true)
            case .noerrorNodata where answer.isBelievable, .nxdomain where answer.isBelievable:
                continue
            default:
                isCertain = false
            }
        }
        return MailRoute(status: status, shape: isCertain ? .noMail : .unknown)
    }
}

extension LookupStatus {
    /// Whether a sender that validates goes by the answer. What fails validation it does not get, nor what nobody could
    /// validate.
    fileprivate var isBelievable: Bool { security != .bogus && security != .indeterminate }
}
