// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

extension ScanSession {
    /// Records against which roots and for which moment the scan is judged.
    public func setJudgement(rootStore: String, sha256: String, asOf moment: Timestamp) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 1) { db in
            try db.execute(
                sql: "UPDATE scans SET root_store = ?, root_store_sha256 = ?, judged_as_of = ? WHERE scan_id = ?",
                arguments: [rootStore, sha256, "\(moment)", scanID])
        }
    }

    /// Measured domains with everything that their aggregates are drawn from, in the order of their names.
    public func domainsToJudge(after: DomainName? = nil, limit: Int) async throws(StoreError) -> [DomainToJudge] {
        let scanID = scanID
        return try await writer.perform { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT domain, mx_shape, mx_flags, mx_count, mx_primary_count, dns_mx_dnssec FROM domains
                        WHERE scan_id = ? AND domain > ? AND measured_at IS NOT NULL ORDER BY domain LIMIT ?
                        """), arguments: [scanID, after?.description ?? "", limit])
            return try rows.map { row in
                let domain: String = row[0]
                return DomainToJudge(
                    domain: try StoredName.read(domain), shape: try word(row, 1),
                    flags: JSONText.strings(row[2]).compactMap { MXFlag(rawValue: $0) },
                    hostCount: row[3], primaryCount: row[4],
                    hosts: try JudgedHosts(scanID: scanID, db: db).hosts(of: domain),
                    security: try word(row, "dns_mx_dnssec"))
            }
        }
    }

    /// Records the aggregates of a domain, which of its hosts are aliases, and whose certificates name it.
    public func setAggregates(_ aggregates: DomainAggregates, of domain: DomainName) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 2 + aggregates.nameMatches.count) { db in
            try db.cachedStatement(
                sql: """
                    UPDATE domains SET starttls_any = ?, starttls_all = ?, starttls_primary = ?, tls_works_any = ?,
                        tls_works_all = ?, tls_works_primary = ?, pkix_mx_all = ?, mx_flags = coalesce(?, mx_flags),
                        dane_domain = ?, judged = 1
                    WHERE scan_id = ? AND domain = ?
                    """
            ).execute(arguments: [
                aggregates.starttlsAny, aggregates.starttlsAll, aggregates.starttlsPrimary, aggregates.tlsWorksAny,
                aggregates.tlsWorksAll, aggregates.tlsWorksPrimary, aggregates.pkixMXAll,
                aggregates.flags.map { JSONText.array($0.map(\.rawValue)) }, aggregates.dane.rawValue, scanID,
                "\(domain)",
            ])
            try db.cachedStatement(
                sql: """
                    UPDATE domain_mx SET via_cname = (SELECT h.expanded_name <> h.mx_host FROM mx_hosts h
                        WHERE h.scan_id = domain_mx.scan_id AND h.mx_host = domain_mx.mx_host)
                    WHERE scan_id = ? AND domain = ?
                    """
            ).execute(arguments: [scanID, "\(domain)"])
            let name = try db.cachedStatement(
                sql: "UPDATE domain_mx SET name_match_domain = ? WHERE scan_id = ? AND domain = ? AND mx_host = ?")
            for (host, match) in aggregates.nameMatches {
                try name.execute(arguments: [match.rawValue, scanID, "\(domain)", "\(host)"])
            }
        }
    }
}

/// Reads the hosts of a domain with their endpoints.
struct JudgedHosts {
    let scanID: String
    let db: Database

    func hosts(of domain: String) throws -> [DomainToJudge.Host] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT m.mx_host, m.preference, m.is_primary, h.expanded_name, h.address_v4_outcome,
                        h.address_v6_outcome, h.addr_dnssec_v4, h.addr_dnssec_v6, h.has_special_use,
                        h.has_unasked_address, h.dane_state,
                        h.tlsa_outcome = 'bogus' OR h.tlsa_dnssec = 'bogus' AS tlsa_bogus
                    FROM domain_mx m JOIN mx_hosts h ON h.scan_id = m.scan_id AND h.mx_host = m.mx_host
                    WHERE m.scan_id = ? AND m.domain = ? ORDER BY m.preference, m.mx_host
                    """), arguments: [scanID, domain])
        return try rows.map { row in
            let name: String = row[0]
            let expanded: String? = row[3]
            return DomainToJudge.Host(
                name: try StoredName.read(name), preference: row[1], isPrimary: row[2],
                alias: try expanded.flatMap { $0 == name ? nil : try StoredName.read($0) },
                v4: try word(row, 4), v6: try word(row, 5), securityV4: try word(row, 6),
                securityV6: try word(row, 7), hasSpecialUseAddress: row[8],
                hasUnaskedAddress: row[9], endpoints: try endpoints(of: name),
                dane: try word(row, "dane_state"), isTLSABogus: row["tlsa_bogus"], leaves: try leaves(of: name))
        }
    }

    private func leaves(of host: String) throws -> [DomainToJudge.Leaf] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT p.mx_host, p.ip, p.port, p.hello_profile, c.san_dns, c.host_cns, p.dane
                    FROM tls_probes p JOIN endpoint_certs e USING (scan_id, mx_host, ip, port, hello_profile)
                        JOIN certificates c USING (cert_sha256)
                    WHERE p.scan_id = ? AND p.mx_host = ? AND e.position = 0
                    ORDER BY p.ip, p.port, p.hello_profile
                    """), arguments: [scanID, host])
        return try rows.map { row in
            DomainToJudge.Leaf(
                endpoint: try StoredName.read(host: row[0], ip: row[1], port: row[2]), profile: row[3],
                dnsNames: JSONText.strings(row[4]), commonNames: JSONText.strings(row[5]), dane: try word(row, 6))
        }
    }

    func endpoints(of host: String) throws -> [DomainToJudge.EndpointOutcomes] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT e.mx_host, e.ip, e.port, e.tcp, e.greeting, e.ehlo, e.starttls, e.tls, p.version,
                        coalesce(p.pkix, 'not_reached'), coalesce(p.name_match_mx, 'not_reached')
                    FROM endpoints e LEFT JOIN tls_probes p ON p.scan_id = e.scan_id AND p.mx_host = e.mx_host
                        AND p.ip = e.ip AND p.port = e.port AND p.hello_profile = 'full'
                    WHERE e.scan_id = ? AND e.mx_host = ? ORDER BY e.ip, e.port
                    """), arguments: [scanID, host])
        return try rows.map { row in
            let version: String? = row[8]
            return DomainToJudge.EndpointOutcomes(
                endpoint: try StoredName.read(host: row[0], ip: row[1], port: row[2]), tcp: try word(row, 3),
                greeting: try word(row, 4), ehlo: try word(row, 5), starttls: try word(row, 6), tls: try word(row, 7),
                version: version.flatMap { TLSVersion(rawValue: $0) }, pkix: try word(row, 9),
                nameMatchMX: try word(row, 10))
        }
    }
}

/// A word of the vocabulary in a column.
func word<Word: Outcome>(_ row: Row, _ column: Int) throws -> Word { try word(row[column]) }

/// The same by the column's name.
func word<Word: Outcome>(_ row: Row, _ column: String) throws -> Word { try word(row[column]) }

private func word<Word: Outcome>(_ text: String) throws -> Word {
    guard let word = Word(rawValue: text) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\"\(text)\" is no word of \(Word.stage)")
    }
    return word
}
