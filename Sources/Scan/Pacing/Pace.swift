// SPDX-License-Identifier: Apache-2.0

/// What one scope allows. Nothing that is nil is limited.
public struct PaceLimit: Sendable, Hashable {
    /// Connections open at once.
    public var concurrent: Int?
    /// Seconds between the beginnings of two connections.
    public var spacing: Double?
    /// Connections begun in any one second.
    public var perSecond: Int?
    /// Connections begun in one scan.
    public var perScan: Int?

    /// No limit but those named.
    public init(concurrent: Int? = nil, spacing: Double? = nil, perSecond: Int? = nil, perScan: Int? = nil) {
        self.concurrent = concurrent
        self.spacing = spacing
        self.perSecond = perSecond
        self.perScan = perScan
    }
}

/// How hard the survey may press on anybody: one limit for each scope.
public struct Pace: Sendable, Hashable {
    /// The limits; a scope that is missing has none.
    public var limits: [PaceScope: PaceLimit]
    /// How long after a passing failure the next attempt comes: 1 for the times of `RetrySchedule`, 0 for no retries.
    public var retryScale: Double

    /// Takes both.
    public init(limits: [PaceScope: PaceLimit], retryScale: Double = 1) {
        self.limits = limits
        self.retryScale = retryScale
    }

    /// For the internet. An address is somebody's machine: one visitor at a time, a second apart. A prefix and a
    /// provider are somebody's operations team. Nobody gets more connections in a scan than a person would forgive.
    public static let `default` = Pace(limits: [
        .endpoint: PaceLimit(concurrent: 1, spacing: 10, perScan: 12),
        .address: PaceLimit(concurrent: 1, spacing: 1, perScan: 40),
        .host: PaceLimit(concurrent: 1),
        .policyAddress: PaceLimit(concurrent: 2),
        .policyHost: PaceLimit(concurrent: 1, perScan: 12),
        .prefix: PaceLimit(concurrent: 4, spacing: 1),
        .provider: PaceLimit(concurrent: 8),
        .network: PaceLimit(concurrent: 32, perSecond: 10),
        .resolver: PaceLimit(concurrent: 200, perSecond: 1_000),
        .global: PaceLimit(concurrent: 500, perSecond: 200),
    ])

    /// For servers of one's own: one connection at a time to an address, since a server under test is asked in order, and
    /// as many in all as the machine has room for. What passes is not waited for.
    public static let lab = Pace(
        limits: [
            .address: PaceLimit(concurrent: 1), .resolver: PaceLimit(concurrent: 200),
            .global: PaceLimit(concurrent: 500),
        ], retryScale: 0)

    /// What a scope allows.
    public subscript(scope: PaceScope) -> PaceLimit {
        get { limits[scope] ?? PaceLimit() }
        set { limits[scope] = newValue }
    }
}
