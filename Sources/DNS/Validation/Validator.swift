// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Judges answers: follows signatures from a trust anchor down to the data (RFC 4035 §5).
///
/// Used from one isolation. It opens no socket and reads no clock: questions go to a `RecordSource`, the time is asked.
public final class Validator {
    let anchors: [TrustAnchor]
    let source: any RecordSource
    let limits: ValidationLimits
    let sha1: SHA1Policy
    let now: () -> Timestamp
    /// What all answers so far have cost.
    public internal(set) var work = ValidationWork()

    /// Takes what trust begins with, where records come from, and the clock by which signatures are judged.
    public init(
        anchors: [TrustAnchor], source: any RecordSource, limits: ValidationLimits = ValidationLimits(),
        sha1: SHA1Policy = .validate, now: @escaping () -> Timestamp
    ) {
        self.anchors = anchors
        self.source = source
        self.limits = limits
        self.sha1 = sha1
        self.now = now
    }

    /// Judges the response to a question; asks the source for keys and proofs as needed.
    public func validate(_ message: Message, for question: Question) async -> ValidatedAnswer {
        ValidatedAnswer(
            status: LookupStatus(outcome: .localError, security: .indeterminate, reason: "no chain of trust yet"),
            canonicalName: question.name)
    }
}
