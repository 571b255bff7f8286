// SPDX-License-Identifier: Apache-2.0
import DNS
import Foundation
import Observations

/// A validated answer on paper: for a person, its last word the security; for a program, one JSON object.
enum AnswerReport {
    static func text(_ question: Question, _ answer: ValidatedAnswer) -> String {
        var lines = ["\(question)"]
        for alias in answer.aliases {
            lines.append("  \(alias.owner) is an alias of \(alias.target) (\(alias.security.rawValue))")
        }
        lines += records(question, answer).map { "  " + $0 }
        if !answer.proof.isEmpty { lines.append("chain of proof:") }
        for step in answer.proof { lines.append("  " + line(step)) }
        if let reason = answer.status.reason { lines.append("reason: \(reason)") }
        if let error = answer.status.extendedError {
            lines.append("extended error: \(error.code)\(error.text.isEmpty ? "" : " \(error.text)")")
        }
        lines.append("\(answer.status.outcome.rawValue) \(answer.status.security.rawValue)")
        return lines.joined(separator: "\n")
    }

    /// RDATA; behind its type where several were asked for.
    private static func records(_ question: Question, _ answer: ValidatedAnswer) -> [String] {
        answer.rrsets.flatMap { rrset in
            rrset.presentation.map { question.type == .any ? "\(rrset.type) \($0)" : $0 }
        }
    }

    private static func line(_ step: ProofStep) -> String {
        let key = step.keyTag.map { " (key \($0), algorithm \(step.algorithm ?? 0))" } ?? ""
        return "\(step.zone) \(step.security.rawValue)\(key): \(step.note)"
    }

    /// `isLine`: all of it on one line, for a file of answers.
    static func json(_ question: Question, _ answer: ValidatedAnswer, isLine: Bool = false) -> String {
        var object: [String: Any] = [
            "name": "\(question.name)", "type": "\(question.type)", "outcome": answer.status.outcome.rawValue,
            "security": answer.status.security.rawValue, "canonical_name": "\(answer.canonicalName)",
            "records": records(question, answer), "ttl": Int(answer.ttl),
        ]
        object["rcode"] = answer.status.rcode
        object["reason"] = answer.status.reason
        object["sha1_only"] = answer.status.sha1Only
        object["ede"] = answer.status.extendedError.map { ["code": $0.code, "text": $0.text] as [String: Any] }
        object["aliases"] = answer.aliases.map {
            ["owner": "\($0.owner)", "target": "\($0.target)", "security": $0.security.rawValue]
        }
        object["proof"] = answer.proof.map { step in
            var entry: [String: Any] = [
                "zone": "\(step.zone)", "security": step.security.rawValue, "note": step.note,
            ]
            entry["key_tag"] = step.keyTag.map { Int($0) }
            entry["algorithm"] = step.algorithm.map { Int($0) }
            return entry
        }
        return JSONText.object(object, isLine: isLine)
    }
}
