// SPDX-License-Identifier: Apache-2.0
import DNS
import Observations
import SMTP
import Store
import Synchronization
import TLS
import Testing

@testable import Scan

/// What a survey asks of DNS: about a domain with mail what it publishes, about others nothing but what says that they have
/// none.
@Suite @NetworkLoop final class SurveyQuestionsTests {
    /// Questions by domain: names without it, and types.
    private let asked = Mutex<Set<String>>([])

    @Test(arguments: [
        ("null.example", ["null.example MX"]), ("gone.example", ["gone.example MX"]),
        ("none.example", ["none.example A", "none.example AAAA", "none.example MX"]),
        ("literal.example", ["literal.example MX"]),
    ])
    func aboutADomainWithoutMail(domain: String, questions: [String]) async throws {
        let cost = try await survey(domain)
        #expect(asked.withLock { $0.sorted() } == questions)
        #expect(cost == questions.count)
    }

    /// Of these a domain shares the one above it with all others there, and that about a name server with its customers.
    @Test func aboutADomainWithMail() async throws {
        let cost = try await survey("mail.example")
        let questions = [
            "_dmarc.example TXT", "_dmarc.mail.example TXT", "_domainkey.mail.example TXT", "_mta-sts.mail.example TXT",
            "_smtp._tls.mail.example TXT", "mail.example MX", "mail.example NS", "mail.example TXT",
            "ns.mail.example AAAA",
        ]
        // The rest is about the mail host.
        let others: Set = [
            "mx.mail.example A", "mx.mail.example AAAA", "mx.mail.example 257", "mail.example 257", "example 257",
        ]
        #expect(asked.withLock { $0.subtracting(others).sorted() } == questions)
        #expect(cost == questions.count && cost <= 9)
    }

    /// Surveys one domain; answers the queries of the stage that asks about it.
    private func survey(_ domain: String) async throws -> Int {
        let name = try DomainName(domain)
        let responder = try await DNSResponder.start(udp: { [self] query in [response(to: query)] })
        let session = try SurveyStore.inMemory().beginOrResumeScan(
            ScanDescription(startedAt: .now, toolVersion: "test", configSHA256: "test", dnssecMode: .off))
        var lookups = LookupConfiguration(servers: [responder.server], anchors: [])
        lookups.mode = .off
        let configuration = SurveyConfiguration(
            lookups: lookups, caFile: TrustStore.defaultFile,
            probe: ProbeSettings(ehloName: try EHLOName("scanner.example")))
        let stop = StopSignal()
        let roots = try TrustStore()
        let survey = Survey(configuration, session: session, context: try TLSContext(), roots: roots, stop: stop) { _ in
        }
        let judge = Judge(session: session, roots: roots, at: .now, stop: stop)
        #expect(try await survey.run(.domains([name]), judge: judge, reportEvery: 60_000) == .complete)
        try await responder.stop()
        return survey.costs.first { $0.stage == .domains }?.dnsQueries ?? 0
    }

    private nonisolated func response(to query: [UInt8]) -> [UInt8] {
        guard let question = DNSScript.question(of: query) else { return DNSScript.response(to: query, .nodata) }
        asked.withLock { _ = $0.insert(question) }
        let answer: DNSScript.Answer =
            switch question {
            case "null.example MX": .record([0, 0, 0])
            case "literal.example MX": .record([0, 10] + [3] + Array("192".utf8) + [1, 48, 1, 50, 1, 49, 0])
            case "mail.example MX": .record(DNSScript.exchange)
            case "mail.example NS": .record([2] + Array("ns".utf8) + [0xC0, 12])
            case "gone.example MX": .nxdomain
            default: question.hasPrefix("_") ? .nxdomain : .nodata
            }
        return DNSScript.response(to: query, answer)
    }
}
