// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// What the MX question of one domain came to, and what else the domain publishes.
public struct DomainResult: Hashable, Sendable {
    /// The domain.
    public var domain: DomainName
    /// The answer and the hosts that follow from it.
    public var route: MailRoute
    /// When it was asked.
    public var measuredAt: Timestamp
    /// Hosts of the route that are not to be asked: they are counted with the others and leave no row.
    public var optedOut: Set<DomainName>
    /// What it publishes beside its MX records; nil where nobody asked.
    public var policies: DomainPolicies?
    /// MTA-STS of the domain in one word, as far as it is known without the policy file.
    public var stsDomain: STSDomainOutcome

    /// Takes all of it.
    public init(
        domain: DomainName, route: MailRoute, measuredAt: Timestamp, optedOut: Set<DomainName> = [],
        policies: DomainPolicies? = nil, stsDomain: STSDomainOutcome = .notMeasured
    ) {
        self.domain = domain
        self.route = route
        self.measuredAt = measuredAt
        self.optedOut = optedOut
        self.policies = policies
        self.stsDomain = stsDomain
    }

    /// With a usable record the hosts are matched when the policy is there; without one there is nothing to match.
    fileprivate var stsMatch: STSMatch {
        policies.map { $0.sts.outcome == .valid } ?? true ? .notMeasured : .notReached
    }
}

extension MailRoute {
    /// Whether a question on the way was not answered that may be another time: who fails validation has answered.
    fileprivate var isOpen: Bool { shape == .unknown && status.security != .bogus }
}

extension ScanSession {
    /// Domains not measured yet, in the order of their names.
    public func pendingDomains(after: DomainName? = nil, limit: Int) async throws(StoreError) -> [DomainName] {
        try await names(
            """
            SELECT domain FROM domains WHERE scan_id = ? AND domain > ? AND measured_at IS NULL ORDER BY domain LIMIT ?
            """, after, limit)
    }

    /// MX hosts not looked up yet, in the order of their names.
    public func pendingHosts(after: DomainName? = nil, limit: Int) async throws(StoreError) -> [DomainName] {
        try await names(
            """
            SELECT mx_host FROM mx_hosts WHERE scan_id = ? AND mx_host > ? AND measured_at IS NULL
            ORDER BY mx_host LIMIT ?
            """, after, limit)
    }

    /// Records a domain, its hosts, and the hosts as pending where they are new: all or nothing.
    /// - Parameters:
    ///   - notBefore: makes new hosts due at that moment, and the policy file; without it they are pending in their order.
    ///   - retryAt: where a question was not answered, says by the number of attempts when it is asked again, if it is.
    public func record(
        domain result: DomainResult, notBefore: Timestamp? = nil,
        retryAt: @escaping @Sendable (Int) -> Timestamp? = { _ in nil }
    ) async throws(StoreError) {
        let rows = 1 + 2 * result.route.exchanges.count + (result.policies == nil ? 0 : PolicyRows.count)
        try await writer.submit(rows: rows) { [self] db in
            let isFirst = try update(result, isFirst: true, db)
            let wasInconclusive = try !isFirst && isInconclusive(result.domain, db)
            let isFurther = try !isFirst && update(result, isFirst: false, db)
            let policyRows = PolicyRows(scanID: scanID, domain: result.domain)
            if isFurther {
                try forgetRoute(of: result.domain, db)
                try policyRows.forget(db)
            }
            let newHosts = try insertRoute(result, notBefore: notBefore, db)
            if isFirst || isFurther, let policies = result.policies {
                try policyRows.insert(policies, notBefore: notBefore, db)
            }
            if try result.route.isOpen || result.policies != nil && policyRows.areOpen(db) {
                try LookupRetries.domains.schedule("\(result.domain)", scanID, retryAt, db)
            }
            let inconclusive = [.transient, .local].contains(result.route.status.outcome.outcomeClass)
            count {
                $0.hosts.total += newHosts
                if isFirst { $0.domains.done += 1 }
                $0.domains.inconclusive += (inconclusive ? 1 : 0) - (wasInconclusive ? 1 : 0)
            }
        }
    }

    /// Whether nobody has answered the MX question of a domain that was measured before.
    private func isInconclusive(_ domain: DomainName, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT measured_at IS NOT NULL AND dns_mx_outcome IN (\(ScanProgress.inconclusive("dns")))
                    FROM domains WHERE scan_id = ? AND domain = ?
                    """), arguments: [scanID, "\(domain)"]) ?? false
    }

    /// Whether there was such a row: one never visited, or one visited before. The number of changed rows says so at no
    /// cost; to have the row itself returned costs SQLite half as much again as the update.
    private func update(_ result: DomainResult, isFirst: Bool, _ db: Database) throws -> Bool {
        let route = result.route
        let primary = route.exchanges.map(\.preference).min()
        let isKnown = route.shape.outcomeClass == .conclusive
        try db.cachedStatement(sql: isFirst ? Self.firstVisit : Self.furtherVisit).execute(arguments: [
            route.status.rcode, route.status.outcome.rawValue, route.status.security.rawValue, route.status.reason,
            route.status.extendedError?.code, route.status.extendedError?.text, sha1Only(route.status),
            route.shape.rawValue, JSONText.array(route.flags.map(\.rawValue)),
            isKnown ? route.exchanges.count : nil,
            isKnown ? route.exchanges.count { $0.preference == primary } : nil,
            result.stsDomain.rawValue, result.policies?.nameServers.all, result.policies?.nameServers.withIPv6,
            result.measuredAt.description, scanID, result.domain.description,
        ])
        return db.changesCount > 0
    }

    private static let firstVisit = visit + " IS NULL"
    private static let furtherVisit = visit + " IS NOT NULL"
    private static let visit = """
        UPDATE domains SET mx_rcode = ?, dns_mx_outcome = ?, dns_mx_dnssec = ?, dnssec_reason = ?, ede_code = ?,
            ede_text = ?, sha1_only = ?, mx_shape = ?, mx_flags = ?, mx_count = ?, mx_primary_count = ?,
            sts_domain = ?, ns_count = ?, ns_ipv6_count = ?, attempts = attempts + 1, due_at = NULL, measured_at = ?
        WHERE scan_id = ? AND domain = ? AND measured_at
        """

    /// Only who has validated knows what the signatures were made with.
    private func sha1Only(_ status: LookupStatus) -> Bool? {
        [.secure, .insecure].contains(status.security) ? status.sha1Only : nil
    }

    /// What an earlier visit of this scan said is replaced, the hosts' numbers of domains with it.
    private func forgetRoute(of domain: DomainName, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE mx_hosts SET domains_count = domains_count - 1 WHERE scan_id = ?1 AND mx_host IN
                    (SELECT mx_host FROM domain_mx WHERE scan_id = ?1 AND domain = ?2)
                """
        ).execute(arguments: [scanID, "\(domain)"])
        try db.cachedStatement(sql: "DELETE FROM domain_mx WHERE scan_id = ? AND domain = ?")
            .execute(arguments: [scanID, "\(domain)"])
    }

    /// The number of hosts that no domain named before.
    private func insertRoute(_ result: DomainResult, notBefore: Timestamp?, _ db: Database) throws -> Int {
        guard !result.route.exchanges.isEmpty else { return 0 }
        let add = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO mx_hosts (scan_id, mx_host, domains_count, due_at) VALUES (?, ?, 1, ?)")
        let countUp = try db.cachedStatement(
            sql: "UPDATE mx_hosts SET domains_count = domains_count + 1 WHERE scan_id = ? AND mx_host = ?")
        let link = try db.cachedStatement(
            sql: """
                INSERT INTO domain_mx (scan_id, domain, mx_host, preference, is_implicit, is_primary, sts_match)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        let primary = result.route.exchanges.map(\.preference).min()
        let domain = result.domain.description
        var newHosts = 0
        for exchange in result.route.exchanges where !result.optedOut.contains(exchange.host) {
            let name = exchange.host.description
            try add.execute(arguments: [scanID, name, notBefore?.seconds])
            if db.changesCount > 0 { newHosts += 1 } else { try countUp.execute(arguments: [scanID, name]) }
            try link.execute(arguments: [
                scanID, domain, name, exchange.preference, result.route.isImplicit,
                exchange.preference == primary, result.stsMatch.rawValue,
            ])
        }
        return newHosts
    }
}

/// Names come back from the database as they were written.
enum StoredName {
    static func read(_ text: String) throws -> DomainName {
        do {
            return try DomainName(text)
        } catch {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\"\(text)\" is no domain name")
        }
    }

    static func read(host: String, ip: String, port: Int) throws -> Endpoint {
        guard let address = IPAddress(ip) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\"\(ip)\" is no address")
        }
        return Endpoint(host: try read(host), address: address, port: port)
    }
}
