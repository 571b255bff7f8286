// SPDX-License-Identifier: Apache-2.0
public import Observations

/// When who could not be judged is asked again: an endpoint, a name in DNS, a policy host.
///
/// A server that sees an address for the first time often defers it (RFC 5321 §4.5.4.1 wants a client to come again
/// after at least 30 minutes, and greylisting is built on that), so one visit alone would count the careful as broken.
/// Each time counts from the attempt before it and is moved by up to a fifth to either side, by the seed and the
/// endpoint, so that what failed together does not come back together.
public struct RetrySchedule: Sendable, Hashable {
    /// Seconds from each attempt to the next.
    public static let delays: [Double] = [5 * 60, 35 * 60, 4 * 3_600]
    private static let jitter = 0.2

    /// 1 for the times above; 0 for one attempt only.
    public let scale: Double
    private let seed: UInt64

    /// The seed is the scan's, so that the times are the same whenever it is resumed.
    public init(scale: Double, seed: Int64) {
        self.scale = scale
        self.seed = UInt64(bitPattern: seed)
    }

    /// Seconds after the visit until the endpoint is asked again; nil where it is not.
    /// - Parameters:
    ///   - seen: what the latest visit showed.
    ///   - attempts: visits so far, this one included.
    public func delay(after seen: EndpointObservation, attempts: Int) -> Int64? {
        guard seen.isWorthAnotherVisit else { return nil }
        let endpoint = seen.endpoint
        let port = [UInt8(truncatingIfNeeded: endpoint.port >> 8), UInt8(truncatingIfNeeded: endpoint.port)]
        return delay(of: endpoint.host.wire + endpoint.address.octets + port, attempts: attempts)
    }

    /// The same for what was not answered about a name.
    public func delay(of name: DomainName, attempts: Int) -> Int64? { delay(of: name.wire, attempts: attempts) }

    /// The same for a policy file that did not come, by what the latest fetch came to. That we could not fetch it ourselves
    /// passes, too.
    public func delay(of domain: DomainName, after fetch: STSPolicyFetch, attempts: Int) -> Int64? {
        let isPassing = fetch.outcome.outcomeClass(status: fetch.httpStatus) == .transient
        guard isPassing || fetch.outcome == .notMeasured else { return nil }
        return delay(of: domain, attempts: attempts)
    }

    private func delay(of key: [UInt8], attempts: Int) -> Int64? {
        guard scale > 0, Self.delays.indices.contains(attempts - 1) else { return nil }
        let drift = (2 * Self.fraction(key, attempts, seed) - 1) * Self.jitter
        return max(1, Int64((Self.delays[attempts - 1] * scale * (1 + drift)).rounded(.up)))
    }

    /// Seconds at most from the so-manieth attempt to the last one that can follow it; from the first for 1.
    public func longest(after attempts: Int) -> Int64 {
        let left = Self.delays.dropFirst(max(0, attempts - 1)).reduce(0, +)
        return Int64((left * scale * (1 + Self.jitter)).rounded(.up))
    }

    /// From 0 up to 1, by the key: FNV-1a, then the mixing steps of SplitMix64.
    private static func fraction(_ key: [UInt8], _ attempt: Int, _ seed: UInt64) -> Double {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for octet in key + [UInt8(truncatingIfNeeded: attempt)] {
            value = (value ^ UInt64(octet)) &* 0x100_0000_01B3
        }
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((value ^ (value >> 31)) >> 11) / Double(UInt64(1) << 53)
    }
}

extension EndpointObservation {
    /// Class T, and a lack of our own that passes. Who refuses us for our reputation has answered, and is left in peace.
    var isWorthAnotherVisit: Bool {
        finalClass == .transient || tcp == .localResource
    }
}
