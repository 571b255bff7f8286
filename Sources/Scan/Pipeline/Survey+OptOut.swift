// SPDX-License-Identifier: Apache-2.0
import Lists
import Observations
import Store

/// Who opted out after they were measured leaves an unfinished scan as it goes on.
extension Survey {
    func forgetOptedOut() async throws {
        guard configuration.optOut.count > 0 else { return }
        var domain: DomainName?
        while case let page = try await session.domains(after: domain, limit: 1_000), let last = page.last {
            for name in page where configuration.optOut.covers(domain: name) { try await session.forget(domain: name) }
            domain = last
        }
        var host: DomainName?
        while case let page = try await session.hosts(after: host, limit: 1_000), let last = page.last {
            for name in page where configuration.optOut.covers(host: name) { try await session.forget(host: name) }
            host = last
        }
        var endpoint: Endpoint?
        while case let page = try await session.endpoints(after: endpoint, limit: 1_000), let last = page.last {
            for seen in page where configuration.optOut.covers(address: seen.address) {
                try await session.forget(endpoint: seen)
            }
            endpoint = last
        }
    }
}
