// SPDX-License-Identifier: Apache-2.0
import DNS
import Observations
import Policies

/// Answers the questions of the policies from the survey's resolver, with its validator and its cache.
final class ResolverPolicies: PolicySource {
    private let source: any AnswerSource

    init(_ source: any AnswerSource) {
        self.source = source
    }

    func answer(to question: PolicyQuestion) async -> PolicyAnswer {
        let answer = await source.resolve(Question(question))
        let records = answer.rrset
        return PolicyAnswer(
            status: answer.status, texts: records?.texts ?? [], names: records?.nameServers ?? [],
            count: records?.rdatas.count ?? 0, aliasTarget: answer.aliases.isEmpty ? nil : answer.canonicalName)
    }
}

extension Question {
    fileprivate init(_ question: PolicyQuestion) {
        switch question {
        case .texts(let name): self.init(name: name, type: .txt)
        case .addresses(let name, .v4): self.init(name: name, type: .a)
        case .addresses(let name, .v6): self.init(name: name, type: .aaaa)
        case .exchanges(let name): self.init(name: name, type: .mx)
        case .nameServers(let name): self.init(name: name, type: .ns)
        }
    }
}
