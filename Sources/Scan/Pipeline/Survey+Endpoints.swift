// SPDX-License-Identifier: Apache-2.0
import Lists
import Observations
import Store

/// The visits: one for each endpoint, unless the handshake of another name at the same address can stand for it.
extension Survey {
    /// So many of the handshakes that could be inferred are measured all the same, to see how often the inference is right.
    static let controlShare = 0.01

    func measureEndpoints() async throws {
        let queue = PendingQueue<PendingEndpoint>(stop: stop) { [session] last in
            try await session.pendingEndpoints(after: last, limit: Self.batch)
        }
        try await runWave(slots: configuration.maximumConnections, queue: queue) { [self] pending in
            let endpoint = pending.endpoint
            guard !configuration.optOut.covers(address: endpoint.address),
                !configuration.optOut.covers(host: endpoint.host)
            else { return try await session.forget(endpoint: endpoint) }
            // Whoever can be inferred already need not stand in line for the address.
            if try await infer(pending, from: handshakes[endpoint]) { return }
            // In line, the names of an address are looked at in the order of probing, one after the other.
            try await gate.withPlace(for: endpoint.address) {
                let sharing = try await sharing(at: pending)
                if try await infer(pending, from: sharing) { return }
                try await visit(pending, sharing: sharing)
            }
        }
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
    private func infer(_ pending: PendingEndpoint, from sharing: HandshakeSharing?) async throws -> Bool {
        guard !pending.hasSecureTLSA, !isControl(pending.endpoint),
            let donor = sharing?.donor(for: pending.endpoint.host)
        else { return false }
        try await session.record(inferred: pending.endpoint, from: donor.host)
        return true
    }

    private func visit(_ pending: PendingEndpoint, sharing: HandshakeSharing?) async throws {
        let seen = await probe.visit(pending.endpoint, serverName: pending.serverName)
        var result = chains.result(of: seen)
        if let donor = sharing?.donor(for: pending.endpoint.host), !pending.hasSecureTLSA {
            result.inferenceCheck = InferenceCheck(result, wasToShow: donor.chainSHA256)
        }
        try await session.record(endpoint: result)
        guard var sharing, let chain = result.chains[.full], seen.tls == .ok, let leaf = chain.certificates.first
        else { return }
        sharing.add(
            ShownHandshake(
                host: pending.endpoint.host, chainSHA256: chain.sha256, dnsNames: leaf.sanDNS,
                commonName: leaf.subjectCN))
        handshakes[pending.endpoint] = sharing
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
