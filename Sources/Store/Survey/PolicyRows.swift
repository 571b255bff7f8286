// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations

/// The rows of one domain in `mta_sts` and `txt_policies`.
struct PolicyRows {
    let scanID: String
    let domain: DomainName

    /// Rows that a domain with policies takes.
    static let count = 6

    /// What an earlier visit of this scan found is forgotten.
    func forget(_ db: Database) throws {
        for table in ["mta_sts", "txt_policies"] {
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE scan_id = ? AND domain = ?")
                .execute(arguments: [scanID, "\(domain)"])
        }
    }

    /// Writes what was found.
    func insert(_ policies: DomainPolicies, _ db: Database) throws {
        try insert(policies.sts, db)
        try insert("mta_sts", policies.sts.outcome, policies.sts.raw, policies.sts.status, db)
        let kinds = Set(policies.tlsrpt.reportURIs.map(\.kind))
        try insert(
            "tlsrpt", policies.tlsrpt.outcome, policies.tlsrpt.raw, policies.tlsrpt.status,
            effective: kinds.isEmpty
                ? nil : ReportURI.Kind.allCases.filter(kinds.contains).map(\.rawValue).joined(separator: "+"), db)
        let spf = policies.spf
        try insert(
            "spf", spf.outcome, spf.raw, spf.status, effective: spf.all?.rawValue, lookups: spf.lookups,
            problem: (spf.problemAt, spf.problemTerm), db)
        let dmarc = policies.dmarc
        try insert(
            "dmarc", dmarc.outcome, dmarc.raw, dmarc.status, foundAt: dmarc.place?.rawValue,
            effective: dmarc.effective?.rawValue, ruleSet: dmarc.ruleSet.rawValue,
            problem: (dmarc.foundAt, dmarc.reports.first { $0.authorisation == .unauthorised }?.uri.text), db)
        try insert("dkim_hint", policies.dkim.outcome, nil, policies.dkim.status, db)
    }

    /// With a usable record the file is still to be fetched; without one there is nothing to fetch.
    private func insert(_ record: STSRecordObservation, _ db: Database) throws {
        let next = record.outcome == .valid ? STSFetchOutcome.notMeasured.rawValue : STSFetchOutcome.notReached.rawValue
        try db.cachedStatement(
            sql: """
                INSERT INTO mta_sts (scan_id, domain, record, record_id, policy_provider, fetch, policy, match_domain)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            scanID, "\(domain)", record.outcome.rawValue, record.id, record.aliasTarget?.description, next, next,
            record.outcome == .valid ? next : STSDomainMatch.notApplicable.rawValue,
        ])
    }

    private func insert(
        _ kind: String, _ outcome: some Outcome, _ raw: PolicyText?, _ status: LookupStatus, foundAt: String? = nil,
        effective: String? = nil, lookups: Int? = nil, ruleSet: String? = nil,
        problem: (at: DomainName?, term: String?) = (nil, nil), _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO txt_policies (scan_id, domain, kind, outcome, raw, dnssec, found_at, effective, lookups,
                    ruleset, problem_at, problem_term)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            scanID, "\(domain)", kind, outcome.rawValue, raw?.text, status.security.rawValue, foundAt, effective,
            lookups, ruleSet, problem.at?.description, problem.term,
        ])
    }
}
