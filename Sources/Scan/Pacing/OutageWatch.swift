// SPDX-License-Identifier: Apache-2.0
public import Observations

/// Whether our own network is there.
///
/// A machine that has lost its way out is told so at once, at every connection: there is no route, nobody to hand the
/// packet to, no address to speak from. That says nothing about any mail host, and at such a speed all of them would have
/// had their last attempt within minutes. So where connections into several networks fail like that, and none in between
/// comes to anybody, everybody is left in peace, longer each time; what has failed then was no visit. A router far away
/// may say the same of one network, hardly of all that come next, and in the end the word is taken as it is.
///
/// A family over which nobody was ever reached is not used here, which is no outage. And silence is no sign: a network
/// that swallows packets looks like a world that does not answer to everybody who has no canary.
public struct OutageWatch: Sendable {
    /// So many networks in a row out of reach are ours.
    static let networks = 10
    /// So many pauses, half an hour in all, and whoever is still out of reach is so for another reason.
    static let mostPauses = 10
    private static let firstPause: Int64 = 10
    private static let longestPause: Int64 = 300

    private var reached: Set<IPAddress.Family> = []
    private var lost: Set<IPAddress> = []
    private var restsUntil: Int64 = 0
    /// Pauses since somebody was reached.
    private(set) var pauses = 0
    private let scale: Double

    /// Nobody was reached yet. The pauses are as long as `scale` makes them, 0 for none, as the retries are.
    public init(scale: Double = 1) {
        self.scale = scale
    }

    /// Takes what a connection came to, at a time in seconds that never goes back. Answers for how many seconds everybody is
    /// left in peace; then nothing was seen of the endpoint, and it is still to be visited.
    public mutating func take(_ seen: EndpointObservation, at now: Int64) -> Int64? {
        let address = seen.endpoint.address
        switch seen.tcp {
        case .netUnreachable, .hostUnreachable, .localResource:
            guard scale > 0, reached.contains(address.family) else { return nil }
            if lost.count < Self.networks { lost.insert(address.neighbourhood) }
            guard lost.count >= Self.networks else { return nil }
            // What was under way when the pause began.
            guard now >= restsUntil else { return restsUntil - now }
            guard pauses < Self.mostPauses else { return nil }
            let pause = min(Self.longestPause, Self.firstPause << Int64(pauses))
            pauses += 1
            restsUntil = now + max(1, Int64(Double(pause) * scale))
            return restsUntil - now
        case .open, .refused, .reset, .adminProhibited:
            reached.insert(address.family)
            lost = []
            pauses = 0
            return nil
        case .timeout, .port25EgressBlocked, .budgetExhausted, .notReached, .notMeasured: return nil
        }
    }
}
