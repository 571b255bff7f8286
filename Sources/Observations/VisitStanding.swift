// SPDX-License-Identifier: Apache-2.0

/// How much one visit to an endpoint tells, so that of several the best is shown and none makes the others worse.
///
/// A server that was measured once and is out of reach an hour later is still a server that was measured: what is
/// conclusive (class C) stands before what is not, and of two that are not, the one that came further, then the later.
/// A limit of our own that kept us from connecting tells nothing, and so never replaces what was seen.
public struct VisitStanding: Hashable, Sendable {
    private let isConclusive: Bool
    /// Stages that have a word: TCP, greeting, EHLO, STARTTLS, TLS.
    private let depth: Int
    private let isOurOwnLimit: Bool

    /// From the words of the five stages, in their order.
    public init(
        tcp: TCPOutcome, greeting: GreetingOutcome, ehlo: EHLOOutcome, starttls: STARTTLSOutcome, tls: TLSOutcome
    ) {
        let stages: [any Outcome] = [tcp, greeting, ehlo, starttls, tls]
        let last = stages.lastIndex { $0.outcomeClass != .none }
        isConclusive = last.map { stages[$0].outcomeClass } == .conclusive
        depth = last.map { $0 + 1 } ?? 0
        isOurOwnLimit = tcp.outcomeClass == .local
    }

    /// What a visit showed.
    public init(_ seen: EndpointObservation) {
        self.init(
            tcp: seen.tcp, greeting: seen.greeting, ehlo: seen.ehlo, starttls: seen.starttls, tls: seen.tls)
    }

    /// Whether this visit, the later one, is to be shown instead of the one before.
    public func replaces(_ before: VisitStanding) -> Bool {
        if isConclusive != before.isConclusive { return isConclusive }
        if isOurOwnLimit, before.depth > 0 { return false }
        return depth >= before.depth || before.isOurOwnLimit
    }
}
