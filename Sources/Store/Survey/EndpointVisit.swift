// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations

/// Writes one visit to an endpoint, row by row.
struct EndpointVisit {
    private let scanID: String
    private let result: EndpointResult
    private let seen: EndpointObservation
    // The key and the moments as text, written once: each of them is bound many times.
    private let host: String
    private let ip: String
    private let port: Int
    private let startedAt: String
    private let endedAt: String

    init(scanID: String, result: EndpointResult) {
        self.scanID = scanID
        self.result = result
        seen = result.observation
        host = "\(seen.endpoint.host)"
        ip = "\(seen.endpoint.address)"
        port = seen.endpoint.port
        startedAt = "\(seen.startedAt)"
        endedAt = "\(seen.endedAt)"
    }

    /// Returns the number of this visit, from 1; 0 for an endpoint that the scan does not know.
    func write(_ db: Database) throws -> Int {
        guard let number = try updateEndpoint(db) else { return try noteInVain(db) }
        let rows = ProbeRows(scanID: scanID, endpoint: seen.endpoint)
        try rows.write(attempt: number, .full, seen, db)
        for probe in seen.probes {
            try rows.write(
                probe, chain: result.chains[probe.profile], seenAt: endedAt, replaces: number > 1, db)
        }
        return number
    }

    /// The number of this visit; nil where there is no such endpoint, and where an earlier visit found out what this one
    /// did not.
    private func updateEndpoint(_ db: Database) throws -> Int? {
        let update = try db.cachedStatement(
            sql: """
                UPDATE endpoints SET tcp = ?, tcp_errno = ?, greeting = ?, greeting_code = ?, ehlo = ?, ehlo_code = ?,
                    starttls = ?, starttls_code = ?, tls = ?, banner_software = ?, ehlo_extensions = ?,
                    ehlo_extensions_tls = ?, requiretls = ?, size_limit = ?, connections_used = connections_used + ?,
                    rtt_ms = ?, first_at = coalesce(first_at, ?), last_at = ?, attempts = attempts + 1,
                    final_class = ?, implicit_tls = ?, state = 'done', due_at = NULL,
                    hellos = coalesce(hellos, ?), inference_check = coalesce(?, inference_check)
                WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ?
                    AND (? OR final_class IS NULL OR final_class <> 'C') RETURNING attempts
                """)
        let finalClass = seen.finalClass
        return try Int.fetchOne(
            update,
            arguments: [
                seen.tcp.rawValue, seen.tcpErrno, seen.greeting.rawValue, seen.greetingCode, seen.ehlo.rawValue,
                seen.ehloCode, seen.starttls.rawValue, seen.starttlsCode, seen.tls.rawValue, result.software,
                seen.extensions.map { JSONText.array($0) }, seen.extensionsInTLS.map { JSONText.array($0) },
                seen.offersREQUIRETLS, seen.sizeLimit, seen.connectionsUsed, seen.rttMilliseconds,
                startedAt, endedAt, finalClass == .none ? nil : finalClass.rawValue, seen.opensInTLS,
                result.wantsHellos ? "pending" : nil, result.inferenceCheck?.rawValue, scanID, host, ip, port,
                finalClass == .conclusive,
            ])
    }

    /// A visit that found out less than an earlier one adds to the attempts, and changes nothing else.
    private func noteInVain(_ db: Database) throws -> Int {
        let number = try Int.fetchOne(
            db,
            sql: """
                UPDATE endpoints SET connections_used = connections_used + ?, last_at = ?, attempts = attempts + 1
                WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ? RETURNING attempts
                """,
            arguments: [seen.connectionsUsed, endedAt, scanID, host, ip, port])
        guard let number else { return 0 }
        try ProbeRows(scanID: scanID, endpoint: seen.endpoint).write(attempt: number, .full, seen, db)
        return number
    }
}
