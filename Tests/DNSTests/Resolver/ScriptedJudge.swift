// SPDX-License-Identifier: Apache-2.0

import DNS
import Observations

/// A validator made of a closure: it says bogus or secure by the message alone, after asking its source for a key.
final class ScriptedJudge: AnswerJudge {
    private let source: any RecordSource
    private let verdict: (Message, LookupReply) -> Security

    init(_ source: any RecordSource, _ verdict: @escaping (Message, LookupReply) -> Security) {
        self.source = source
        self.verdict = verdict
    }

    func validate(_ message: Message, for question: Question) async -> ValidatedAnswer {
        let keys = await source.lookup(Question(name: question.name, type: .dnskey))
        let security = verdict(message, keys)
        let outcome: DNSOutcome =
            security == .bogus
            ? .bogus : message.rcode == 3 ? .nxdomain : message.answer.isEmpty ? .noerrorNodata : .noerrorData
        return ValidatedAnswer(
            status: LookupStatus(
                outcome: outcome, security: security, rcode: message.rcode,
                reason: security == .bogus ? "a bad signature" : nil),
            rrset: message.answer.first { $0.type == question.type }, canonicalName: question.name,
            ttl: message.answer.map(\.ttl).min() ?? 60)
    }
}
