// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// The policies of a domain whose mail hosts are known, asked for once more since some of them were not answered for.
public struct FurtherPolicies: Hashable, Sendable {
    /// The domain.
    public var domain: DomainName
    /// What it publishes, as far as it was answered now.
    public var policies: DomainPolicies
    /// The remarks on its MX records that these policies give rise to.
    public var remarks: [MXFlag]
    /// MTA-STS of the domain in one word, as far as it is known without the policy file.
    public var stsDomain: STSDomainOutcome

    /// Takes all of it.
    public init(
        domain: DomainName, policies: DomainPolicies, remarks: [MXFlag] = [],
        stsDomain: STSDomainOutcome = .notMeasured
    ) {
        self.domain = domain
        self.policies = policies
        self.remarks = remarks
        self.stsDomain = stsDomain
    }
}

extension ScanSession {
    /// Fills what was left open before, and nothing else: a policy that was seen once is not unseen, and its file is not
    /// fetched twice.
    /// - Parameters:
    ///   - notBefore: when a policy file that is wanted now is due.
    ///   - retryAt: where something is open still, says by the number of attempts when it is asked for again, if it is.
    public func record(
        further result: FurtherPolicies, notBefore: Timestamp? = nil,
        retryAt: @escaping @Sendable (Int) -> Timestamp? = { _ in nil }
    ) async throws(StoreError) {
        try await writer.submit(rows: 1 + PolicyRows.count) { [self] db in
            let key: StatementArguments = [scanID, "\(result.domain)"]
            let servers = result.policies.nameServers
            try db.execute(
                sql: """
                    UPDATE domains SET attempts = attempts + 1, due_at = NULL, ns_count = coalesce(ns_count, ?),
                        ns_ipv6_count = coalesce(ns_ipv6_count, ?) WHERE scan_id = ? AND domain = ?
                    """, arguments: [servers.all, servers.withIPv6] + key)
            guard db.changesCount > 0 else { return }
            let rows = PolicyRows(scanID: scanID, domain: result.domain)
            let open = try rows.forgetOpen(db)
            try rows.insert(result.policies, open, notBefore: notBefore, db)
            if open.contains(.sts) { try takeRecord(of: result, db) }
            if open.contains(.spf), !result.remarks.isEmpty { try add(result.remarks, to: result.domain, db) }
            if try rows.areOpen(db) {
                try LookupRetries.domains.schedule("\(result.domain)", scanID, retryAt, db)
            }
        }
    }

    /// What the record says of the domain and its hosts until the policy is there.
    private func takeRecord(of result: FurtherPolicies, _ db: Database) throws {
        let match: STSMatch = result.policies.sts.outcome == .valid ? .notMeasured : .notReached
        try db.execute(
            sql: "UPDATE domain_mx SET sts_match = ? WHERE scan_id = ? AND domain = ?",
            arguments: [match.rawValue, scanID, "\(result.domain)"])
        try db.execute(
            sql: "UPDATE domains SET sts_domain = ? WHERE scan_id = ? AND domain = ?",
            arguments: [result.stsDomain.rawValue, scanID, "\(result.domain)"])
    }

    private func add(_ remarks: [MXFlag], to domain: DomainName, _ db: Database) throws {
        let key: StatementArguments = [scanID, "\(domain)"]
        let known = try String.fetchOne(
            db, sql: "SELECT mx_flags FROM domains WHERE scan_id = ? AND domain = ?", arguments: key)
        try db.execute(
            sql: "UPDATE domains SET mx_flags = ? WHERE scan_id = ? AND domain = ?",
            arguments: [JSONText.array(JSONText.strings(known) + remarks.map(\.rawValue))] + key)
    }
}
