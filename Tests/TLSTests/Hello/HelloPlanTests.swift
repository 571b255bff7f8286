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
        #expect(HelloPlan.profiles(after: probe(.full, outcome)) == [.tls12, .tls11, .tls10])
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

    @Test func `Deep asks what is left, once`() {
        #expect(HelloPlan.deepProfiles(after: [probe(.full, .timeout)]) == [])
        var probes = [
            probe(.full, .ok, .tls13), probe(.pq, .ok, .tls13), probe(.tls12, .ok, .tls12),
            probe(.legacy, .ok, .tls11),
        ]
        let plan = HelloPlan.deepProfiles(after: probes)
        #expect(plan.starts(with: [.tls10, .deepSSL3]))
        #expect(!plan.contains(.deepGroup(0x11EC)) && plan.contains(.deepGroup(0x11EB)))
        #expect(
            plan.suffix(5) == [.deepRSA, .deepECDSA, .deepSuites(.tls13), .deepSuites(.tls12), .deepSuites(.tls11)])
        probes += plan.map { probe($0, .ok, $0 == .tls10 ? .tls10 : .tls13) }
        #expect(HelloPlan.deepProfiles(after: probes) == [.deepSuites(.tls10)])
        #expect(
            !HelloPlan.deepProfiles(after: [probe(.full, .ok, .tls13), probe(.legacy, .ok, .tls10)]).contains(.tls10))
    }
}
