// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// A policy that is still to be fetched.
public struct PendingPolicy: Hashable, Sendable {
    /// The domain whose record says that there is one.
    public let domain: DomainName
    /// The `id` of the record.
    public let id: String
    /// The mail hosts of the domain that may be asked, by name.
    public let hosts: [DomainName]
}

/// What fetching a policy and reading it came to.
public struct PolicyResult: Hashable, Sendable {
    /// The domain.
    public var domain: DomainName
    /// The way to the file.
    public var fetch: STSPolicyFetch
    /// When it was fetched: in this scan or, where it was carried over, in an earlier one.
    public var fetchedAt: Timestamp
    /// The file, as far as it is kept; nil where none was read.
    public var text: PolicyText?
    /// What it says; nil where none was read.
    public var policy: STSPolicyObservation?
    /// Each mail host against the policy.
    public var hosts: [DomainName: STSMatch]
    /// All of them together.
    public var match: STSDomainMatch
    /// MTA-STS of the domain in one word.
    public var summary: STSDomainOutcome

    /// Takes all of it.
    public init(
        domain: DomainName, fetch: STSPolicyFetch, fetchedAt: Timestamp, text: PolicyText?,
        policy: STSPolicyObservation?, hosts: [DomainName: STSMatch], match: STSDomainMatch,
        summary: STSDomainOutcome
    ) {
        self.domain = domain
        self.fetch = fetch
        self.fetchedAt = fetchedAt
        self.text = text
        self.policy = policy
        self.hosts = hosts
        self.match = match
        self.summary = summary
    }
}

extension ScanSession {
    /// Policies not fetched yet, in the order of their domains: those whose record is valid.
    public func pendingPolicies(after: DomainName? = nil, limit: Int) async throws(StoreError) -> [PendingPolicy] {
        let scanID = scanID
        return try await writer.perform { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT domain, record_id FROM mta_sts WHERE scan_id = ? AND domain > ? AND record = 'valid'
                            AND fetch = 'not_measured' ORDER BY domain LIMIT ?
                        """), arguments: [scanID, after?.description ?? "", limit])
            return try rows.map { row in
                let name: String = row[0]
                let hosts = try String.fetchAll(
                    db.cachedStatement(
                        sql: "SELECT mx_host FROM domain_mx WHERE scan_id = ? AND domain = ? ORDER BY mx_host"),
                    arguments: [scanID, name])
                return PendingPolicy(
                    domain: try StoredName.read(name), id: row[1] ?? "",
                    hosts: try hosts.map { try StoredName.read($0) })
            }
        }
    }

    /// Records what fetching a policy came to, and what it means for the domain and each of its hosts.
    public func record(policy result: PolicyResult) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 2 + result.hosts.count) { db in
            let domain = "\(result.domain)"
            let fetch = result.fetch
            let policy = result.policy
            try db.cachedStatement(
                sql: """
                    UPDATE mta_sts SET fetch = ?, http_status = ?, policy = ?, mode = ?, max_age = ?, mx_patterns = ?,
                        policy_sha256 = ?, host_cert_sha256 = ?, match_domain = ?, flags = ?, fetched_at = ?,
                        content_type = ?, policy_text = ?, fault_line = ?, host_alias = ?,
                        policy_provider = coalesce(policy_provider, ?)
                    WHERE scan_id = ? AND domain = ?
                    """
            ).execute(arguments: [
                fetch.outcome.rawValue, fetch.httpStatus, (policy?.outcome ?? .notReached).rawValue,
                policy?.mode?.rawValue, policy?.maxAge, policy.map { JSONText.array($0.patterns) },
                fetch.bodySHA256, fetch.certificateSHA256, result.match.rawValue,
                policy.map { JSONText.array($0.flags.map(\.rawValue)) }, "\(result.fetchedAt)", fetch.contentType,
                result.text?.text, policy?.line, fetch.aliasTarget?.description, fetch.aliasTarget?.description,
                scanID, domain,
            ])
            try db.cachedStatement(sql: "UPDATE domains SET sts_domain = ? WHERE scan_id = ? AND domain = ?")
                .execute(arguments: [result.summary.rawValue, scanID, domain])
            for (host, match) in result.hosts {
                try db.cachedStatement(
                    sql: "UPDATE domain_mx SET sts_match = ? WHERE scan_id = ? AND domain = ? AND mx_host = ?"
                ).execute(arguments: [match.rawValue, scanID, domain, "\(host)"])
            }
        }
    }
}
