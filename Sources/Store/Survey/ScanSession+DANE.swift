// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
public import Observations

extension ScanSession {
    /// Hosts that were looked up, with everything that DANE is judged by, in the order of their names.
    public func hostsToJudge(after: DomainName? = nil, limit: Int) async throws(StoreError) -> [HostToJudge] {
        let scanID = scanID
        return try await writer.perform { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT mx_host, address_v4_outcome, addr_dnssec_v4, address_v6_outcome, addr_dnssec_v6,
                            tlsa_outcome, tlsa_dnssec, tlsa_base
                        FROM mx_hosts WHERE scan_id = ? AND mx_host > ? AND measured_at IS NOT NULL
                        ORDER BY mx_host LIMIT ?
                        """), arguments: [scanID, after?.description ?? "", limit])
            return try rows.map { row in try DANEEvidence(scanID: scanID, db: db).host(row) }
        }
    }

    /// Forgets which addresses the TLSA records matched, before that is judged again.
    public func forgetTLSAMatches() async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 1) { db in
            try db.execute(sql: "UPDATE tlsa SET matched_ips = NULL WHERE scan_id = ?", arguments: [scanID])
        }
    }

    /// Records what DANE says of a host, of its probes and of its records.
    public func setDANE(_ judgement: HostJudgement) async throws(StoreError) {
        let scanID = scanID
        try await writer.submit(rows: 2 + judgement.probes.count + judgement.matches.count) { db in
            let host = "\(judgement.host)"
            try db.cachedStatement(
                sql: "UPDATE mx_hosts SET dane_state = ?, rollover = ? WHERE scan_id = ? AND mx_host = ?"
            ).execute(arguments: [judgement.state.rawValue, judgement.rollover.rawValue, scanID, host])
            // A raw hello whose chain is not kept says nothing about DANE.
            try db.cachedStatement(
                sql: """
                    UPDATE tls_probes SET dane = ? WHERE scan_id = ? AND mx_host = ?
                        AND (hello_profile = 'full' OR chain_sha256 IS NOT NULL)
                    """
            ).execute(arguments: [judgement.state.rawValue, scanID, host])
            for (port, state) in judgement.otherPorts {
                try db.cachedStatement(
                    sql: """
                        UPDATE tls_probes SET dane = ? WHERE scan_id = ? AND mx_host = ? AND port = ?
                            AND (hello_profile = 'full' OR chain_sha256 IS NOT NULL)
                        """
                ).execute(arguments: [state.rawValue, scanID, host, port])
            }
            for probe in judgement.probes {
                try db.cachedStatement(
                    sql: """
                        UPDATE tls_probes SET dane = ?
                        WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ? AND hello_profile = ?
                        """
                ).execute(arguments: [
                    probe.outcome.rawValue, scanID, host, "\(probe.endpoint.address)", probe.endpoint.port,
                    probe.profile,
                ])
            }
            guard let base = judgement.base else { return }
            let rows = TLSARows(scanID: scanID, base: base)
            for (record, addresses) in judgement.matches { try rows.add(addresses, to: record, db) }
        }
    }
}

/// Reads what a host has shown.
private struct DANEEvidence {
    let scanID: String
    let db: Database

    func host(_ row: Row) throws -> HostToJudge {
        let name: String = row[0]
        let families: [(AddressOutcome, Security)] = [
            (try word(row, 1), try word(row, 2)), (try word(row, 3), try word(row, 4)),
        ]
        let baseText: String? = row[7]
        let base = try baseText.map { try StoredName.read($0) }
        let tlsa = LookupStatus(outcome: try word(row, 5), security: try word(row, 6))
        let records = try base.map { try TLSARows(scanID: scanID, base: $0).records(db) } ?? []
        let others = try PortTLSARows(scanID: scanID, host: name).all(db)
        let ownPorts = Set(others.map(\.port))
        return HostToJudge(
            name: try StoredName.read(name),
            addressSecurity: families.filter { $0.0 == .resolved }.map(\.1), tlsa: tlsa, base: base, records: records,
            endpoints: try endpoints(of: name, tlsa.security, records) { !ownPorts.contains($0) },
            otherPorts: try others.map { found in
                HostToJudge.OtherPort(
                    port: found.port, tlsa: found.lookup,
                    endpoints: try endpoints(of: name, found.lookup.status.security, found.lookup.records) {
                        $0 == found.port
                    })
            })
    }

    /// Those whose port the records are about; none where nothing depends on the connection.
    private func endpoints(
        of host: String, _ security: Security, _ records: [TLSARecord], isAbout: (Int) -> Bool
    ) throws -> [HostToJudge.ShownEndpoint] {
        guard security == .secure, records.contains(where: { $0.usability == .usable }) else { return [] }
        return try JudgedHosts(scanID: scanID, db: db).endpoints(of: host).filter { isAbout($0.endpoint.port) }
            .map { HostToJudge.ShownEndpoint(outcomes: $0, chains: try chains(at: $0.endpoint)) }
    }

    private func chains(at endpoint: Endpoint) throws -> [HostToJudge.ShownChain] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT e.hello_profile, c.key_type, c.der
                    FROM endpoint_certs e JOIN certificates c USING (cert_sha256)
                    WHERE e.scan_id = ? AND e.mx_host = ? AND e.ip = ? AND e.port = ?
                    ORDER BY e.hello_profile, e.position
                    """), arguments: [scanID, "\(endpoint.host)", "\(endpoint.address)", endpoint.port])
        let shown: [(profile: String, keyType: String?, der: Data)] = rows.map { ($0[0], $0[1], $0[2]) }
        return Dictionary(grouping: shown, by: \.profile).sorted { $0.key < $1.key }.map { profile, certificates in
            HostToJudge.ShownChain(
                profile: profile,
                keyType: certificates[0].keyType.flatMap { CertificateFacts.KeyType(rawValue: $0) } ?? .other,
                certificates: certificates.map { [UInt8]($0.der) })
        }
    }
}
