// SPDX-License-Identifier: Apache-2.0

import Observations

/// Answers whose security somebody else judges, or nobody.
extension Resolver {
    private static var longestChain: Int { 16 }

    /// AD or nothing. A validating resolver refuses what is bogus with SERVFAIL; that it was bogus, and not out of
    /// reach, shows when the same question with CD is answered (RFC 4035 §5.5).
    func askTrusting(_ question: Question) async -> ValidatedAnswer {
        var answer = await followUnvalidated(question, .checked) { $0.authenticatedData ? .secure : .insecure }
        guard answer.status.outcome == .servfail, answer.status.rcode == 2 else { return answer }
        let saidSo = answer.status.saysBogus(askedUnchecked: true)
        guard case .message = await forwarder.ask(question, .unchecked).reply else {
            guard saidSo else { return answer }
            answer.isRefused()
            return answer
        }
        guard answer.status.saysBogus(askedUnchecked: false) else { return answer }
        answer.isRefused()
        answer.status.reason = "the resolver refuses the answer, and has it when asked not to check"
        return answer
    }

    /// Follows aliases through as many messages as it takes; a resolver puts the whole chain into one.
    func followUnvalidated(
        _ question: Question, _ flags: QueryFlags, security: (Message) -> Security
    ) async -> ValidatedAnswer {
        var aliases: [Alias] = []
        var weakest = Security.secure
        var ttl = UInt32.max
        var name = question.name
        while true {
            let at = Question(name: name, type: question.type)
            switch await forwarder.ask(at, flags).reply {
            case .failure(var status):
                if flags == .plain { status.security = .notValidated }
                return ValidatedAnswer(
                    status: status, canonicalName: name, aliases: aliases, wasAnswered: !aliases.isEmpty)
            case .message(let message):
                let seen = security(message)
                if seen != .secure { weakest = seen }
                let part = MessagePart(message, at, security: seen)
                aliases += part.aliases
                ttl = min(ttl, message.lifetime ?? 0)
                name = part.end
                var outcome = part.outcome
                if Set(aliases.map(\.owner)).count < aliases.count || aliases.contains(where: { $0.owner == name }) {
                    outcome = .cnameLoop
                } else if aliases.count > Self.longestChain {
                    outcome = .cnameTooLong
                }
                guard let outcome else { continue }
                let status = LookupStatus(
                    outcome: outcome, security: weakest, rcode: message.rcode,
                    extendedError: message.extendedErrors.first)
                return ValidatedAnswer(
                    status: status, rrset: outcome == .noerrorData ? part.rrset : nil, canonicalName: name,
                    aliases: aliases, ttl: ttl)
            }
        }
    }
}

extension ValidatedAnswer {
    /// SERVFAIL by a resolver that validates is an answer.
    fileprivate mutating func isRefused() {
        status.outcome = .bogus
        status.security = .bogus
        wasAnswered = true
    }
}

/// What one message says about a question, taken at its word.
private struct MessagePart {
    var aliases: [Alias] = []
    var end: DomainName
    var rrset: RRset?
    /// Nil where the message ends at an alias and says nothing of its target.
    var outcome: DNSOutcome?

    init(_ message: Message, _ question: Question, security: Security) {
        end = question.name
        // RFC 1034 §3.6.2: an alias has no other data, so the type asked for is looked for first, then the alias.
        while let found = message.answer.first(where: {
            $0.owner == end && ($0.type == question.type || $0.type == .cname)
        }) {
            guard found.type != question.type else {
                rrset = found
                outcome = .noerrorData
                return
            }
            guard let target = found.aliasTarget else { break }
            aliases.append(Alias(owner: end, target: target, security: security))
            end = target
            guard aliases.count <= message.answer.count else { break }
        }
        if message.rcode == 3 {
            outcome = .nxdomain
        } else if aliases.isEmpty || message.authority.contains(where: { $0.type == .soa }) {
            outcome = .noerrorNodata
        }
    }
}
