// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// A handshake that was measured, as far as it can stand for another name's.
public struct ShownHandshake: Hashable, Sendable {
    /// Who was asked for.
    public let host: DomainName
    /// The digest of the chain that was shown.
    public let chainSHA256: String
    /// The DNS names of the host's certificate.
    public let dnsNames: [String]
    /// Its common names that may stand in for them.
    public let commonNames: [String]

    /// Takes all of it.
    public init(host: DomainName, chainSHA256: String, dnsNames: [String], commonNames: [String]) {
        self.host = host
        self.chainSHA256 = chainSHA256
        self.dnsNames = dnsNames
        self.commonNames = commonNames
    }
}

/// What a measurement says of the inference that could have stood in its place.
public enum InferenceCheck: String, Sendable {
    /// The same chain.
    case agrees
    /// Another chain, or no handshake.
    case disagrees
    /// The measurement came to nothing.
    case unknown
}

extension ScanSession {
    /// The first completed handshakes that were measured at the address and port of an endpoint, in the order of probing.
    public func handshakes(at endpoint: Endpoint, limit: Int) async throws(StoreError) -> [ShownHandshake] {
        let scanID = scanID
        return try await writer.perform { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT e.mx_host, p.chain_sha256, c.san_dns, c.host_cns
                        FROM endpoints e INDEXED BY endpoints_address
                            CROSS JOIN tls_probes p ON p.scan_id = e.scan_id AND p.mx_host = e.mx_host AND p.ip = e.ip
                                AND p.port = e.port AND p.hello_profile = 'full'
                            CROSS JOIN endpoint_certs s ON s.scan_id = e.scan_id AND s.mx_host = e.mx_host
                                AND s.ip = e.ip AND s.port = e.port AND s.hello_profile = 'full' AND s.position = 0
                            CROSS JOIN certificates c ON c.cert_sha256 = s.cert_sha256
                        WHERE e.scan_id = ? AND e.ip = ? AND e.port = ? AND p.source = 'measured' AND p.outcome = 'ok'
                        ORDER BY e.order_key, e.mx_host LIMIT ?
                        """), arguments: [scanID, "\(endpoint.address)", endpoint.port, limit])
            return try rows.map { row in
                ShownHandshake(
                    host: try StoredName.read(row[0]), chainSHA256: row[1], dnsNames: JSONText.strings(row[2]),
                    commonNames: JSONText.strings(row[3]))
            }
        }
    }

    /// Records that an endpoint shows what another name at its address and port was shown: nobody was asked.
    public func record(inferred endpoint: Endpoint, from donor: DomainName) async throws(StoreError) {
        try await writer.submit(rows: 5) { [self] db in
            let key: StatementArguments = [
                "scan": scanID, "host": "\(endpoint.host)", "ip": "\(endpoint.address)", "port": endpoint.port,
                "donor": "\(donor)",
            ]
            let columns = Self.stages.joined(separator: ", ")
            let hellos = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        UPDATE endpoints SET state = 'done', due_at = NULL, (\(columns)) = (SELECT \(columns)
                            FROM endpoints
                            WHERE scan_id = :scan AND mx_host = :donor AND ip = :ip AND port = :port)
                        WHERE scan_id = :scan AND mx_host = :host AND ip = :ip AND port = :port AND state = 'pending'
                        RETURNING hellos = 'pending'
                        """), arguments: key)
            guard let hellos else { return }
            try copy(
                "tls_probes", "source, inferred_from, " + Self.handshake, "'inferred', mx_host, " + Self.handshake, key,
                db)
            try copy("endpoint_certs", Self.certificate, Self.certificate, key, db)
            let waits: Bool? = hellos[0]
            count {
                $0.endpoints.done += 1
                $0.inferred += 1
                if waits == true { $0.hellos.total += 1 }
            }
        }
    }

    private func copy(
        _ table: String, _ columns: String, _ values: String, _ key: StatementArguments, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO \(table) (scan_id, mx_host, ip, port, \(columns))
                SELECT scan_id, :host, ip, port, \(values) FROM \(table)
                WHERE scan_id = :scan AND mx_host = :donor AND ip = :ip AND port = :port AND hello_profile = 'full'
                """
        ).execute(arguments: key)
    }

    /// How far a visit comes, without what belongs to the connection itself.
    private static let stages = [
        "tcp", "greeting", "greeting_code", "ehlo", "ehlo_code", "starttls", "starttls_code", "tls", "banner_software",
        "ehlo_extensions", "ehlo_extensions_tls", "requiretls", "size_limit", "final_class", "hellos", "implicit_tls",
    ]
    private static let handshake = """
        hello_profile, sni, outcome, version, cipher, "group", dh_bits, sig_scheme, alert, errno, hrr, ems, secure_reneg,
        compression, session_ticket, chain_sha256
        """
    private static let certificate = "hello_profile, position, cert_sha256"
}
