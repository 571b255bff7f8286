// SPDX-License-Identifier: Apache-2.0
import DNS
import Logging
import Observations
import Store

/// Canaries: while they are well, what the survey sees is the world.
extension Survey {
    /// The first address of each family that the survey uses.
    func endpoints(of canary: Canary) async -> [Endpoint] {
        switch canary.place {
        case .address(let address):
            return [Endpoint(host: .root, address: address, port: canary.port)]
        case .name(let name):
            let found = await MailRouting.addresses(
                of: name, families: configuration.families, allowSpecialUse: configuration.isLab,
                from: instruments.resolver)
            return [found.v4.addresses.first, found.v6.addresses.first].compactMap { address in
                address.map { Endpoint(host: name, address: $0, port: canary.port) }
            }
        }
    }

    /// The first look. What an earlier run saw behind its last good one is asked again: nobody knows how it was seen.
    func beginUnderCanaries() async throws {
        guard canaries != nil else { return }
        if let moment = try await session.canariesWereWell() {
            let count = try await session.doubt(since: moment, longestVisit: longestVisit)
            if count > 0 {
                configuration.log.notice(
                    "what was seen after the last look at the canaries is asked again",
                    metadata: ["endpoints": "\(count)"])
            }
        }
        await lookAtCanaries()
    }

    /// Looks at them; where one is not well the survey stops. Behind the last look of a run nothing is in flight.
    func lookAtCanaries(isLast: Bool = false) async {
        guard let canaries, canaries.failure == nil, await canaries.areWell() else {
            if canaries?.failure != nil { stop.raise() }
            return
        }
        configuration.log.debug("the canaries are well")
        // A failed commit shows at the next row that is recorded.
        guard let moment = canaries.wellAt?.wall else { return }
        try? await session.noteCanariesWell(at: isLast ? moment.adding(seconds: 1) : moment)
    }

    /// After a failure nothing that was seen since the last good look stays; it is asked again by the next run.
    func takeBackWhatIsInDoubt(_ failure: CanaryFailure) async throws {
        let before = try await session.canariesWereWell()
        var count = 0
        if let moment = canaries?.doubtfulSince(before) {
            count = try await session.doubt(since: moment, longestVisit: longestVisit)
        }
        configuration.log.error(
            "the survey is aborted", metadata: ["reason": "\(failure)", "endpoints_in_doubt": "\(count)"])
    }

    /// Seconds: the connection, the greeting, and a reply each to EHLO, STARTTLS, the handshake, EHLO and QUIT.
    private var longestVisit: Int64 {
        let patience = configuration.probe
        return (patience.connectTimeout + patience.greetingTimeout + 5 * patience.replyTimeout + 999) / 1_000
    }
}
