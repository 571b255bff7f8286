// SPDX-License-Identifier: Apache-2.0
import Observations
import Store
import TLS

/// All raw hellos to one address and port, one after the other, as `HelloPlan` says. What it asks for is a connection;
/// whose turn it is, and whether there may be another, decides the caller.
@NetworkLoop
struct HelloRound {
    /// What a hello offers instead of its profile's own.
    struct Offer {
        var suites: [CipherSuite]?
        var groups: [NamedGroup]?
    }

    /// One connection with one hello; nil where the scan was told to stop.
    typealias Connect = (HelloProfile, Offer) async throws -> EndpointObservation?

    private let endpoint: Endpoint
    private let connect: Connect
    private var budget: Int
    private var probes: [TLSProbeObservation]
    private var known: Set<HelloProfile>
    private var visits: [EndpointObservation] = []
    private var suites: [TLSVersion: [String]] = [:]
    private var goesOn = true
    private var isStopped = false

    /// - Parameters:
    ///   - budget: how many connections the address may still have.
    init(_ pending: PendingHellos, budget: Int, connect: @escaping Connect) {
        endpoint = pending.endpoint
        self.connect = connect
        self.budget = budget
        // What was left open is asked again, what was answered is not.
        probes = pending.probes.filter { $0.outcome.outcomeClass == .conclusive || $0.profile == .full }
        known = Set(probes.map(\.profile))
    }

    /// Asks what the plan has, with `isDeep` everything there is to ask.
    mutating func run(isDeep: Bool) async throws -> HelloResult {
        for profile in HelloPlan.profiles(after: probes.first { $0.profile == .full }) { try await ask(profile) }
        if isDeep {
            while case let more = HelloPlan.deepProfiles(after: probes), !more.isEmpty, !isStopped {
                for profile in more { try await ask(profile) }
            }
        } else if HelloPlan.leavesTLS10Open(probes) {
            leaveOpen(.tls10)
        }
        return HelloResult(
            endpoint: endpoint, visits: visits, probes: probes.filter { !known.contains($0.profile) }, suites: suites,
            isFinished: !isStopped)
    }

    private mutating func ask(_ profile: HelloProfile) async throws {
        guard !probes.contains(where: { $0.profile == profile }) else { return }
        switch profile {
        case .deepSuites(let version): try await askSuites(version)
        case .deepGroups: try await askGroupOrder()
        default:
            if let probe = try await send(profile) { probes.append(probe) } else { leaveOpen(profile) }
        }
    }

    /// A question that was not asked; where the scan stops, the next run asks it.
    private mutating func leaveOpen(_ profile: HelloProfile) {
        guard !isStopped else { return }
        probes.append(TLSProbeObservation(profile: profile, serverName: nil, outcome: .notMeasured))
    }

    /// The answer to one hello on one connection; nil where there was none to be had.
    private mutating func send(_ profile: HelloProfile, _ offer: Offer = Offer()) async throws -> TLSProbeObservation? {
        guard goesOn, !isStopped, budget > 0 else { return nil }
        guard var visit = try await connect(profile, offer) else {
            isStopped = true
            return nil
        }
        budget -= visit.connectionsUsed
        if visit.probes.isEmpty {
            visit.probes = [TLSProbeObservation(profile: profile, serverName: nil, outcome: .notReached)]
        }
        visits.append(visit)
        goesOn = HelloPlan.goesOn(after: visit.probes.first)
        return visit.probes.first
    }

    /// The enumeration is whole only where every answer is one: `ok` says so.
    private mutating func askSuites(_ version: TLSVersion) async throws {
        var enumeration = SuiteEnumeration(version: version)
        var found: TLSProbeObservation?
        while let offer = enumeration.offer {
            guard var probe = try await send(.deepSuites(version), Offer(suites: offer)) else {
                found?.outcome = .notMeasured
                break
            }
            if found?.outcome != .ok, probe.outcome == .ok || found == nil { found = probe }
            guard probe.outcome.outcomeClass == .conclusive else {
                // The first answer's columns stay, with the word for why there is no more.
                if let first = found { probe = first.ending(as: probe) }
                found = probe
                break
            }
            enumeration.record(probe.outcome == .ok ? offer.first { $0.name == probe.cipher } : nil)
        }
        guard var found else { return leaveOpen(.deepSuites(version)) }
        guard !isStopped else { return }
        if enumeration.offer == nil, !enumeration.accepted.isEmpty {
            found.serverPreference = enumeration.serverPreference
        }
        suites[version] = enumeration.accepted.map(\.name)
        probes.append(found)
    }

    /// Offered in one order and in the other: who chooses the same both times has an order of its own.
    private mutating func askGroupOrder() async throws {
        let groups = HelloPlan.acceptedGroups(probes)
        guard var first = try await send(.deepGroups, Offer(groups: groups)) else { return leaveOpen(.deepGroups) }
        if first.outcome == .ok {
            guard let second = try await send(.deepGroups, Offer(groups: groups.reversed())) else {
                if !isStopped { probes.append(first) }
                return
            }
            if second.outcome == .ok, let chosen = first.group { first.serverPreference = chosen == second.group }
        }
        probes.append(first)
    }
}

extension TLSProbeObservation {
    /// What was seen so far, and how it ended.
    fileprivate func ending(as last: TLSProbeObservation) -> TLSProbeObservation {
        var whole = self
        whole.outcome = last.outcome
        whole.alert = last.alert
        whole.errno = last.errno
        whole.detail = last.detail
        return whole
    }
}
