// SPDX-License-Identifier: Apache-2.0
import DNS
import Observations

/// The resolver as those see it who ask on somebody's behalf: before each question it is looked whether that somebody, or
/// whoever the question is about, has opted out meanwhile. What is not asked is `not_measured`.
final class OptOutGate: AnswerSource {
    private let source: any AnswerSource
    private let isClosed: @NetworkLoop (DomainName) -> Bool

    /// `isClosed` is asked with the name in each question.
    init(_ source: any AnswerSource, isClosed: @escaping @NetworkLoop (DomainName) -> Bool) {
        self.source = source
        self.isClosed = isClosed
    }

    /// Asks, or does not.
    func resolve(_ question: Question) async -> ValidatedAnswer {
        guard await !isClosed(question.name) else {
            return ValidatedAnswer(
                status: LookupStatus(outcome: .notMeasured, security: .notMeasured), canonicalName: question.name)
        }
        return await source.resolve(question)
    }
}

extension Survey {
    /// The resolver for questions about a domain.
    func source(for domain: DomainName) -> OptOutGate {
        OptOutGate(instruments.resolver) { [optOut] in optOut.covers(domain: domain) || optOut.covers(domain: $0) }
    }

    /// The resolver for questions about a mail host.
    func source(forHost host: DomainName) -> OptOutGate {
        OptOutGate(instruments.resolver) { [optOut] in optOut.covers(host: host) || optOut.covers(domain: $0) }
    }
}
