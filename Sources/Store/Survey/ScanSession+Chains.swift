// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
public import Observations

/// A distinct chain of the scan, to be verified once.
public struct StoredChain: Hashable, Sendable {
    /// Its digest, as recorded.
    public let sha256: String
    /// DER, the host's certificate first.
    public let certificates: [[UInt8]]
}

/// A probe whose certificate is to be compared with names.
public struct StoredProbe: Hashable, Sendable {
    /// Where it was shown.
    public let endpoint: Endpoint
    /// To which hello, by its name in the data.
    public let profile: String
    /// server_name that was sent.
    public let serverName: DomainName?
    /// SHA-256 of the host's certificate.
    public let leafSHA256: String
    /// The DNS names of the host's certificate.
    public let leafDNSNames: [String]
    /// Its common names that may stand in for them.
    public let leafCommonNames: [String]
    /// The TLSA base domain of the host for the endpoint's port; nil where there are no records.
    public let tlsaBase: DomainName?
    /// How the TLSA question ended.
    public let tlsaOutcome: DNSOutcome
}

extension ScanSession {
    /// The distinct chains of the scan in the order of their digests.
    public func chains(after: String? = nil, limit: Int) async throws(StoreError) -> [StoredChain] {
        let scanID = scanID
        return try await writer.perform { db in
            let digests = try String.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT DISTINCT chain_sha256 FROM tls_probes
                        WHERE scan_id = ? AND chain_sha256 > ? ORDER BY chain_sha256 LIMIT ?
                        """), arguments: [scanID, after ?? "", limit])
            return try digests.map { StoredChain(sha256: $0, certificates: try Self.certificates(of: $0, scanID, db)) }
        }
    }

    /// Any one endpoint that showed the chain has all of its certificates. Without the hint SQLite walks the whole scan
    /// along the primary key, once for each chain.
    private static func certificates(of digest: String, _ scanID: String, _ db: Database) throws -> [[UInt8]] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT c.der FROM
                    (SELECT * FROM tls_probes INDEXED BY tls_probes_chain
                        WHERE scan_id = ?1 AND chain_sha256 = ?2 LIMIT 1) p
                    JOIN endpoint_certs e USING (scan_id, mx_host, ip, port, hello_profile)
                    JOIN certificates c USING (cert_sha256)
                ORDER BY e.position
                """)
        return try Data.fetchAll(statement, arguments: [scanID, digest]).map { [UInt8]($0) }
    }

    /// Records what chain verification says, for every probe that was shown the chain.
    ///
    /// `codes` are the library's verification codes in the order in which they came; `daysLeft` counts from the scan to
    /// the end of the host's certificate.
    public func setPKIX(
        chain sha256: String, _ outcome: PKIXOutcome, codes: [String], daysLeft: Int?
    ) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 4) { db in
            try db.cachedStatement(
                sql: """
                    UPDATE tls_probes SET pkix = ?, pkix_codes = ?, days_left = ? WHERE scan_id = ? AND chain_sha256 = ?
                    """
            ).execute(arguments: [outcome.rawValue, JSONText.array(codes), daysLeft, scanID, sha256])
        }
    }

    /// The probes that were shown a certificate, host by host.
    public func probes(after: StoredProbe? = nil, limit: Int) async throws(StoreError) -> [StoredProbe] {
        let scanID = scanID
        return try await writer.perform { db in
            let last = after?.endpoint
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT p.mx_host, p.ip, p.port, p.hello_profile, p.sni, c.cert_sha256, c.san_dns, c.host_cns,
                            iif(o.port IS NULL, h.tlsa_base, o.tlsa_base),
                            iif(o.port IS NULL, h.tlsa_outcome, o.tlsa_outcome)
                        FROM tls_probes p JOIN mx_hosts h ON h.scan_id = p.scan_id AND h.mx_host = p.mx_host
                            LEFT JOIN port_tlsa o ON o.scan_id = p.scan_id AND o.mx_host = p.mx_host AND o.port = p.port
                            JOIN endpoint_certs e ON e.scan_id = p.scan_id AND e.mx_host = p.mx_host AND e.ip = p.ip
                                AND e.port = p.port AND e.hello_profile = p.hello_profile AND e.position = 0
                            JOIN certificates c ON c.cert_sha256 = e.cert_sha256
                        WHERE p.scan_id = ? AND (p.mx_host, p.ip, p.port, p.hello_profile) > (?, ?, ?, ?)
                        ORDER BY p.mx_host, p.ip, p.port, p.hello_profile LIMIT ?
                        """),
                arguments: [
                    scanID, last?.host.description ?? "", last?.address.description ?? "", last?.port ?? 0,
                    after?.profile ?? "", limit,
                ])
            // Many hosts show one certificate.
            var names: [String: [String]] = [:]
            return try rows.map { row in
                let sni: String? = row[4]
                let base: String? = row[8]
                let leaf: String = row[5]
                let leafNames = names[leaf] ?? JSONText.strings(row[6])
                names[leaf] = leafNames
                return StoredProbe(
                    endpoint: try StoredName.read(host: row[0], ip: row[1], port: row[2]), profile: row[3],
                    serverName: try sni.map { try StoredName.read($0) }, leafSHA256: leaf,
                    leafDNSNames: leafNames, leafCommonNames: JSONText.strings(row[7]),
                    tlsaBase: try base.map { try StoredName.read($0) }, tlsaOutcome: try word(row, 9))
            }
        }
    }

    /// Records whether the certificate of a probe speaks for its MX name and, where DANE has one, for the TLSA base.
    public func setNameMatch(
        _ probe: StoredProbe, mx: NameMatch, base: NameMatch = .notMeasured
    ) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 1) { db in
            try db.cachedStatement(
                sql: """
                    UPDATE tls_probes SET name_match_mx = ?, name_match_base = ?
                    WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ? AND hello_profile = ?
                    """
            ).execute(arguments: [
                mx.rawValue, base.rawValue, scanID, "\(probe.endpoint.host)", "\(probe.endpoint.address)",
                probe.endpoint.port, probe.profile,
            ])
        }
    }
}
