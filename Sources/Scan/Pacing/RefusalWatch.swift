// SPDX-License-Identifier: Apache-2.0
public import Observations

/// What a refusal asks of us beyond the endpoint that spoke it.
///
/// Whoever says "later" to several of our connections is being pressed too hard, and whoever names a block list has
/// judged our address: both speak for the network around them. And when refusals for reputation begin to spread over the
/// whole internet, something about *us* has changed, and going on would be measured as a fact about others.
public struct RefusalWatch: Sendable {
    /// Who is left in peace, and for how many seconds.
    public enum Pause: Sendable, Hashable {
        case prefix(IPAddress, seconds: Int64)
        case scan(seconds: Int64)
    }

    private struct Neighbourhood {
        var deferrals = 0
        var refusals = 0
        var lastAt: Int64
    }

    private struct Minute {
        var number: Int64
        var visits = 0
        var refusals = 0
    }

    /// So many refusals from one prefix are the prefix's.
    static let perPrefix = 3
    /// Share of visits of the last ten minutes from which on the scan pauses.
    static let shareOfScan = 0.02
    /// Below so many visits a share says nothing.
    static let leastVisits = 200
    /// So many pauses of the whole scan, and it does not go on: we are on somebody's list.
    static let mostScanPauses = 3
    private static let deferredPause: Int64 = 10 * 60
    private static let refusedPause: Int64 = 24 * 3_600
    private static let scanPause: Int64 = 30 * 60
    private static let mostPrefixes = 4_096

    private var neighbourhoods: [IPAddress: Neighbourhood] = [:]
    private var minutes: [Minute] = []
    /// Pauses of prefixes that were asked for.
    public private(set) var prefixPauses = 0
    /// Pauses of the whole scan that were asked for.
    public private(set) var scanPauses = 0

    /// Prefixes that somebody spoke for.
    var rememberedPrefixes: Int { neighbourhoods.count }

    private let scale: Double

    /// Nothing was refused yet. The pauses are as long as `scale` makes them, 0 for none, as the retries are.
    public init(scale: Double = 1) {
        self.scale = scale
    }

    /// Takes what a visit showed, at a time in seconds that never goes back.
    public mutating func take(_ seen: EndpointObservation, at now: Int64) -> [Pause] {
        let isRefusal = seen.greeting == .blockedByReputation || seen.ehlo == .blockedByReputation
        let isDeferral =
            [.closing, .temporaryRefusal].contains(seen.greeting)
            || [.closing, .temporaryRefusal].contains(seen.ehlo)
        count(isRefusal, at: now / 60)
        guard scale > 0, isRefusal || isDeferral else { return [] }
        return [prefixPause(seen.endpoint.address.neighbourhood, isRefusal, at: now), scanPause()].compactMap { $0 }
    }

    private mutating func prefixPause(_ prefix: IPAddress, _ isRefusal: Bool, at now: Int64) -> Pause? {
        var here = neighbourhoods[prefix] ?? Neighbourhood(lastAt: now)
        // Deferrals are about the last minutes; a judgement of our address stands for a day.
        if now - here.lastAt > Self.deferredPause { here.deferrals = 0 }
        if now - here.lastAt > Self.refusedPause { here.refusals = 0 }
        here.lastAt = now
        if isRefusal { here.refusals += 1 } else { here.deferrals += 1 }
        defer {
            neighbourhoods[prefix] = here
            if neighbourhoods.count > Self.mostPrefixes { forgetOldest() }
        }
        if here.refusals >= Self.perPrefix {
            here.refusals = 0
            prefixPauses += 1
            return .prefix(prefix, seconds: scaled(Self.refusedPause))
        }
        if here.deferrals >= Self.perPrefix {
            here.deferrals = 0
            prefixPauses += 1
            return .prefix(prefix, seconds: scaled(Self.deferredPause))
        }
        return nil
    }

    private mutating func count(_ isRefusal: Bool, at minute: Int64) {
        minutes.removeAll { $0.number <= minute - 10 }
        if minutes.last?.number != minute { minutes.append(Minute(number: minute)) }
        minutes[minutes.count - 1].visits += 1
        if isRefusal { minutes[minutes.count - 1].refusals += 1 }
    }

    private mutating func scanPause() -> Pause? {
        let visits = minutes.reduce(0) { $0 + $1.visits }
        let refusals = minutes.reduce(0) { $0 + $1.refusals }
        guard visits >= Self.leastVisits, Double(refusals) > Self.shareOfScan * Double(visits) else { return nil }
        // What is answered for is not counted again.
        minutes = []
        scanPauses += 1
        return .scan(seconds: scaled(Self.scanPause))
    }

    /// Microseconds for which anybody is left in peace at most, retries included.
    static func longestPause(_ scale: Double) -> Int64 {
        Int64(Double(refusedPause) * max(1, scale) * 1_000_000)
    }

    private func scaled(_ seconds: Int64) -> Int64 { max(1, Int64(Double(seconds) * scale)) }

    private mutating func forgetOldest() {
        let kept = neighbourhoods.sorted { $0.value.lastAt > $1.value.lastAt }.prefix(Self.mostPrefixes / 2)
        neighbourhoods = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
