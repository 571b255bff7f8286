// SPDX-License-Identifier: Apache-2.0
public import Store

/// What a scan will send, and how long it will take at a pace: a dry calculation, for who wants to know before anything
/// is sent. It is as good as the shape it is drawn from: that of a scan of the like, or that of the web's largest million.
public struct ScanEstimate: Sendable, Hashable {
    /// Distinct mail hosts.
    public let hosts: Int
    /// Endpoints that are visited.
    public let endpoints: Int
    /// Questions to the resolver.
    public let questions: Int
    /// Connections to mail hosts.
    public let connections: Int
    /// Seconds at the least, without retries.
    public let seconds: Int
    /// Which budget makes it last so long.
    public let bottleneck: PaceScope

    /// Ratios of a scan of a million popular domains, where no other scan is given: 0.37 hosts a domain.
    public static let popular = SurveyShape(
        domains: 1_000_000, hosts: 367_000, endpoints: 480_000, addresses: 300_000)

    /// Questions for a domain (MX), and for a host (A, AAAA, TLSA); each zone's keys are asked once for many, and count as
    /// one more for each domain.
    private static let questionsPerDomain = 2.0
    private static let questionsPerHost = 3.5
    /// The visit and the raw hellos behind it.
    private static let connectionsPerEndpoint = 4.0
    /// A visit takes so many seconds, most of them waiting.
    private static let secondsPerVisit = 1.5

    /// Scales a shape to so many domains.
    public init(domains: Int, like shape: SurveyShape, at pace: Pace) {
        let scale = Double(domains) / Double(max(1, shape.domains))
        func scaled(_ count: Int) -> Int { Int((Double(count) * scale).rounded(.up)) }
        hosts = scaled(shape.hosts)
        endpoints = scaled(shape.endpoints)
        questions = Int(
            (Double(domains) * Self.questionsPerDomain + Double(hosts) * Self.questionsPerHost).rounded(.up))
        let most = pace[.address].perScan.map { $0 * scaled(shape.addresses) } ?? .max
        connections = min(most, Int((Double(endpoints) * Self.connectionsPerEndpoint).rounded(.up)))

        // The address with most endpoints is asked one after the other, whatever the others do.
        let busiest = shape.largestAddresses.first.map { Double($0.count) * max(1, scale) } ?? 1
        let visits = min(busiest * Self.connectionsPerEndpoint, pace[.address].perScan.map(Double.init) ?? .infinity)
        let global = max(
            Double(connections) / Double(pace[.global].perSecond ?? .max),
            Double(connections) * Self.secondsPerVisit / Double(pace[.global].concurrent ?? .max))
        let limits: [(scope: PaceScope, seconds: Double)] = [
            (.global, global), (.resolver, Double(questions) / Double(pace[.resolver].perSecond ?? 10_000)),
            (.address, visits * max(Self.secondsPerVisit, pace[.address].spacing ?? 0)),
            (.endpoint, Self.connectionsPerEndpoint * max(Self.secondsPerVisit, pace[.endpoint].spacing ?? 0)),
        ]
        let longest = limits.max { $0.seconds < $1.seconds }
        seconds = Int((longest?.seconds ?? 0).rounded(.up))
        bottleneck = longest?.scope ?? .global
    }
}
