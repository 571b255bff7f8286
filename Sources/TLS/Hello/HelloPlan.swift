// SPDX-License-Identifier: Apache-2.0
public import Observations

/// Which hellos an endpoint is sent, one at a time. Each costs it a connection, so by default there are at most four,
/// `full` among them, and what one has answered is not asked again. What is not in the plan is `not_measured`.
public enum HelloPlan {
    /// Connections that the plan needs at most behind `full`.
    public static let connections = 3

    /// What is still to be asked once `full` is known; empty where it did not reach TLS (nil), or where what it met
    /// there will be no different for another hello, or may pass.
    public static func profiles(after full: TLSProbeObservation?) -> [HelloProfile] {
        guard let full else { return [] }
        switch (full.outcome, full.version) {
        case (.notTLS, _), (.notReached, _), (.notMeasured, _), (.localError, _): return []
        case (.timeout, nil), (.eof, nil), (.reset, nil), (.badRecord, nil): return []
        case (_, .tls13): return [.pq, .tls12, .legacy]
        case (_, .some): return [.tls11, .tls10]
        // Refused before a version was chosen: perhaps the server can only do what our library cannot, such as RC4, or
        // a group against quantum computers and nothing else.
        case (_, nil): return [.pq, .tls12, .legacy]
        }
    }

    /// Whether the plan goes on behind this probe: not with a server that did not let us as far as TLS (nil).
    public static func goesOn(after probe: TLSProbeObservation?) -> Bool {
        guard let probe else { return false }
        return ![.notReached, .localError].contains(probe.outcome)
    }

    /// What `--deep` asks beyond the default plan, once all of that is answered; to be called again with the new answers
    /// until nothing is left: a version that turns up has suites of its own, and an order only what was accepted.
    public static func deepProfiles(after probes: [TLSProbeObservation]) -> [HelloProfile] {
        guard probes.contains(where: { $0.version != nil }) else { return [] }
        let asked = Set(probes.map(\.profile))
        let accepted = Set(probes.filter { $0.outcome == .ok }.compactMap(\.version))
        let older: [HelloProfile] = leavesTLS10Open(probes) ? [.tls10] : []
        // X25519MLKEM768 is the question of `pq`; a hybrid group has no place in older versions.
        let groups = NamedGroup.measured
            .filter { $0 != .x25519MLKEM768 && (!$0.isHybrid || accepted.contains(.tls13)) }
            .map { HelloProfile.deepGroup($0.rawValue) }
        let first = ([.deepSSL3] + older + groups).filter { !asked.contains($0) }
        guard first.isEmpty else { return first }
        let order: [HelloProfile] = acceptedGroups(probes).count > 1 ? [.deepGroups] : []
        let certificates: [HelloProfile] = accepted.contains(.tls12) ? [.deepRSA, .deepECDSA] : []
        let suites = TLSVersion.allCases.reversed().filter(accepted.contains).map(HelloProfile.deepSuites)
        return (order + certificates + suites).filter { !asked.contains($0) }
    }

    /// Behind a 1.1 in `legacy`, 1.0 is still open; a 1.0 there has said that 1.1 is not spoken.
    public static func leavesTLS10Open(_ probes: [TLSProbeObservation]) -> Bool {
        probes.contains { $0.profile == .legacy && $0.outcome == .ok && $0.version == .tls11 }
            && !probes.contains { $0.profile == .tls10 }
    }

    /// The groups that were accepted one by one, in the order in which `deep_groups` offers them: those against quantum
    /// computers last, so that a server that takes one of them prefers it.
    public static func acceptedGroups(_ probes: [TLSProbeObservation]) -> [NamedGroup] {
        let accepted = probes.filter { $0.outcome == .ok }.compactMap { probe -> NamedGroup? in
            switch probe.profile {
            case .pq: .x25519MLKEM768
            case .deepGroup(let number): NamedGroup(rawValue: number)
            default: nil
            }
        }
        return NamedGroup.measured.filter { accepted.contains($0) && !$0.isHybrid }
            + NamedGroup.measured.filter { accepted.contains($0) && $0.isHybrid }
    }
}
