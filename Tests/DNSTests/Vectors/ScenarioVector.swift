// SPDX-License-Identifier: Apache-2.0

import Foundation
import Observations

@testable import DNS

/// One question, the answers that a recursive resolver would give on the way, and what validators make of it.
struct ScenarioVector: Decodable, CustomStringConvertible {
    let id: String
    let time: Int64
    let trustAnchors: [String]
    let query: Query
    let expect: Expectation
    let accept: [String]
    let grade: String
    let exchanges: [Exchange]

    struct Query: Decodable {
        let name: String
        let type: String
    }

    struct Expectation: Decodable {
        let status: String
        let rcode: String
    }

    struct Exchange: Decodable {
        let name: String
        let type: String
        let wire: Data
    }

    enum CodingKeys: String, CodingKey {
        case id, time, query, expect, accept, grade, exchanges
        case trustAnchors = "trust_anchors"
    }

    var description: String { id }

    /// Judges the case as if its exchanges were all that there is.
    func judge() async throws -> ValidatedAnswer {
        let source = ReplaySource(exchanges)
        let validator = Validator(
            anchors: try TrustAnchor.parse(trustAnchors.joined(separator: "\n")), source: source,
            now: { Timestamp(seconds: time) })
        let question = try exchangesQuestion(query.name, query.type)
        switch await source.lookup(question) {
        case .message(let message): return await validator.validate(message, for: question)
        case .failure(let status): return ValidatedAnswer(status: status, canonicalName: question.name)
        }
    }
}

/// Reads a question as the files write it.
func exchangesQuestion(_ name: String, _ type: String) throws -> Question {
    struct UnknownType: Error { let mnemonic: String }
    guard let number = RecordType(mnemonic: type) else { throw UnknownType(mnemonic: type) }
    return Question(name: try DomainName(name), type: number)
}

/// Answers from a list; what is not in it has no answer.
final class ReplaySource: RecordSource {
    private var replies: [Question: [UInt8]] = [:]

    init(_ exchanges: [ScenarioVector.Exchange]) {
        for exchange in exchanges {
            guard let question = try? exchangesQuestion(exchange.name, exchange.type) else { continue }
            replies[question] = Array(exchange.wire)
        }
    }

    func lookup(_ question: Question) async -> LookupReply {
        guard let wire = replies[question], let message = try? Message(parsing: wire), [0, 3].contains(message.rcode)
        else {
            return .failure(LookupStatus(outcome: .servfail, security: .indeterminate, rcode: 2))
        }
        return .message(message)
    }
}
