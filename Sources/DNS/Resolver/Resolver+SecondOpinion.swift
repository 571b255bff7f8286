// SPDX-License-Identifier: Apache-2.0

import Observations

/// An answer that looks bogus is asked for again before it is believed: a packet may have been damaged, a resolver may
/// have an old key beside a new signature (RFC 4035 §4.7 warns of holding on to bad data).
///
/// Another resolver is asked if there is one. Then, or instead, the question goes out without CD: a resolver that
/// validates will refuse what is truly bogus (SERVFAIL, RFC 4035 §5.5), although it just handed it out unchecked.
extension Resolver {
    func secondOpinion(
        on first: ValidatedAnswer, to question: Question, from server: DNSServer?
    ) async -> ValidatedAnswer {
        var inconclusive: LookupStatus?
        if forwarder.hasAlternative(to: server) {
            switch await opinion(on: question, .unchecked, avoiding: server) {
            case .answer(let answer): return settle(first, answer, question)
            case .confirmed: return first
            case .none(let status): inconclusive = status
            }
        }
        switch await opinion(on: question, .checked, avoiding: nil) {
        case .answer(let answer): return settle(first, answer, question)
        case .confirmed: return first
        case .none(let status): inconclusive = status
        }
        return first.unconfirmed(by: inconclusive)
    }

    private enum Opinion {
        case answer(ValidatedAnswer)
        case confirmed
        case none(LookupStatus)
    }

    private func opinion(on question: Question, _ flags: QueryFlags, avoiding server: DNSServer?) async -> Opinion {
        let source = FreshSource(forwarder: forwarder, flags: flags, avoiding: server)
        switch await source.lookup(question) {
        case .message(let message):
            return .answer(
                await makeJudge(source).validate(message, for: question).with(extendedErrorOf: message))
        case .failure(let status):
            return status.saysBogus(askedUnchecked: flags.checkingDisabled) ? .confirmed : .none(status)
        }
    }

    /// The second answer stands. Where it clears the first, what the first was judged by is forgotten.
    private func settle(
        _ first: ValidatedAnswer, _ second: ValidatedAnswer, _ question: Question
    ) -> ValidatedAnswer {
        guard second.status.security != .bogus else { return second }
        for name in [question.name] + first.aliases.map(\.target) { records.forgetZones(above: name) }
        return second
    }
}

extension LookupStatus {
    /// SERVFAIL as the verdict of a resolver that validates. Under CD it takes an error code that says so (RFC 8914
    /// §§4.7-4.13); without CD, after the same data came under CD, it takes one that does not say otherwise: many
    /// resolvers send none.
    func saysBogus(askedUnchecked: Bool) -> Bool {
        guard outcome == .servfail, rcode == 2 else { return false }
        guard let code = extendedError?.code else { return !askedUnchecked }
        let isValidationFailure = (6...12).contains(code) || code == 25
        let isTrouble = [3, 13, 14, 19, 22, 23].contains(code)
        return askedUnchecked ? isValidationFailure : !isTrouble
    }
}

extension ValidatedAnswer {
    /// Bogus once, and nobody there to confirm it: not a fact about the name yet.
    fileprivate func unconfirmed(by status: LookupStatus?) -> ValidatedAnswer {
        var answer = self
        answer.status.outcome = status?.outcome ?? .servfail
        answer.status.security = .indeterminate
        answer.status.rcode = status?.rcode
        answer.status.reason =
            "seen as bogus once (\(self.status.reason ?? "no reason")), then no second answer"
            + (status?.reason.map { ": \($0)" } ?? "")
        answer.rrsets = []
        return answer
    }
}
