// SPDX-License-Identifier: Apache-2.0
import DNS
public import Observations

/// A mail server of our own that the survey looks at to see whether it is still looked at the world through an open window.
///
/// Where a network closes port 25 on the way out, loses its uplink or takes STARTTLS out of the dialogue, everybody else's
/// server seems broken. A canary is known to be well; if it does not seem so, the fault is ours.
public struct Canary: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address.
    public enum Place: Sendable, Hashable {
        case name(DomainName)
        case address(IPAddress)
    }

    /// Where it is.
    public let place: Place
    /// Its port; on the ports of implicit TLS no STARTTLS is asked for.
    public let port: Int

    /// Takes both.
    public init(place: Place, port: Int) {
        self.place = place
        self.port = port
    }

    /// As it is named on the command line.
    public var description: String {
        switch place {
        case .name(let name): "\(name):\(port)"
        case .address(let address): address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        }
    }
}

/// A canary that is not well, twice in a row.
public struct CanaryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which one.
    public let canary: Canary
    /// What is wrong with it.
    public let reason: String

    /// What happened, for a person.
    public var description: String { "the canary \(canary) is not well: \(reason)" }
}

/// Looks at the canaries, before the survey and while it runs.
@NetworkLoop
final class CanaryWatch {
    /// Seconds between two looks.
    nonisolated static let interval: Int64 = 60

    /// When all of them were last well: when that look began, by the wall clock and by the monotonic one (milliseconds).
    private(set) var wellAt: (wall: Timestamp, monotonic: Int64)?
    /// Why the survey cannot go on.
    private(set) var failure: CanaryFailure?

    private let canaries: [Canary]
    private let endpoints: (Canary) async -> [Endpoint]
    private let visit: (Endpoint) async -> EndpointObservation
    private var known: [Canary: [Endpoint]] = [:]

    /// `endpoints` answers where a canary is, which is asked once; `visit` what one of these shows.
    init(
        _ canaries: [Canary], endpoints: @escaping (Canary) async -> [Endpoint],
        visit: @escaping (Endpoint) async -> EndpointObservation
    ) {
        self.canaries = canaries
        self.endpoints = endpoints
        self.visit = visit
    }

    /// Whether all of them are well. One that is not gets a second look at once, since a single packet may be lost anywhere.
    func areWell() async -> Bool {
        guard failure == nil else { return false }
        let beginning = (Timestamp.now, NetworkLoop.monotonicMilliseconds)
        for canary in canaries {
            guard await problem(of: canary) != nil, let reason = await problem(of: canary) else { continue }
            failure = CanaryFailure(canary: canary, reason: reason)
            return false
        }
        wellAt = beginning
        return true
    }

    /// The moment from which on nothing is to be believed after a failure: that of the last good look, whichever way the
    /// wall clock was set meanwhile.
    func doubtfulSince(_ before: Timestamp?) -> Timestamp? {
        guard let wellAt else { return before }
        let elapsed = (NetworkLoop.monotonicMilliseconds - wellAt.monotonic + 999) / 1_000
        return min(wellAt.wall, Timestamp.now.adding(seconds: -elapsed))
    }

    private func problem(of canary: Canary) async -> String? {
        if known[canary] == nil { known[canary] = await endpoints(canary) }
        guard let places = known[canary], !places.isEmpty else {
            known[canary] = nil
            return "its name has no address here"
        }
        for endpoint in places {
            let seen = await visit(endpoint)
            guard seen.tls != .ok else { continue }
            return "at \(endpoint.address) " + seen.lastWord
        }
        return nil
    }
}

extension EndpointObservation {
    /// How far the visit came, and how it ended there.
    fileprivate var lastWord: String {
        let stages: [(String, any Outcome)] = [
            ("TLS", tls), ("STARTTLS", starttls), ("EHLO", ehlo), ("greeting", greeting), ("connection", tcp),
        ]
        let last = stages.first { $0.1.outcomeClass != .none }
        return last.map { "\($0.0) \($0.1.rawValue)" } ?? "nothing was seen"
    }
}
