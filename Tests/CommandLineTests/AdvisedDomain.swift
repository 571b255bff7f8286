// SPDX-License-Identifier: Apache-2.0
import Observations
import Policies
import Store
import Testing

@testable import mxcensus

/// What `check` advises about a domain that publishes this, by way of the readers and the database, without any network.
struct AdvisedDomain {
    /// TXT records by name, relative to the domain: `_dmarc`, `@`.
    var texts: [String: [String]] = [:]
    /// TXT records elsewhere, by their whole names.
    var elsewhere: [String: [String]] = [:]
    /// Names of which no answer comes.
    var failing: Set<String> = []
    /// The policy file.
    var file: String?
    /// How the way to the file ended, and with which status.
    var fetch = (outcome: STSFetchOutcome.ok, status: 200)
    var name = "mail.example.com"
    var hosts = ["mx.example.com"]

    /// All that is advised.
    func advice() async throws -> [String] { Advice.lines(for: try await report()) }

    /// The one piece of advice.
    func line() async throws -> String {
        let lines = try await advice()
        #expect(lines.count == 1, "\(lines)")
        return lines.first ?? ""
    }

    func report() async throws -> DomainReport {
        let domain = try DomainName(name)
        let hosts = try hosts.map { try DomainName($0) }
        let source = Answers(domain, self)
        let policies = await DomainPolicies.observe(domain, dmarc: DMARCEvaluation(from: source), from: source)
        let store = try SurveyStore.inMemory()
        let moment = Timestamp(seconds: 1_790_000_000)
        let session = try store.beginOrResumeScan(
            ScanDescription(startedAt: moment, toolVersion: "0", configSHA256: "c0ffee", dnssecMode: .off))
        try await session.addInput([InputRow(domain: domain)])
        let status = LookupStatus(outcome: .noerrorData, security: .insecure)
        let route = MailRoute(
            status: status, shape: .explicit, exchanges: hosts.map { MailExchange(preference: 10, host: $0) })
        try await session.record(
            domain: DomainResult(domain: domain, route: route, measuredAt: moment, policies: policies))
        if policies.sts.outcome == .valid { try await record(domain, hosts, moment, in: session) }
        try await session.flush()
        return try #require(try DomainReport(domain, in: store, scanID: session.scanID))
    }

    private func record(
        _ domain: DomainName, _ hosts: [DomainName], _ moment: Timestamp, in session: ScanSession
    ) async throws {
        let body = file.map { Array($0.utf8) }
        let policy = body.map(STSPolicy.read)
        let matches = STSSummary.matches(hosts, policy: policy)
        try await session.record(
            policy: PolicyResult(
                domain: domain, fetch: STSPolicyFetch(outcome: fetch.outcome, httpStatus: fetch.status),
                fetchedAt: moment, text: body.map { PolicyText($0) }, policy: policy, hosts: matches.hosts,
                match: matches.domain, summary: .unknown))
    }
}

/// TXT records from a table; everything else that is asked for exists.
private final class Answers: PolicySource {
    private var texts: [DomainName: [String]] = [:]
    private var failing: Set<DomainName> = []

    init(_ domain: DomainName, _ published: AdvisedDomain) {
        for (name, records) in published.texts {
            let owner = name == "@" ? "\(domain)" : "\(name).\(domain)"
            if let owner = try? DomainName(owner) { texts[owner] = records }
        }
        for (name, records) in published.elsewhere {
            if let owner = try? DomainName(name) { texts[owner] = records }
        }
        failing = Set(published.failing.compactMap { try? DomainName($0) })
    }

    func answer(to question: PolicyQuestion) async -> PolicyAnswer {
        let found = LookupStatus(outcome: .noerrorData, security: .insecure)
        guard case .texts(let name) = question else { return PolicyAnswer(status: found, count: 1) }
        if failing.contains(name) {
            return PolicyAnswer(status: LookupStatus(outcome: .servfail, security: .indeterminate), count: 0)
        }
        guard let records = texts[name] else {
            return PolicyAnswer(status: LookupStatus(outcome: .nxdomain, security: .insecure), count: 0)
        }
        return PolicyAnswer(status: found, texts: records.map { Array($0.utf8) }, count: records.count)
    }
}
