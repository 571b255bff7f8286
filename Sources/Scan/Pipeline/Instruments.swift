// SPDX-License-Identifier: Apache-2.0
public import DNS
import Foundation
public import Observations

/// What looks things up: the resolver with its validator, its cache and its sockets. One for a process.
@NetworkLoop
public final class Instruments {
    let resolver: Resolver
    private let configuration: LookupConfiguration

    /// Opens nothing until the first question.
    public init(_ configuration: LookupConfiguration) {
        self.configuration = configuration
        var options = ResolverOptions(servers: configuration.servers, mode: configuration.mode)
        options.queriesPerSecond = configuration.queriesPerSecond
        options.patience = configuration.patience
        options.firstFailureLifetime = configuration.failureLifetime
        let now = Self.clock(fixedAt: configuration.validationTime)
        resolver = Resolver(
            options: options, transport: DNSWire(eventLoop: NetworkLoop.shared.eventLoop),
            clock: { NetworkLoop.monotonicMilliseconds },
            validator: {
                Validator(
                    anchors: configuration.anchors, source: $0, sha1: configuration.sha1, now: now,
                    monotonic: { NetworkLoop.monotonicMilliseconds })
            })
    }

    /// One validated look-up.
    public func resolve(_ question: Question) async -> ValidatedAnswer {
        await resolver.resolve(question)
    }

    /// The time of validation: the wall clock, or the moment that was asked for.
    nonisolated static func clock(fixedAt moment: Timestamp?) -> @Sendable () -> Timestamp {
        { moment ?? Timestamp.now }
    }
}

extension Timestamp {
    /// The wall clock.
    public static var now: Timestamp { Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }
}
