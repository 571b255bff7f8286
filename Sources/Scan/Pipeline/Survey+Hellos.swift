// SPDX-License-Identifier: Apache-2.0
import Lists
import Observations
import Store
import TLS

/// Raw hellos: once for each address and port where TLS was reached, whatever the names there, one connection at a time.
extension Survey {
    /// One address may have so many connections in one scan.
    static let connectionsPerAddress = 40

    func measureHellos() async throws {
        let queue = PendingQueue<PendingHellos>(stop: stop) { [session] last in
            try await session.pendingHellos(after: last, limit: 250)
        }
        try await runWave(slots: configuration.maximumConnections, queue: queue) { [self] pending in
            guard !configuration.optOut.covers(address: pending.endpoint.address),
                !configuration.optOut.covers(host: pending.endpoint.host)
            else { return try await session.forget(endpoint: pending.endpoint) }
            var result = try await ask(pending)
            result.chains = chains.chains(of: result.probes)
            try await session.record(hellos: result)
        }
    }

    private func ask(_ pending: PendingHellos) async throws -> HelloResult {
        let endpoint = pending.endpoint
        let serverName = pending.probes.first { $0.profile == .full }?.serverName
        let hello = HelloProbe(settings: configuration.probe, now: { Timestamp.now })
        var round = HelloRound(pending, budget: Self.connectionsPerAddress - pending.connectionsUsed) {
            [gate] profile, offer in
            await gate.withPlace(for: endpoint.address) {
                await hello.visit(
                    endpoint, profile: profile, serverName: serverName, suites: offer.suites, groups: offer.groups)
            }
        }
        return try await round.run(
            isDeep: session.draws(configuration.deepShare, "deep \(endpoint.address) \(endpoint.port)"))
    }
}
