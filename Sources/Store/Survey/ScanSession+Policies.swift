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
    /// Fetches that were made.
    public internal(set) var attempts = 0
    /// From when on it may be fetched.
    var dueAt: Int64 = 0
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
    /// Policies to be fetched for the first time, or once more by now, the longest waiting first: those whose record is
    /// valid.
    public func pendingPolicies(
        after: PendingPolicy? = nil, at now: Timestamp, limit: Int
    ) async throws(StoreError) -> [PendingPolicy] {
        let scanID = scanID
        return try await writer.perform { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT domain, record_id, attempts, due_at FROM mta_sts
                        WHERE scan_id = ? AND due_at <= ? AND (due_at, domain) > (?, ?)
                        ORDER BY due_at, domain LIMIT ?
                        """),
                arguments: [scanID, now.seconds, after?.dueAt ?? 0, after?.domain.description ?? "", limit])
            return try rows.map { row in
                let name: String = row[0]
                let hosts = try String.fetchAll(
                    db.cachedStatement(
                        sql: "SELECT mx_host FROM domain_mx WHERE scan_id = ? AND domain = ? ORDER BY mx_host"),
                    arguments: [scanID, name])
                return PendingPolicy(
                    domain: try StoredName.read(name), id: row[1] ?? "",
                    hosts: try hosts.map { try StoredName.read($0) }, attempts: row[2], dueAt: row[3])
            }
        }
    }

    /// When the next policy behind that moment is due; nil where none is.
    public func nextDuePolicy(after moment: Timestamp) async throws(StoreError) -> Timestamp? {
        let scanID = scanID
        return try await writer.perform { db in
            try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT min(due_at) FROM mta_sts WHERE scan_id = ? AND due_at > ?"),
                arguments: [scanID, moment.seconds]
            ).map { Timestamp(seconds: $0) }
        }
    }

    /// Records what fetching a policy came to, and what it means for the domain and each of its hosts. With `retryAt` it
    /// is fetched once more: what is conclusive is final, so the last fetch is the best. One that we could not make
    /// ourselves says nothing, and changes nothing that an earlier one has found.
    public func record(policy result: PolicyResult, retryAt: Timestamp? = nil) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 2 + result.hosts.count) { db in
            let domain = "\(result.domain)"
            let fetch = result.fetch
            let policy = result.policy
            try db.cachedStatement(
                sql: "UPDATE mta_sts SET attempts = attempts + 1, due_at = ? WHERE scan_id = ? AND domain = ?"
            ).execute(arguments: [retryAt?.seconds, scanID, domain])
            guard fetch.outcome != .notMeasured else { return }
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
