// SPDX-License-Identifier: Apache-2.0

import Observations

/// A whole answer: the aliases from the name asked for to where they end, and what is or is not there.
///
/// A resolver puts the chain into one answer section (RFC 1034 §4.3.2). Each step is judged in its own zone: a CNAME by
/// its signature, a CNAME made from a DNAME by the DNAME's (RFC 6672 §5.3.1), and the whole is as secure as its weakest
/// part.
extension Session {
    func judge(_ message: Message, for question: Question) async -> ValidatedAnswer {
        var answer = AnswerInProgress(question)
        do throws(Interruption) {
            switch question.type {
            case .any: try await judgeEverything(message, question.name, &answer)
            case .rrsig where message.answer.contains { $0.owner == question.name && $0.type == .rrsig }:
                answer.signatures(message.answer.first(question.name, .rrsig))
            default: try await follow(message, question, &answer)
            }
        } catch {
            answer.interrupt(by: error)
        }
        return answer.finish(rcode: message.rcode)
    }

    private func follow(
        _ first: Message, _ question: Question, _ answer: inout AnswerInProgress
    ) async throws(Interruption) {
        var message = first
        var name = question.name
        var seen: Set<DomainName> = [name]
        var asked: Set<DomainName> = [name]
        while true {
            if let step = Alias.Step(name, in: message.answer) {
                let part = try await judge(step.rrset, in: message)
                if question.type == .cname, let made = message.answer.first(name, .cname) {
                    answer.outcome = .noerrorData
                    answer.rrsets = [made]
                    answer.add(part.checking(step, made))
                    return
                }
                let checked = part.checking(step, message.answer.first(name, .cname))
                answer.add(checked)
                guard let target = step.target else {
                    answer.outcome = .nameIllegal
                    return
                }
                answer.aliases.append(
                    Alias(
                        owner: name, target: target, dname: step.isSynthesized ? step.rrset.owner : nil,
                        security: checked.finding.security))
                name = target
                if checked.finding.security == .bogus { return }
                guard seen.insert(name).inserted else {
                    answer.stop(.cnameLoop, "the aliases lead back to \(name)")
                    return
                }
                guard answer.aliases.count <= effort.limits.aliases else {
                    answer.stop(.cnameTooLong, "more than \(effort.limits.aliases) aliases")
                    return
                }
            } else if let rrset = message.answer.first(name, question.type) {
                answer.outcome = .noerrorData
                answer.rrsets = [rrset]
                var part = try await judge(rrset, in: message)
                // RCODE is signed by nobody; where the zone is, it must at least not contradict the data. Where it is
                // not, RCODE is what programs go by.
                if message.rcode == 3, part.path.last?.security == .secure {
                    part.finding = .bogus("NXDOMAIN in a response that has \(rrset.owner) \(rrset.type)")
                } else if message.rcode == 3, part.finding.security == .insecure {
                    answer.outcome = .nxdomain
                    answer.rrsets = []
                }
                answer.add(part)
                return
            } else if message.rcode == 0, !message.speaks(of: name), asked.insert(name).inserted {
                message = try await ask(name, question.type)
            } else {
                let (outcome, part) = try await judgeAbsence(of: name, question.type, in: message)
                // Where a chain is cut short behind a wildcard, the wildcard's proof only looks like one about the target.
                if message.rcode == 0, part.finding.security == .bogus, asked.insert(name).inserted {
                    message = try await ask(name, question.type)
                    continue
                }
                answer.outcome = outcome
                answer.add(part)
                return
            }
        }
    }

    /// What a server chose to send for ANY (RFC 8482): aliases are not followed, and what is missing proves nothing.
    private func judgeEverything(
        _ message: Message, _ name: DomainName, _ answer: inout AnswerInProgress
    ) async throws(Interruption) {
        let sets = message.answer.filter { $0.owner == name && $0.type != .rrsig }
        guard !sets.isEmpty else { return try await absence(of: name, .any, message, &answer) }
        answer.outcome = .noerrorData
        answer.rrsets = sets
        for rrset in sets {
            if rrset.type == .cname, let step = Alias.Step(name, in: message.answer), step.isSynthesized {
                answer.add(try await judge(step.rrset, in: message).checking(step, rrset))
            } else {
                answer.add(try await judge(rrset, in: message))
            }
        }
    }

    private func absence(
        of name: DomainName, _ type: RecordType, _ message: Message, _ answer: inout AnswerInProgress
    ) async throws(Interruption) {
        answer.outcome = message.rcode == 3 ? .nxdomain : .noerrorNodata
        let (outcome, part) = try await judgeAbsence(of: name, type, in: message)
        answer.outcome = outcome
        answer.add(part)
    }
}

extension Message {
    /// Whether the authority section has anything to say about the absence of a name.
    fileprivate func speaks(of name: DomainName) -> Bool {
        authority.contains { rrset in
            rrset.type == .soa && name.isEqualOrBelow(rrset.owner)
                || rrset.isDenial && rrset.signatures.contains { name.isEqualOrBelow($0.signer) }
        }
    }
}

extension Alias {
    /// How one name leads to another in an answer section.
    struct Step {
        /// What is signed: the CNAME, or the DNAME that it was made from.
        let rrset: RRset
        let target: DomainName?
        let isSynthesized: Bool

        /// Nil where the name is no alias here, or where its CNAME is itself what is asked for and is signed.
        init?(_ name: DomainName, in section: [RRset]) {
            let cname = section.first(name, .cname)
            let dname = section.first { $0.type == .dname && name.isBelow($0.owner) }
            if let dname, cname?.signatures.isEmpty ?? true {
                rrset = dname
                target = dname.aliasTarget.flatMap { name.replacing(suffix: dname.owner, by: $0) }
                isSynthesized = true
            } else if let cname {
                rrset = cname
                target = cname.aliasTarget
                isSynthesized = false
            } else {
                return nil
            }
        }
    }
}

extension DomainName {
    /// RFC 6672 §2.2; nil where the result is longer than a name can be.
    fileprivate func replacing(suffix old: DomainName, by new: DomainName) -> DomainName? {
        try? DomainName(wire: wire.dropLast(old.wire.count) + new.wire)
    }
}

extension JudgedPart {
    /// RFC 6672 §5.3.1: the CNAME that came with a DNAME must be the one that follows from it. From a DNAME that a wildcard
    /// stands behind nothing follows (§3.3).
    fileprivate func checking(_ step: Alias.Step, _ cname: RRset?) -> JudgedPart {
        guard step.isSynthesized else { return self }
        var part = self
        if isExpanded { part.finding = finding.weaker(.expanded(step.rrset)) }
        guard let cname, cname.aliasTarget != step.target else { return part }
        part.finding = part.finding.weaker(
            .bogus("the CNAME of \(cname.owner) does not follow from the DNAME of \(step.rrset.owner)"))
        return part
    }
}
