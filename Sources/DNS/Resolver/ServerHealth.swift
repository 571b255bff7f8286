// SPDX-License-Identifier: Apache-2.0

/// Whether a resolver is worth asking: a rule over times, without a clock of its own.
///
/// One name whose servers are dead makes a good resolver fall silent for that name, so silence alone proves nothing: it
/// is only a reason to ask for a sign of life. A resolver without one is left alone for a while, then gets one question
/// as a trial, and rests twice as long if that fails too.
struct ServerHealth {
    /// When it last answered anything.
    private(set) var lastAnswer: Int64?
    private var restsUntil: Int64?
    private var rest: Int64
    private let firstRest: Int64
    private let longestRest: Int64

    init(firstRest: Int64, longestRest: Int64) {
        self.firstRest = firstRest
        self.longestRest = longestRest
        rest = firstRest
    }

    /// Whether it has neither answered nor died yet.
    var isUnknown: Bool { lastAnswer == nil && restsUntil == nil }

    /// Whether a question may go there now.
    func isUsable(at now: Int64) -> Bool { restsUntil.map { now >= $0 } ?? true }

    /// How long it still rests; nil for one that never answered, which nobody should wait for.
    func restLeft(at now: Int64) -> Int64? {
        lastAnswer == nil ? nil : max(0, (restsUntil ?? now) - now)
    }

    /// A question goes there. If it is a trial, it is the only one until the next rest is over.
    mutating func willAsk(at now: Int64) {
        if restsUntil != nil { restsUntil = now + rest }
    }

    /// It answered, with whatever RCODE.
    mutating func answered(at now: Int64) {
        lastAnswer = now
        restsUntil = nil
        rest = firstRest
    }

    /// No sign of life.
    mutating func died(at now: Int64) {
        if restsUntil != nil { rest = min(rest * 2, longestRest) }
        restsUntil = now + rest
    }
}
