// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations

extension ScanSession {
    /// Endpoints not probed yet, in a pseudo-random order that is the same on every run of the scan.
    public func pendingEndpoints(
        after: PendingEndpoint? = nil, limit: Int
    ) async throws(StoreError) -> [PendingEndpoint] {
        let scanID = scanID
        return try await writer.perform { db in
            let last = after?.endpoint
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT order_key, mx_host, ip, port,
                            coalesce((SELECT iif(o.is_usable, o.tlsa_base, o.mx_host) FROM port_tlsa o
                                WHERE o.scan_id = e.scan_id AND o.mx_host = e.mx_host AND o.port = e.port), (SELECT t.tlsa_base FROM mx_hosts h
                                JOIN tlsa t ON t.scan_id = h.scan_id AND t.tlsa_base = h.tlsa_base
                                WHERE h.scan_id = e.scan_id AND h.mx_host = e.mx_host
                                    AND t.dnssec = 'secure' AND t.usable = 'usable' LIMIT 1), mx_host),
                            (SELECT count(*) FROM (SELECT 1 FROM endpoints o INDEXED BY endpoints_address
                                WHERE o.scan_id = e.scan_id AND o.ip = e.ip AND o.port = e.port LIMIT 4)) = 4,
                            EXISTS (SELECT 1 FROM mx_hosts h WHERE h.scan_id = e.scan_id AND h.mx_host = e.mx_host
                                AND h.tlsa_outcome = 'noerror_data' AND h.tlsa_dnssec = 'secure')
                            OR EXISTS (SELECT 1 FROM port_tlsa o
                                WHERE o.scan_id = e.scan_id AND o.mx_host = e.mx_host AND o.port = e.port
                                    AND o.tlsa_outcome = 'noerror_data' AND o.tlsa_dnssec = 'secure')
                        FROM endpoints e
                        WHERE scan_id = ? AND state = 'pending' AND (order_key, mx_host, ip, port) > (?, ?, ?, ?)
                        ORDER BY order_key, mx_host, ip, port LIMIT ?
                        """),
                arguments: [
                    scanID, after?.orderKey ?? Int64.min, last?.host.description ?? "",
                    last?.address.description ?? "", last?.port ?? 0, limit,
                ])
            return try rows.map { row in
                PendingEndpoint(
                    endpoint: try StoredName.read(host: row[1], ip: row[2], port: row[3]),
                    serverName: try StoredName.read(row[4]), sharesAddress: row[5], hasSecureTLSA: row[6],
                    orderKey: row[0])
            }
        }
    }

    /// Records a visit: the endpoint's row, its probes, their chains, the certificates and the attempts, all or nothing.
    /// A later visit replaces what an earlier one showed and adds to its attempts.
    public func record(endpoint result: EndpointResult) async throws(StoreError) {
        let certificates = result.chains.values.reduce(0) { $0 + $1.certificates.count }
        try await writer.submit(rows: 2 + 2 * result.observation.probes.count + 2 * certificates) { [self] db in
            let visit = EndpointVisit(scanID: scanID, result: result)
            let number = try visit.write(db)
            let inconclusive = [.transient, .local].contains(result.observation.finalClass)
            count {
                if number == 1 { $0.endpoints.done += 1 }
                if number == 1, inconclusive { $0.endpoints.inconclusive += 1 }
                if number == 1, result.wantsHellos { $0.hellos.total += 1 }
                switch number == 1 ? result.inferenceCheck : nil {
                case nil: break
                case .unknown: $0.checks.inconclusive += 1
                case .agrees: $0.checks.done += 1
                case .disagrees:
                    $0.checks.done += 1
                    $0.disagreements += 1
                }
                if number == 1, result.inferenceCheck != nil { $0.checks.total += 1 }
            }
        }
    }
}
