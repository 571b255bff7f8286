// SPDX-License-Identifier: Apache-2.0
import DNS
import Observations
import SMTP
import Store
import Synchronization
import TLS
import Testing

@testable import Scan

/// A resolver that dies in the middle of a scan: no domain is called unknown for it, and the next run has the rest.
@Suite @NetworkLoop struct SurveyResolverLossTests {
    private static let domains = (1...9).compactMap { try? DomainName("d\($0).example") }

    @Test func whatADyingResolverLeavesIsAskedByTheNextRun() async throws {
        let session = try SurveyStore.inMemory().beginOrResumeScan(
            ScanDescription(
                startedAt: .now, toolVersion: "test", configSHA256: "test", dnssecMode: .off))
        // The root first, for a sign of life, then four domains, then silence.
        let answers = Mutex(5)
        let dying = try await DNSResponder.start(udp: { query in
            let isLeft = answers.withLock { left in
                left -= 1
                return left >= 0
            }
            return isLeft ? [Self.nullMX(query)] : []
        })
        do {
            _ = try await run(session, dying)
            Issue.record("the scan went on without a resolver")
        } catch SurveyError.noResolver(let servers) {
            #expect(servers == [dying.server])
        }
        #expect(session.progress.domains.done == 4)
        #expect(session.progress.domains.inconclusive == 0)
        try await dying.stop()

        let living = try await DNSResponder.start(udp: { [Self.nullMX($0)] })
        #expect(try await run(session, living) == .complete)
        #expect(session.progress.domains.done == Self.domains.count)
        #expect(session.progress.domains.inconclusive == 0)
        try await living.stop()
    }

    private func run(_ session: ScanSession, _ responder: DNSResponder) async throws -> SurveyEnding {
        var lookups = LookupConfiguration(servers: [responder.server], anchors: [])
        lookups.mode = .off
        lookups.patience = 0
        var configuration = SurveyConfiguration(
            lookups: lookups, caFile: TrustStore.defaultFile,
            probe: ProbeSettings(ehloName: try EHLOName("scanner.example")))
        configuration.pace[.resolver].concurrent = 1
        let stop = StopSignal()
        let roots = try TrustStore()
        let survey = Survey(configuration, session: session, context: try TLSContext(), roots: roots, stop: stop) { _ in
        }
        let judge = Judge(session: session, roots: roots, at: .now, stop: stop)
        return try await survey.run(.domains(Self.domains), judge: judge, reportEvery: 60_000)
    }

    /// The query with a null MX behind its question (RFC 7505), and EDNS left out.
    private nonisolated static func nullMX(_ query: [UInt8]) -> [UInt8] {
        var response = Array(query.dropLast(11))
        response[2] |= 0x80
        response[7] = 1
        response[11] = 0
        return response + [0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 3, 0, 0, 0]
    }
}
