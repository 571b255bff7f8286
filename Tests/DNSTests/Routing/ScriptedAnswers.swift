// SPDX-License-Identifier: Apache-2.0

import DNS
import Observations

/// Answers from a table; what is not in it was answered with SERVFAIL.
final class ScriptedAnswers: AnswerSource {
    private let table: [Question: ValidatedAnswer]
    private(set) var asked: [Question] = []

    init(_ table: [Question: ValidatedAnswer]) {
        self.table = table
    }

    func resolve(_ question: Question) async -> ValidatedAnswer {
        asked.append(question)
        return table[question]
            ?? ValidatedAnswer(
                status: LookupStatus(outcome: .servfail, security: .indeterminate, rcode: 2),
                canonicalName: question.name)
    }
}

extension ValidatedAnswer {
    static func mx(_ records: (Int, String)..., security: Security = .insecure) -> ValidatedAnswer {
        let rdatas = records.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] + ResponseBytes.name($1) }
        return ValidatedAnswer(
            status: LookupStatus(outcome: .noerrorData, security: security, rcode: 0),
            rrset: RRset(owner: .root, type: .mx, ttl: 60, rdatas: rdatas), canonicalName: .root)
    }

    static func addresses(
        _ addresses: String..., security: Security = .insecure, at canonicalName: String = "mx.example.org"
    ) -> ValidatedAnswer {
        let octets = addresses.map { IPAddress($0)?.octets ?? [] }
        return ValidatedAnswer(
            status: LookupStatus(outcome: .noerrorData, security: security, rcode: 0),
            rrset: RRset(owner: .root, type: octets.first?.count == 4 ? .a : .aaaa, ttl: 60, rdatas: octets),
            canonicalName: (try? DomainName(canonicalName)) ?? .root)
    }

    static func none(
        _ outcome: DNSOutcome, security: Security = .insecure, at canonicalName: String = "mx.example.org"
    ) -> ValidatedAnswer {
        ValidatedAnswer(
            status: LookupStatus(outcome: outcome, security: security),
            canonicalName: (try? DomainName(canonicalName)) ?? .root)
    }
}
