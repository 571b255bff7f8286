// SPDX-License-Identifier: Apache-2.0
import DNS
import Observations
import SMTP
import Store
import TLS

@testable import Scan

/// A survey whose resolver and mail servers are this process' own, on loopback.
@NetworkLoop
struct SurveyInTheLab {
    let session: ScanSession
    let survey: Survey
    let stop = StopSignal()
    private let judge: Judge
    private let responder: DNSResponder

    /// `answer` is given each question, and the session for where the scan stands.
    init(
        _ answer: @escaping @Sendable (String, ScanSession) -> DNSScript.Answer,
        configure: (inout SurveyConfiguration) throws -> Void = { _ in }
    ) async throws {
        let session = try SurveyStore.inMemory().beginOrResumeScan(
            ScanDescription(startedAt: .now, toolVersion: "test", configSHA256: "test", dnssecMode: .off))
        responder = try await DNSResponder.start(udp: { query in
            let question = DNSScript.question(of: query)
            return [DNSScript.response(to: query, question.map { answer($0, session) } ?? .nodata)]
        })
        var lookups = LookupConfiguration(servers: [responder.server], anchors: [])
        lookups.mode = .off
        // Here a question is asked again sooner than a failure would be forgotten.
        lookups.failureLifetime = 0
        var configuration = SurveyConfiguration(
            lookups: lookups, caFile: TrustStore.defaultFile,
            probe: ProbeSettings(ehloName: try EHLOName("scanner.example")))
        configuration.isLab = true
        configuration.families = [.v4]
        configuration.pace = .lab
        try configure(&configuration)
        let roots = try TrustStore()
        self.session = session
        survey = Survey(configuration, session: session, context: try TLSContext(), roots: roots, stop: stop) { _ in }
        judge = Judge(session: session, roots: roots, at: .now, stop: stop)
    }

    func run(_ input: SurveyInput) async throws -> SurveyEnding {
        let ending = try await survey.run(input, judge: judge, reportEvery: 60_000)
        try await responder.stop()
        return ending
    }
}
