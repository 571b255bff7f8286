// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations

/// Writes what hellos to one endpoint showed, row by row: the probe, its chain, the attempt.
struct ProbeRows {
    private let scanID: String
    // The key as text, written once: it is bound many times.
    private let host: String
    private let ip: String
    private let port: Int

    init(scanID: String, endpoint: Endpoint) {
        self.scanID = scanID
        host = "\(endpoint.host)"
        ip = "\(endpoint.address)"
        port = endpoint.port
    }

    /// Writes a probe with its chain. What an earlier visit found out is not overwritten by one that found out nothing.
    func write(
        _ probe: TLSProbeObservation, chain: PresentedChain?, seenAt: String, replaces: Bool, _ db: Database
    ) throws {
        if let detail = probe.detail { try insert(detail: detail, of: probe, at: seenAt, db) }
        guard try upsert(probe, chain: chain?.sha256, db) else { return }
        if replaces, probe.profile.wantsChain { try forgetChain(of: probe, db) }
        if let chain { try insert(chain, of: probe, seenAt: seenAt, db) }
    }

    /// A chain is judged later; without one there is nothing to judge, unless that is what was shown.
    private func upsert(_ probe: TLSProbeObservation, chain: String?, _ db: Database) throws -> Bool {
        let isWithoutAny = probe.showedNoCertificate || probe.outcome == .ok && probe.profile == .full
        let pkix: PKIXOutcome =
            chain != nil || !probe.profile.wantsChain ? .notMeasured : isWithoutAny ? .noCertificate : .notReached
        let names: NameMatch = pkix == .notMeasured ? .notMeasured : .notReached
        try db.cachedStatement(sql: Self.upsert).execute(arguments: [
            scanID, host, ip, port, probe.profile.rawValue, probe.serverName?.description, probe.outcome.rawValue,
            probe.version?.rawValue, probe.cipher, probe.group, probe.dhBits, probe.signatureScheme, probe.alert,
            probe.errno, probe.helloRetryRequest, probe.serverPreference, probe.extendedMasterSecret,
            probe.secureRenegotiation,
            probe.compression, probe.sessionTicket, chain, pkix.rawValue, names.rawValue, names.rawValue,
            probe.durationMilliseconds,
        ])
        return db.changesCount > 0
    }

    private func forgetChain(of probe: TLSProbeObservation, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM endpoint_certs WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ? AND hello_profile = ?
                """
        ).execute(arguments: [scanID, host, ip, port, probe.profile.rawValue])
    }

    /// Put together once, since statements are looked up by their text.
    private static let upsert = """
        INSERT INTO tls_probes (scan_id, mx_host, ip, port, hello_profile, sni, outcome, version, cipher, "group",
            dh_bits, sig_scheme, alert, errno, hrr, server_preference, ems, secure_reneg, compression,
            session_ticket, chain_sha256, pkix, name_match_mx, name_match_base, duration_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET source = 'measured', inferred_from = NULL, sni = excluded.sni, outcome = excluded.outcome, version = excluded.version,
            cipher = excluded.cipher, "group" = excluded."group", dh_bits = excluded.dh_bits,
            sig_scheme = excluded.sig_scheme, alert = excluded.alert, errno = excluded.errno,
            hrr = excluded.hrr, server_preference = excluded.server_preference, ems = excluded.ems, secure_reneg = excluded.secure_reneg,
            compression = excluded.compression, session_ticket = excluded.session_ticket,
            chain_sha256 = excluded.chain_sha256, pkix = excluded.pkix, pkix_codes = NULL, days_left = NULL,
            name_match_mx = excluded.name_match_mx, name_match_base = excluded.name_match_base,
            dane = 'not_measured', duration_ms = excluded.duration_ms
        WHERE tls_probes.source = 'inferred' OR tls_probes.outcome IN (\(unsettled))
            OR excluded.outcome NOT IN (\(unsettled))
        """

    private static let unsettled = ScanProgress.inconclusive("tls") + ", 'not_reached', 'not_measured'"

    private func insert(
        _ chain: PresentedChain, of probe: TLSProbeObservation, seenAt: String, _ db: Database
    ) throws {
        let link = try db.cachedStatement(
            sql: """
                INSERT INTO endpoint_certs (scan_id, mx_host, ip, port, hello_profile, position, cert_sha256)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for (position, (facts, der)) in zip(chain.certificates, probe.chain).enumerated() {
            try CertificateRow.insert(facts, der: der, seenAt: seenAt, db)
            try link.execute(arguments: [scanID, host, ip, port, probe.profile.rawValue, position, facts.sha256])
        }
    }

    private func insert(detail: String, of probe: TLSProbeObservation, at moment: String, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO probe_errors (scan_id, mx_host, ip, port, hello_profile, at, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [scanID, host, ip, port, probe.profile.rawValue, moment, detail])
    }
}

extension ProbeRows {
    /// Writes how far one connection came, behind the endpoint's earlier ones with this hello.
    func write(attempt visit: EndpointObservation, _ profile: HelloProfile, _ db: Database) throws {
        let reached = Attempt(visit, profile)
        try db.cachedStatement(
            sql: """
                INSERT INTO attempts (scan_id, mx_host, ip, port, hello_profile, at, stage, outcome, reply_code, errno,
                    alert, attempt)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
                    (SELECT coalesce(max(attempt), 0) + 1 FROM attempts
                    WHERE scan_id = ?1 AND mx_host = ?2 AND ip = ?3 AND port = ?4 AND hello_profile = ?5))
                """
        ).execute(arguments: [
            scanID, host, ip, port, profile.rawValue, "\(visit.startedAt)", reached.stage, reached.outcome,
            reached.replyCode, reached.errno, reached.alert,
        ])
    }

    private struct Attempt {
        var stage: String
        var outcome: String
        var replyCode: Int?
        var errno: Int?
        var alert: Int?

        /// The last stage that was reached.
        init(_ seen: EndpointObservation, _ profile: HelloProfile) {
            if let probe = seen.probes.first(where: { $0.profile == profile && $0.outcome != .notReached }) {
                (stage, outcome, errno, alert) = ("tls", probe.outcome.rawValue, probe.errno, probe.alert)
            } else if seen.starttls != .notReached {
                (stage, outcome, replyCode) = ("starttls", seen.starttls.rawValue, seen.starttlsCode)
            } else if seen.ehlo != .notReached {
                (stage, outcome, replyCode) = ("ehlo", seen.ehlo.rawValue, seen.ehloCode)
            } else if seen.greeting != .notReached {
                (stage, outcome, replyCode) = ("greeting", seen.greeting.rawValue, seen.greetingCode)
            } else {
                (stage, outcome, errno) = ("tcp", seen.tcp.rawValue, seen.tcpErrno)
            }
        }
    }
}
