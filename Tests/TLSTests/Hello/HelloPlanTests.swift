// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import TLS

@Suite struct HelloPlanTests {
    private func probe(
        _ profile: HelloProfile, _ outcome: TLSOutcome, _ version: TLSVersion? = nil
    ) -> TLSProbeObservation {
        var probe = TLSProbeObservation(profile: profile, serverName: nil, outcome: outcome)
        probe.version = version
        return probe
    }

    @Test func `The plan follows the highest version`() {
        #expect(HelloPlan.profiles(after: probe(.full, .ok, .tls13)) == [.pq, .tls12, .legacy])
        for version in [TLSVersion.tls12, .tls11, .tls10] {
            #expect(HelloPlan.profiles(after: probe(.full, .ok, version)) == [.tls11, .tls10])
        }
        #expect(HelloPlan.profiles(after: probe(.full, .clientCertRequired, .tls13)) == [.pq, .tls12, .legacy])
    }

    @Test func `Where TLS was not reached, or may be next time, nothing more is asked`() {
        #expect(HelloPlan.profiles(after: nil) == [])
        for outcome in [TLSOutcome.timeout, .eof, .reset, .notTLS, .localError, .notReached, .badRecord] {
            #expect(HelloPlan.profiles(after: probe(.full, outcome)) == [])
        }
    }

    @Test(arguments: [TLSOutcome.alertHandshakeFailure, .alertProtocolVersion, .clientPolicy])
    func `What our library cannot speak is asked without it`(outcome: TLSOutcome) {
        #expect(HelloPlan.profiles(after: probe(.full, outcome)) == [.pq, .tls12, .legacy])
    }

    @Test(arguments: TLSOutcome.allCases)
    func `No endpoint gets more than four connections`(outcome: TLSOutcome) {
        for version in TLSVersion.allCases + [nil] {
            let plan = HelloPlan.profiles(after: probe(.full, outcome, version))
            #expect(plan.count <= 3 && Set(plan).count == plan.count && !plan.contains(.full))
        }
    }

    @Test func `A server that lets us no further is left alone`() {
        #expect(!HelloPlan.goesOn(after: nil))
        #expect(!HelloPlan.goesOn(after: probe(.pq, .notReached)))
        #expect(HelloPlan.goesOn(after: probe(.pq, .timeout)))
        #expect(HelloPlan.goesOn(after: probe(.pq, .alertHandshakeFailure)))
    }

    /// Answers with what `answers` has, else with a refusal, until nothing is left to ask.
    private func deepPlan(
        after known: [TLSProbeObservation], answers: [HelloProfile: TLSVersion]
    ) -> [HelloProfile] {
        var probes = known
        var plan: [HelloProfile] = []
        while case let more = HelloPlan.deepProfiles(after: probes), !more.isEmpty {
            plan += more
            probes += more.map { probe($0, answers[$0] == nil ? .alertHandshakeFailure : .ok, answers[$0]) }
        }
        return plan
    }

    @Test func `Deep asks what is left, once`() {
        #expect(HelloPlan.deepProfiles(after: [probe(.full, .timeout)]) == [])
        let known = [
            probe(.full, .ok, .tls13), probe(.pq, .ok, .tls13), probe(.tls12, .ok, .tls12),
            probe(.legacy, .ok, .tls11),
        ]
        let plan = deepPlan(after: known, answers: [.tls10: .tls10, .deepGroup(0x001D): .tls13])
        #expect(plan.starts(with: [.deepSSL3, .tls10]))
        #expect(!plan.contains(.deepGroup(0x11EC)) && plan.contains(.deepGroup(0x11EB)))
        #expect(
            plan.suffix(7) == [
                .deepGroups, .deepRSA, .deepECDSA, .deepSuites(.tls13), .deepSuites(.tls12), .deepSuites(.tls11),
                .deepSuites(.tls10),
            ])
        #expect(Set(plan).count == plan.count && plan.count == 21)
    }

    @Test func `What cannot be is not asked`() {
        let plan = deepPlan(after: [probe(.full, .ok, .tls12), probe(.tls11, .ok, .tls11)], answers: [:])
        // A hybrid group has no place in TLS 1.2, no suite in a version that is not spoken, and no order without groups.
        #expect(!plan.contains(.deepGroup(0x11EB)) && !plan.contains(.deepGroups))
        #expect(plan.suffix(2) == [.deepSuites(.tls12), .deepSuites(.tls11)])
    }

    @Test func `1.0 is open only behind a 1.1 that legacy has found`() {
        #expect(HelloPlan.leavesTLS10Open([probe(.legacy, .ok, .tls11)]))
        #expect(!HelloPlan.leavesTLS10Open([probe(.legacy, .ok, .tls10)]))
        #expect(!HelloPlan.leavesTLS10Open([probe(.legacy, .alertProtocolVersion)]))
        #expect(!HelloPlan.leavesTLS10Open([probe(.legacy, .ok, .tls11), probe(.tls10, .ok, .tls10)]))
        #expect(
            !HelloPlan.deepProfiles(after: [probe(.full, .ok, .tls13), probe(.legacy, .ok, .tls10)]).contains(.tls10))
    }

    @Test func `Groups are offered for their order with the hybrids last`() {
        let probes = [
            probe(.pq, .ok, .tls13), probe(.deepGroup(0x001D), .ok, .tls13),
            probe(.deepGroup(0x0017), .alertHandshakeFailure),
        ]
        #expect(HelloPlan.acceptedGroups(probes).map(\.rawValue) == [0x001D, 0x11EC])
    }
}
