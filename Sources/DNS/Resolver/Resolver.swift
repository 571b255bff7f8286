// SPDX-License-Identifier: Apache-2.0

import Observations

/// Answers questions, and knows how far each answer can be believed.
public protocol AnswerSource: AnyObject {
    /// Asks one question and follows its aliases.
    func resolve(_ question: Question) async -> ValidatedAnswer
}

/// Judges the response to a question: the validator, or what stands for it in tests.
public protocol AnswerJudge: AnyObject {
    /// See `Validator.validate(_:for:)`.
    func validate(_ message: Message, for question: Question) async -> ValidatedAnswer
}

extension Validator: AnswerJudge {}

/// A stub resolver (RFC 4033 §2, "validating security-aware stub resolver"): asks recursive resolvers, validates by
/// itself, remembers.
///
/// Used from one isolation, whose every caller shares the cache: who asks for what somebody already asks waits for that
/// answer. Times come from `clock`, a monotonic one in milliseconds.
public final class Resolver: RecordSource, AnswerSource {
    let forwarder: Forwarder
    let records: CachingSource
    let makeJudge: (any RecordSource) -> any AnswerJudge
    private let judge: any AnswerJudge
    private let answers: SharedQuestions<ValidatedAnswer>
    private let mode: DNSSECMode

    /// Takes the resolvers to ask, the way there, a monotonic clock in milliseconds, and how to make a validator over a
    /// source of records; it makes one for everyday use, and one for each doubtful answer.
    public init(
        options: ResolverOptions, transport: any DNSTransport, clock: @escaping () -> Int64,
        validator: @escaping (any RecordSource) -> any AnswerJudge
    ) {
        mode = options.mode
        forwarder = Forwarder(options: options, transport: transport, clock: clock)
        let flags: QueryFlags =
            switch options.mode {
            case .validate: .unchecked
            case .trustAD: .checked
            case .off: .plain
            }
        records = CachingSource(forwarder: forwarder, flags: flags, options: options, clock: clock)
        makeJudge = validator
        judge = validator(records)
        answers = SharedQuestions(options: options, clock: clock)
    }

    /// Queries that the resolvers were sent so far: what the cache did not know, repeated ones included.
    public var queriesSent: Int { forwarder.queriesSent }

    /// One response as it came, from the cache where it is there.
    public func lookup(_ question: Question) async -> LookupReply {
        await records.lookup(question)
    }

    /// The answer to a question, its aliases followed, and its security as the mode says. Seconds that a cached answer
    /// has spent here are taken off its TTL.
    public func resolve(_ question: Question) async -> ValidatedAnswer {
        if let known = answers.cached(question) {
            var answer = known.value
            answer.ttl = min(answer.ttl, UInt32(clamping: known.millisecondsLeft / 1_000))
            return answer
        }
        return await answers.value(for: question) {
            let answer = await ask(question)
            return (answer, answer.lifetime, answer.estimatedBytes)
        }
    }

    private func ask(_ question: Question) async -> ValidatedAnswer {
        switch mode {
        case .validate: await askAndValidate(question)
        case .trustAD: await askTrusting(question)
        case .off: await followUnvalidated(question, .plain) { _ in .notValidated }
        }
    }

    private func askAndValidate(_ question: Question) async -> ValidatedAnswer {
        let asked = await forwarder.ask(question, .unchecked)
        switch asked.reply {
        case .failure(let status):
            return ValidatedAnswer(status: status, canonicalName: question.name, wasAnswered: false)
        case .message(let message):
            let answer = await judge.validate(message, for: question).with(extendedErrorOf: message)
            guard answer.status.security == .bogus else { return answer }
            return await secondOpinion(on: answer, to: question, from: asked.server)
        }
    }
}

extension ValidatedAnswer {
    /// The server's error code, where validation has no better one.
    func with(extendedErrorOf message: Message) -> ValidatedAnswer {
        guard status.extendedError == nil, let given = message.extendedErrors.first else { return self }
        var answer = self
        answer.status.extendedError = given
        return answer
    }

    fileprivate var lifetime: Lifetime {
        let isSettled =
            status.outcome.outcomeClass == .conclusive && status.security != .indeterminate
            && status.security != .bogus
        return isSettled ? .seconds(ttl) : status.failureLifetime
    }

    fileprivate var estimatedBytes: Int {
        300 + canonicalName.wire.count + rrsets.reduce(0) { $0 + $1.estimatedBytes } + aliases.count * 200
            + proof.count * 150
    }
}
