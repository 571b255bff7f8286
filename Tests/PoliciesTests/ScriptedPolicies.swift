// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies

/// Answers from a table of zones; names that are not in it do not exist.
final class ScriptedPolicies: PolicySource {
    private(set) var asked: [PolicyQuestion] = []
    private let table: [PolicyQuestion: PolicyAnswer]
    private let names: Set<DomainName>

    /// Texts by name, how many MX and addresses a name has, names of which no answer comes, and aliases of names that are
    /// not there.
    init(
        texts: [String: [String]] = [:], exchanges: [String: Int] = [:], v4: [String: Int] = [:],
        v6: [String: Int] = [:], nameServers: [String: [String]] = [:], existing: [String] = [], failing: [String] = [],
        bogus: [String] = [], deadAliases: [String: String] = [:]
    ) {
        var table: [PolicyQuestion: PolicyAnswer] = [:]
        var names: Set<DomainName> = []
        func add(_ name: String, _ question: (DomainName) -> PolicyQuestion, _ answer: PolicyAnswer) {
            guard let name = try? DomainName(name) else { return }
            table[question(name)] = answer
            names.insert(name)
        }
        for (name, texts) in texts {
            add(name, { .texts($0) }, .texts(texts.map { Array($0.utf8) }))
        }
        for (name, count) in exchanges { add(name, { .exchanges($0) }, .records(count)) }
        for (name, count) in v4 { add(name, { .addresses($0, .v4) }, .records(count)) }
        for (name, count) in v6 { add(name, { .addresses($0, .v6) }, .records(count)) }
        for (name, servers) in nameServers {
            let names = servers.compactMap { try? DomainName($0) }
            var answer = PolicyAnswer.records(names.count)
            answer.names = names
            add(name, { .nameServers($0) }, answer)
        }
        for (name, target) in deadAliases {
            var answer = PolicyAnswer.nothing(.nxdomain)
            answer.aliasTarget = try? DomainName(target)
            add(name, { .texts($0) }, answer)
        }
        for name in existing { names.formUnion((try? DomainName(name)).map { [$0] } ?? []) }
        for (bad, answer) in [(failing, PolicyAnswer.nothing(.servfail)), (bogus, .nothing(.bogus))] {
            for name in bad {
                add(name, { .texts($0) }, answer)
                add(name, { .addresses($0, .v4) }, answer)
                add(name, { .exchanges($0) }, answer)
            }
        }
        self.table = table
        self.names = names
    }

    func answer(to question: PolicyQuestion) async -> PolicyAnswer {
        asked.append(question)
        if let answer = table[question] { return answer }
        let name =
            switch question {
            case .texts(let name), .addresses(let name, _), .exchanges(let name), .nameServers(let name): name
            }
        return .nothing(names.contains { $0.isEqualOrBelow(name) } ? .noerrorNodata : .nxdomain)
    }
}

extension PolicyAnswer {
    static func texts(_ texts: [[UInt8]], security: Security = .insecure) -> PolicyAnswer {
        PolicyAnswer(
            status: LookupStatus(outcome: .noerrorData, security: security), texts: texts, count: texts.count)
    }

    static func texts(_ texts: String...) -> PolicyAnswer { .texts(texts.map { Array($0.utf8) }) }

    static func records(_ count: Int) -> PolicyAnswer {
        count == 0
            ? .nothing(.noerrorNodata)
            : PolicyAnswer(status: LookupStatus(outcome: .noerrorData, security: .insecure), count: count)
    }

    static func nothing(_ outcome: DNSOutcome) -> PolicyAnswer {
        let security: Security =
            switch outcome {
            case .bogus: .bogus
            case .noerrorNodata, .nxdomain: .insecure
            default: .indeterminate
            }
        return PolicyAnswer(status: LookupStatus(outcome: outcome, security: security), count: 0)
    }
}
