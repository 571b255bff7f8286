// SPDX-License-Identifier: Apache-2.0

/// Who decides whether an answer is secure.
public enum DNSSECMode: String, CaseIterable, Hashable, Sendable {
    /// We do, from the trust anchor down: every question with DO and CD (RFC 4035 §3.2.2).
    case validate
    /// The resolver does, and says so with the AD bit (RFC 6840 §5.8): for one that runs on the same machine.
    case trustAD = "trust_ad"
    /// Nobody: every answer is `not_validated`.
    case off
}

/// How the resolvers are asked. Times are in milliseconds.
public struct ResolverOptions: Hashable, Sendable {
    /// The recursive resolvers, at least one for anything to be answered.
    public var servers: [DNSServer]
    /// Who validates.
    public var mode: DNSSECMode = .validate
    /// How long each attempt at a question waits; as many attempts as there are values.
    public var attemptTimeouts: [Int64] = [3_000, 5_000, 8_000]
    /// How long a resolver that seems dead has to show a sign of life.
    public var probeTimeout: Int64 = 2_000
    /// How long a dead resolver is left alone at first; doubled each time it is still dead.
    public var firstRest: Int64 = 1_000
    /// The longest rest of a dead resolver.
    public var longestRest: Int64 = 60_000
    /// How long a question waits for resolvers that have died, before it ends as `resolver_down`: a restart must not
    /// spoil what is asked meanwhile. A resolver that never answered anything is not waited for.
    public var patience: Int64 = 30_000
    /// Questions that one resolver has at the same time.
    public var inFlightLimit = 200
    /// Questions a second to one resolver; 0 for no limit.
    public var queriesPerSecond = 1_000
    /// Bytes, by estimate, that the caches of messages and of answers may hold each.
    public var cacheBytes = 32 << 20
    /// How long a failure is remembered at first; doubled while it lasts (RFC 9520 §3.2).
    public var firstFailureLifetime: Int64 = 5_000
    /// The longest life of a failure.
    public var longestFailureLifetime: Int64 = 30_000
    /// The longest life of anything else.
    public var longestLifetime: Int64 = 86_400_000
    /// The datagram that we say we can take (RFC 6891 §6.2.5): small enough never to be fragmented.
    public var udpPayloadSize: UInt16 = 1_232

    /// The defaults, for these resolvers.
    public init(servers: [DNSServer], mode: DNSSECMode = .validate) {
        self.servers = servers
        self.mode = mode
    }
}
