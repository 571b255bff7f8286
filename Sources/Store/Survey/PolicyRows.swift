// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations

/// The rows of one domain in `mta_sts` and `txt_policies`.
struct PolicyRows {
    let scanID: String
    let domain: DomainName

    /// The kinds of policies that DNS tells, in the words of the table.
    enum Kind: String, CaseIterable {
        case sts = "mta_sts"
        case tlsrpt, spf, dmarc
        case dkim = "dkim_hint"
    }

    /// Rows that a domain with policies takes.
    static let count = 6

    /// What an earlier visit of this scan found is forgotten.
    func forget(_ db: Database) throws {
        for table in ["mta_sts", "txt_policies"] {
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE scan_id = ? AND domain = ?")
                .execute(arguments: [scanID, "\(domain)"])
        }
    }

    /// Forgets what was not answered for, and says of which kinds that was.
    func forgetOpen(_ db: Database) throws -> Set<Kind> {
        let key: StatementArguments = [scanID, "\(domain)"]
        let open = try Set(
            String.fetchAll(
                db,
                sql: "SELECT kind FROM txt_policies WHERE scan_id = ? AND domain = ? AND outcome = 'dns_tempfail'",
                arguments: key
            ).compactMap { Kind(rawValue: $0) })
        for kind in open {
            try db.execute(
                sql: "DELETE FROM txt_policies WHERE scan_id = ? AND domain = ? AND kind = ?",
                arguments: key + [kind.rawValue])
        }
        if open.contains(.sts) {
            try db.execute(sql: "DELETE FROM mta_sts WHERE scan_id = ? AND domain = ?", arguments: key)
        }
        return open
    }

    /// Whether a question was not answered that may be another time: who fails validation has answered.
    func areOpen(_ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM txt_policies
                        WHERE scan_id = ? AND domain = ? AND outcome = 'dns_tempfail' AND dnssec <> 'bogus')
                    """), arguments: [scanID, "\(domain)"]) ?? false
    }

    /// Writes what was found of these kinds. A policy file that is wanted is due at `notBefore`, or at once.
    func insert(
        _ policies: DomainPolicies, _ kinds: Set<Kind> = Set(Kind.allCases), notBefore: Timestamp?, _ db: Database
    ) throws {
        for kind in Kind.allCases where kinds.contains(kind) {
            switch kind {
            case .sts:
                try insert(policies.sts, notBefore: notBefore, db)
                try insert(kind, policies.sts.outcome, policies.sts.raw, policies.sts.status, db)
            case .tlsrpt:
                let ways = Set(policies.tlsrpt.reportURIs.map(\.kind))
                try insert(
                    kind, policies.tlsrpt.outcome, policies.tlsrpt.raw, policies.tlsrpt.status,
                    effective: ways.isEmpty
                        ? nil : ReportURI.Kind.allCases.filter(ways.contains).map(\.rawValue).joined(separator: "+"), db
                )
            case .spf:
                let spf = policies.spf
                try insert(
                    kind, spf.outcome, spf.raw, spf.status, effective: spf.all?.rawValue, lookups: spf.lookups,
                    problem: (spf.problemAt, spf.problemTerm), db)
            case .dmarc:
                let dmarc = policies.dmarc
                try insert(
                    kind, dmarc.outcome, dmarc.raw, dmarc.status, foundAt: dmarc.place?.rawValue,
                    effective: dmarc.effective?.rawValue, ruleSet: dmarc.ruleSet.rawValue,
                    problem: (dmarc.recordAt, unwanted(dmarc)), db)
            case .dkim: try insert(kind, policies.dkim.outcome, nil, policies.dkim.status, db)
            }
        }
    }

    /// The report addresses that do not want the reports, where that is what is wrong.
    private func unwanted(_ dmarc: DMARCObservation) -> String? {
        guard dmarc.outcome == .externalRUAUnauthorised else { return nil }
        return dmarc.reports.filter { $0.authorisation == .unauthorised }.map(\.uri.text).joined(separator: ",")
    }

    /// With a usable record the file is still to be fetched; without one there is nothing to fetch.
    private func insert(_ record: STSRecordObservation, notBefore: Timestamp?, _ db: Database) throws {
        let isUsable = record.outcome == .valid
        let next = isUsable ? STSFetchOutcome.notMeasured.rawValue : STSFetchOutcome.notReached.rawValue
        try db.cachedStatement(
            sql: """
                INSERT INTO mta_sts (scan_id, domain, record, record_id, policy_provider, fetch, policy, match_domain,
                    due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            scanID, "\(domain)", record.outcome.rawValue, record.id, record.aliasTarget?.description, next, next,
            isUsable ? next : STSDomainMatch.notApplicable.rawValue, isUsable ? notBefore?.seconds ?? 0 : nil,
        ])
    }

    private func insert(
        _ kind: Kind, _ outcome: some Outcome, _ raw: PolicyText?, _ status: LookupStatus, foundAt: String? = nil,
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
            scanID, "\(domain)", kind.rawValue, outcome.rawValue, raw?.text, status.security.rawValue, foundAt,
            effective,
            lookups, ruleSet, problem.at?.description, problem.term,
        ])
    }
}
