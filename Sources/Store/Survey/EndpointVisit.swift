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
        let number = try updateEndpoint(db)
        guard number > 0 else { return 0 }
        if seen.probes.isEmpty { try insertAttempt(number, "full", stageReached, db) }
        for probe in seen.probes {
            try upsert(probe, db)
            try insertAttempt(
                number, probe.profile.rawValue,
                Attempt(stage: "tls", outcome: probe.outcome.rawValue, errno: probe.errno, alert: probe.alert), db)
            if number > 1 { try forgetChain(of: probe, db) }
            if let chain = result.chains[probe.profile] { try insert(chain, of: probe, db) }
            if let detail = probe.detail { try insert(detail: detail, of: probe, db) }
        }
        return number
    }

    private func updateEndpoint(_ db: Database) throws -> Int {
        let update = try db.cachedStatement(
            sql: """
                UPDATE endpoints SET tcp = ?, tcp_errno = ?, greeting = ?, greeting_code = ?, ehlo = ?, ehlo_code = ?,
                    starttls = ?, starttls_code = ?, tls = ?, banner_software = ?, ehlo_extensions = ?,
                    ehlo_extensions_tls = ?, requiretls = ?, size_limit = ?, connections_used = connections_used + ?,
                    rtt_ms = ?, first_at = coalesce(first_at, ?), last_at = ?, attempts = attempts + 1,
                    final_class = ?, implicit_tls = ?, state = 'done', due_at = NULL
                WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ? RETURNING attempts
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
                scanID, host, ip, port,
            ]) ?? 0
    }

    /// A chain is judged later; without one there is nothing to judge, unless a completed handshake showed none.
    private func upsert(_ probe: TLSProbeObservation, _ db: Database) throws {
        let chain = result.chains[probe.profile]?.sha256
        let pkix: PKIXOutcome =
            chain != nil ? .notMeasured : probe.outcome == .ok && probe.profile == .full ? .noCertificate : .notReached
        let names: NameMatch = chain != nil ? .notMeasured : .notReached
        try db.cachedStatement(
            sql: """
                INSERT INTO tls_probes (scan_id, mx_host, ip, port, hello_profile, sni, outcome, version, cipher, "group",
                    dh_bits, sig_scheme, alert, errno, hrr, ems, secure_reneg, compression, session_ticket,
                    chain_sha256, pkix, name_match_mx, name_match_base, duration_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET sni = excluded.sni, outcome = excluded.outcome, version = excluded.version,
                    cipher = excluded.cipher, "group" = excluded."group", dh_bits = excluded.dh_bits,
                    sig_scheme = excluded.sig_scheme, alert = excluded.alert, errno = excluded.errno,
                    hrr = excluded.hrr, ems = excluded.ems, secure_reneg = excluded.secure_reneg,
                    compression = excluded.compression, session_ticket = excluded.session_ticket,
                    chain_sha256 = excluded.chain_sha256, pkix = excluded.pkix, pkix_codes = NULL, days_left = NULL,
                    name_match_mx = excluded.name_match_mx, name_match_base = excluded.name_match_base,
                    dane = 'not_measured', duration_ms = excluded.duration_ms
                """
        ).execute(arguments: [
            scanID, host, ip, port, probe.profile.rawValue, probe.serverName?.description, probe.outcome.rawValue,
            probe.version?.rawValue, probe.cipher, probe.group, probe.dhBits, probe.signatureScheme, probe.alert,
            probe.errno, probe.helloRetryRequest, probe.extendedMasterSecret, probe.secureRenegotiation,
            probe.compression, probe.sessionTicket, chain, pkix.rawValue, names.rawValue, names.rawValue,
            probe.durationMilliseconds,
        ])
    }

    private func forgetChain(of probe: TLSProbeObservation, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM endpoint_certs WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ? AND hello_profile = ?
                """
        ).execute(arguments: [scanID, host, ip, port, probe.profile.rawValue])
    }

    private func insert(_ chain: PresentedChain, of probe: TLSProbeObservation, _ db: Database) throws {
        let link = try db.cachedStatement(
            sql: """
                INSERT INTO endpoint_certs (scan_id, mx_host, ip, port, hello_profile, position, cert_sha256)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for (position, (facts, der)) in zip(chain.certificates, probe.chain).enumerated() {
            try CertificateRow.insert(facts, der: der, seenAt: endedAt, db)
            try link.execute(arguments: [scanID, host, ip, port, probe.profile.rawValue, position, facts.sha256])
        }
    }

    private func insert(detail: String, of probe: TLSProbeObservation, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO probe_errors (scan_id, mx_host, ip, port, hello_profile, at, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [scanID, host, ip, port, probe.profile.rawValue, endedAt, detail])
    }
}

extension EndpointVisit {
    /// How far one connection came.
    private struct Attempt {
        var stage: String
        var outcome: String
        var replyCode: Int?
        var errno: Int?
        var alert: Int?
    }

    /// The last stage that was reached, for a visit that never came to TLS.
    private var stageReached: Attempt {
        if seen.starttls != .notReached {
            return Attempt(stage: "starttls", outcome: seen.starttls.rawValue, replyCode: seen.starttlsCode)
        }
        if seen.ehlo != .notReached {
            return Attempt(stage: "ehlo", outcome: seen.ehlo.rawValue, replyCode: seen.ehloCode)
        }
        if seen.greeting != .notReached {
            return Attempt(stage: "greeting", outcome: seen.greeting.rawValue, replyCode: seen.greetingCode)
        }
        return Attempt(stage: "tcp", outcome: seen.tcp.rawValue, errno: seen.tcpErrno)
    }

    private func insertAttempt(_ number: Int, _ profile: String, _ attempt: Attempt, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO attempts (scan_id, mx_host, ip, port, hello_profile, attempt, at, stage, outcome, reply_code,
                    errno, alert)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            scanID, host, ip, port, profile, number, startedAt, attempt.stage, attempt.outcome,
            attempt.replyCode, attempt.errno, attempt.alert,
        ])
    }
}
