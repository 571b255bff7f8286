// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// A policy file that an earlier scan has read.
public struct KnownPolicy: Hashable, Sendable {
    /// The way to the file, as it was then; without the file.
    public var fetch: STSPolicyFetch
    /// When that was.
    public var fetchedAt: Timestamp
    /// The file, as far as it was kept.
    public var text: PolicyText?
    /// What it says.
    public var policy: STSPolicyObservation
}

/// The policy files of an earlier survey, so that a file which has not changed need not be fetched again: its record's `id`
/// must change whenever it does (RFC 8461 §3.1), and senders, too, look at the `id` first (§3.3).
///
/// A file is known if the last fetch for the domain, in whatever scan of the survey, read it, saw this `id`, and was less
/// than `lifetime` ago. A fetch that came to no file is made again. What is carried over keeps the moment of its fetch, so
/// that a row of surveys in which each knows the one before still fetches every file once in a lifetime.
public struct PreviousPolicies: Sendable {
    /// Seconds: a week.
    public static let lifetime: Int64 = 7 * 86_400

    private let store: SurveyStore

    /// Takes the earlier survey, which may be the one that is written to.
    public init(_ store: SurveyStore) {
        self.store = store
    }

    /// Those of the policies that need not be fetched.
    public func known(
        among pending: [PendingPolicy], at now: Timestamp
    ) async throws(StoreError) -> [DomainName: KnownPolicy] {
        let path = store.path
        // Not GRDB's async access, which throws in a cancelled task: what is in flight then is still written.
        let result: Result<[DomainName: KnownPolicy], StoreError> = await withCheckedContinuation { continuation in
            store.database.asyncRead { access in
                let known = Result {
                    let db = try access.get()
                    var known: [DomainName: KnownPolicy] = [:]
                    for policy in pending { known[policy.domain] = try Self.lastFetch(for: policy, at: now, db) }
                    return known
                }
                continuation.resume(returning: known.mapError { StoreError($0, path: path) })
            }
        }
        return try result.get()
    }

    private static func lastFetch(
        for pending: PendingPolicy, at now: Timestamp, _ db: Database
    ) throws -> KnownPolicy? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT record_id, fetched_at, fetch, http_status, content_type, policy_sha256, host_cert_sha256,
                        host_alias, policy_text, policy, mode, max_age, mx_patterns, flags, fault_line
                    FROM mta_sts WHERE scan_id IN (SELECT scan_id FROM scans) AND domain = ?
                        AND fetched_at IS NOT NULL
                    ORDER BY fetched_at DESC LIMIT 1
                    """), arguments: ["\(pending.domain)"])
        guard let row, row["record_id"] == pending.id, row["policy_sha256"] != nil,
            let fetchedAt = Timestamp(rfc3339: row["fetched_at"] as String),
            fetchedAt <= now, now < fetchedAt.adding(seconds: lifetime)
        else { return nil }
        let alias: String? = row["host_alias"]
        let text: String? = row["policy_text"]
        let mode: String? = row["mode"]
        return KnownPolicy(
            fetch: STSPolicyFetch(
                outcome: try word(row, "fetch"), httpStatus: row["http_status"], contentType: row["content_type"],
                bodySHA256: row["policy_sha256"], certificateSHA256: row["host_cert_sha256"],
                aliasTarget: try alias.map { try StoredName.read($0) }),
            fetchedAt: fetchedAt, text: text.map { PolicyText($0.utf8) },
            policy: STSPolicyObservation(
                outcome: try word(row, "policy"), mode: mode.flatMap { STSPolicyObservation.Mode(rawValue: $0) },
                maxAge: row["max_age"], patterns: JSONText.strings(row["mx_patterns"]),
                flags: JSONText.strings(row["flags"]).compactMap { STSPolicyObservation.Flag(rawValue: $0) },
                line: row["fault_line"]))
    }
}
