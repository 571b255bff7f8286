// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Judges answers: follows signatures from a trust anchor down to the data (RFC 4035 §5).
///
/// Used from one isolation, by many callers at a time. It opens no socket and reads no clock: questions go to a
/// `RecordSource`, the time is asked for. What was found out about zones is kept; what failed is not, so that it can be
/// asked again elsewhere.
public final class Validator {
    let source: any RecordSource
    let limits: ValidationLimits
    let policy: SHA1Policy
    let anchors: [DomainName: [TrustAnchor]]
    var territories: GenerationCache<DomainName, Territory>
    /// What is known of unsigned delegations.
    var optOut: OptOutRanges
    /// What all answers so far have cost.
    public internal(set) var work = ValidationWork()
    private let clock: () -> Timestamp
    fileprivate let monotonic: () -> Int64

    /// Takes what trust begins with, where records come from, the clock by which signatures are judged, and a monotonic
    /// one in milliseconds, by which judging itself has an end.
    public init(
        anchors: [TrustAnchor], source: any RecordSource, limits: ValidationLimits = ValidationLimits(),
        sha1: SHA1Policy = .validate, now: @escaping () -> Timestamp, monotonic: @escaping () -> Int64 = { 0 }
    ) {
        self.anchors = Dictionary(grouping: anchors, by: \.zone)
        self.source = source
        self.limits = limits
        policy = sha1
        territories = GenerationCache(capacity: limits.cachedZones)
        optOut = OptOutRanges(capacity: limits.cachedRanges, zoneCapacity: limits.cachedRangesPerZone)
        clock = now
        self.monotonic = monotonic
    }

    /// Judges the response to a question; asks the source for keys and proofs as needed.
    public func validate(_ message: Message, for question: Question) async -> ValidatedAnswer {
        let session = Session(self, now: clock())
        let answer = await session.judge(message, for: question)
        work += session.effort.work
        return answer
    }
}

/// The judging of one answer: one moment in time, one account of work.
final class Session {
    let validator: Validator
    let now: Timestamp
    let effort: Effort

    init(_ validator: Validator, now: Timestamp) {
        self.validator = validator
        self.now = now
        effort = Effort(validator.limits, clock: validator.monotonic)
    }

    /// Asks the source; anything but a message ends the judging.
    func ask(_ name: DomainName, _ type: RecordType) async throws(Interruption) -> Message {
        let question = Question(name: name, type: type)
        try effort.chargeQuery()
        switch await validator.source.lookup(question) {
        case .message(let message): return message
        case .failure(let status): throw .noReply(question, status)
        }
    }

    func verify(_ rrset: RRset, in zone: Zone) throws(Interruption) -> Result<VerifiedRRset, Finding> {
        try SignatureCheck(
            zone: zone.name, keys: zone.keys, unfit: zone.unfit, policy: validator.policy, now: now, effort: effort
        )
        .verify(rrset)
    }
}

extension [RRset] {
    /// The RRset of an owner and a type.
    func first(_ owner: DomainName, _ type: RecordType) -> RRset? {
        first { $0.type == type && $0.owner == owner }
    }
}
