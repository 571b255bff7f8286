// SPDX-License-Identifier: Apache-2.0

import Observations

/// Why judging an answer ended early: nothing is known then, so that the answer is indeterminate and nothing is kept.
enum Interruption: Error {
    /// More work than one answer is worth.
    case limit(String)
    /// A key or a proof was not to be had.
    case noReply(Question, LookupStatus)

    var finding: Finding {
        switch self {
        case .limit(let what):
            Finding(
                security: .indeterminate, reason: "validation stopped: \(what)",
                code: Finding.EDE.indeterminate.rawValue)
        case .noReply(let question, let status):
            Finding(
                security: .indeterminate, reason: "no answer to \(question): \(status.outcome.rawValue)",
                code: status.extendedError?.code ?? Finding.EDE.indeterminate.rawValue)
        }
    }
}

/// What one answer has cost so far, held against the limits.
final class Effort {
    private(set) var work = ValidationWork()
    let limits: ValidationLimits
    private let clock: () -> Int64
    private let began: Int64

    /// `clock` is a monotonic one, in milliseconds.
    init(_ limits: ValidationLimits, clock: @escaping () -> Int64 = { 0 }) {
        self.limits = limits
        self.clock = clock
        began = clock()
    }

    func chargeSignature() throws(Interruption) {
        guard work.signatures < limits.signatures else {
            throw .limit("more than \(limits.signatures) signatures for one answer")
        }
        work.signatures += 1
    }

    func chargeHash(blocks: Int) throws(Interruption) {
        guard work.nsec3Blocks + blocks <= limits.nsec3Blocks else {
            throw .limit("more than \(limits.nsec3Blocks) NSEC3 hashes for one answer")
        }
        work.nsec3Blocks += blocks
    }

    func chargeDigest() {
        work.digests += 1
    }

    func chargeQuery() throws(Interruption) {
        guard work.queries < limits.queries else {
            throw .limit("more than \(limits.queries) questions for one answer")
        }
        guard clock() - began <= limits.milliseconds else {
            throw .limit("more than \(limits.milliseconds / 1_000) seconds for one answer")
        }
        work.queries += 1
    }
}
