// SPDX-License-Identifier: Apache-2.0
import Lists
import Logging
import Observations
import Store

/// Who opted out after they were measured leaves an unfinished scan as it goes on.
extension Survey {
    /// Looks whether the list has changed; who is new on it leaves the scan at once. A list that can no longer be read
    /// stops the scan.
    public func lookAtOptOuts(forced: Bool = false) async {
        do {
            guard try optOut.look(forced: forced, at: .now) else { return }
            configuration.log.notice("the opt-out list was read again", metadata: ["entries": "\(optOut.list.count)"])
            tellWhatCannotBeObeyed()
            try await forgetOptedOut()
        } catch {
            configuration.log.error(
                "the opt-out list cannot be used: the survey stops", metadata: ["error": "\(error)"])
            optOutProblem = error
            stop.raise()
        }
    }

    /// In a lab an entry that cannot be obeyed stops nothing, and is not passed over in silence.
    func tellWhatCannotBeObeyed() {
        guard let problem = optOut.problem else { return }
        configuration.log.warning("an opt-out cannot be obeyed", metadata: ["reason": "\(problem)"])
    }

    func forgetOptedOut() async throws {
        guard optOut.list.count > 0 else { return }
        var domain: DomainName?
        while case let page = try await session.domains(after: domain, limit: 1_000), let last = page.last {
            for name in page where optOut.covers(domain: name) { try await session.forget(domain: name) }
            domain = last
        }
        var host: DomainName?
        while case let page = try await session.hosts(after: host, limit: 1_000), let last = page.last {
            for name in page where optOut.covers(host: name) { try await session.forget(host: name) }
            host = last
        }
        var endpoint: Endpoint?
        while case let page = try await session.endpoints(after: endpoint, limit: 1_000), let last = page.last {
            for seen in page where optOut.covers(address: seen.address) {
                try await session.forget(endpoint: seen)
            }
            endpoint = last
        }
    }
}
