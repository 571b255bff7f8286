// SPDX-License-Identifier: Apache-2.0

import Observations

/// An answer while its parts are being judged.
struct AnswerInProgress {
    private let question: Question
    var outcome = DNSOutcome.servfail
    /// The records of the type asked for; of every type where that is ANY.
    var rrsets: [RRset] = []
    var aliases: [Alias] = []
    private var finding = Finding.secure
    private var ttl = UInt32.max
    private var sha1Only = false
    private var path: [ProofStep] = []
    private var wasAnswered = true

    init(_ question: Question) {
        self.question = question
    }

    mutating func add(_ part: JudgedPart) {
        finding = finding.weaker(part.finding)
        ttl = min(ttl, part.ttl)
        sha1Only = sha1Only || part.sha1Only
        for step in part.path where !path.contains(step) { path.append(step) }
    }

    /// What is half judged is nothing yet. If it is our resolvers that are gone, the whole question has no answer: it is
    /// to be asked again, whatever came before.
    mutating func interrupt(by interruption: Interruption) {
        add(JudgedPart(finding: interruption.finding, ttl: 0))
        guard case .noReply(_, let status) = interruption, status.isWithoutResolver else { return }
        outcome = status.outcome
        rrsets = []
        wasAnswered = false
    }

    /// Following the aliases any further is not worth it.
    mutating func stop(_ outcome: DNSOutcome, _ what: String) {
        self.outcome = outcome
        add(JudgedPart(finding: Interruption.limit(what).finding, ttl: 0))
    }

    /// RFC 4035 §2.2: nobody signs signatures, so that there is nothing to say about them as data.
    mutating func signatures(_ rrset: RRset?) {
        rrsets = rrset.map { [$0] } ?? []
        outcome = .noerrorData
        add(JudgedPart(finding: .insecure("signatures are not themselves signed"), ttl: rrset?.ttl ?? 0))
    }

    /// A bogus answer has no data that anybody should see.
    consuming func finish(rcode: Int) -> ValidatedAnswer {
        let isBogus = finding.security == .bogus
        var answer = ValidatedAnswer(
            status: LookupStatus(
                outcome: isBogus ? .bogus : outcome, security: finding.security, rcode: rcode, reason: finding.reason,
                extendedError: finding.code.map { ExtendedDNSError(code: $0) }, sha1Only: sha1Only),
            canonicalName: aliases.last?.target ?? question.name, aliases: aliases, ttl: isBogus ? 0 : ttl, proof: path,
            wasAnswered: wasAnswered)
        answer.rrsets = isBogus ? [] : rrsets
        return answer
    }
}
