// SPDX-License-Identifier: Apache-2.0
import Logging
import Observations

extension Survey {
    /// The moment until which everybody is left in peace, where a connection shows that our own network is gone.
    func endOfOutage(shownBy seen: EndpointObservation) -> Int64? {
        let now = PaceKeeper.now
        let before = outages.pauses
        guard let seconds = outages.take(seen, at: now / 1_000_000) else { return nil }
        if outages.pauses > before {
            configuration.log.error(
                "our own network is gone: everybody is left in peace",
                metadata: ["seconds": "\(seconds)", "pauses": "\(outages.pauses)"])
        }
        let until = now + seconds * 1_000_000
        keeper.pacer.pause(.global, until: until, at: now)
        return until
    }
}
