// SPDX-License-Identifier: Apache-2.0
import Lists
import Logging
import Observations
import Store
import TLS

/// The visits: one for each endpoint, unless the handshake of another name at the same address can stand for it. Whatever
/// is due again meanwhile, in any of the waves, is asked again beside them.
extension Survey {
    /// So many of the handshakes that could be inferred are measured all the same, to see how often the inference is right.
    static let controlShare = 0.01

    func measureEndpoints() async throws {
        if let due = try await session.lastDue() { expectRetries(at: clock.moment(of: due), attempts: 2) }
        // However many names an address has: what it speaks is asked with its last connections.
        keeper.pacer.reserve(HelloPlan.connections, of: .address)
        let queue = PacedQueue(keeper, shelf: shelfOfVisits(), stop: stop)
        try await runWave(slots: configuration.maximumConnections, queue: queue) { [self] work, ticket in
            switch work {
            case .visit(let pending): return try await visit(pending, in: queue, under: ticket)
            case .file(let work): return try await fetch(work, queue, &ticket)
            case .lookups: return try await lookUpAgain()
            }
        } exhausted: { [self] work in
            guard case .visit(let pending) = work else { return }
            if try await infer(pending, from: sharing(at: pending), isControl: false) { return }
            var seen = EndpointObservation(endpoint: pending.endpoint, at: .now)
            seen.tcp = .budgetExhausted
            try await session.record(endpoint: EndpointResult(observation: seen))
        }
    }

    /// Keeps in mind when the last retry of somebody who is due then for the so-manieth attempt can be over.
    private func expectRetries(at due: Int64, attempts: Int) {
        retriesEndAt = max(retriesEndAt, due + retries.longest(after: attempts) * 1_000_000)
    }

    /// What names at this address and port were shown so far; nil where too few live there for anything to be shared.
    private func sharing(at pending: PendingEndpoint) async throws -> HandshakeSharing? {
        guard configuration.allowsInference, pending.sharesAddress else { return nil }
        if let known = handshakes[pending.endpoint] { return known }
        let shown = try await session.handshakes(at: pending.endpoint, limit: HandshakeSharing.capacity)
        let sharing = HandshakeSharing(shown)
        handshakes[pending.endpoint] = sharing
        return sharing
    }

    private func isControl(_ endpoint: Endpoint) -> Bool {
        session.draws(Self.controlShare, "control \(endpoint.host) \(endpoint.address) \(endpoint.port)")
    }

    /// Whether the handshake was inferred. Never where TLSA records stand behind the name: DANE is about this very one.
    /// Nor for a control, unless no connection is left for it: then `isControl` is false.
    func infer(_ pending: PendingEndpoint, from sharing: HandshakeSharing?, isControl: Bool? = nil) async throws -> Bool
    {
        guard !pending.hasSecureTLSA, !(isControl ?? self.isControl(pending.endpoint)),
            let donor = sharing?.donor(for: pending.endpoint.host)
        else { return false }
        try await session.record(inferred: pending.endpoint, from: donor.host)
        return true
    }

    /// Answers when the endpoint is to be visited once more; nil where that was all.
    private func visit(
        _ pending: PendingEndpoint, in queue: PacedQueue<VisitWork>, under ticket: PacedQueue<VisitWork>.Ticket?
    ) async throws -> Int64? {
        guard !optOut.covers(pending.endpoint) else {
            if let ticket { keeper.pacer.uncount(ticket) }
            try await session.forget(endpoint: pending.endpoint)
            return nil
        }
        let sharing = try await sharing(at: pending)
        if try await infer(pending, from: sharing) {
            if let ticket { keeper.pacer.uncount(ticket) }
            return nil
        }
        let seen = await probe.visit(pending.endpoint, serverName: pending.serverName)
        if let until = endOfOutage(shownBy: seen) {
            try await session.putOff(pending.endpoint, until: clock.due(at: until))
            return until
        }
        for pause in refusals.take(seen, at: NetworkLoop.monotonicMilliseconds / 1_000) { rest(pause, queue) }
        let delay = retries.delay(after: seen, attempts: pending.attempts + 1)
        let again = delay.map { PaceKeeper.now + $0 * 1_000_000 }
        if let again { expectRetries(at: again, attempts: pending.attempts + 2) }
        var result = chains.result(of: seen)
        if let donor = sharing?.donor(for: pending.endpoint.host), !pending.hasSecureTLSA {
            result.inferenceCheck = InferenceCheck(result, wasToShow: donor.chainSHA256)
        }
        try await session.record(endpoint: result, retryAt: again.map { clock.due(at: $0) })
        keep(result, in: sharing)
        return again
    }

    /// Leaves in peace whoever the refusals speak for. Where pausing for everybody does not help, we stop.
    private func rest(_ pause: RefusalWatch.Pause, _ queue: PacedQueue<VisitWork>) {
        queue.obey(pause)
        switch pause {
        case .prefix(let prefix, let seconds):
            configuration.log.notice(
                "a network refuses us and is left in peace", metadata: ["prefix": "\(prefix)", "seconds": "\(seconds)"])
        case .scan(let seconds):
            configuration.log.error(
                "refusals for reputation are spreading: everybody is left in peace",
                metadata: ["seconds": "\(seconds)", "pauses": "\(refusals.scanPauses)"])
            guard refusals.scanPauses >= RefusalWatch.mostScanPauses else { return }
            isRefusedEverywhere = true
            stop.raise()
        }
    }

    /// What this name was shown helps to tell what others will be shown.
    private func keep(_ result: EndpointResult, in sharing: HandshakeSharing?) {
        let seen = result.observation
        guard var sharing, let chain = result.chains[.full], seen.tls == .ok, let leaf = chain.certificates.first
        else { return }
        sharing.add(
            ShownHandshake(
                host: seen.endpoint.host, chainSHA256: chain.sha256, dnsNames: leaf.sanDNS,
                commonNames: leaf.hostCNs))
        handshakes[seen.endpoint] = sharing
    }
}

extension InferenceCheck {
    /// A visit that found nothing out says nothing about the inference either.
    fileprivate init(_ result: EndpointResult, wasToShow chain: String) {
        let seen = result.observation
        if seen.tls == .ok {
            self = result.chains[.full]?.sha256 == chain ? .agrees : .disagrees
        } else {
            self = seen.finalClass == .conclusive ? .disagrees : .unknown
        }
    }
}
