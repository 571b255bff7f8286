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
    private let retryAt: Int64?

    init(scanID: String, result: EndpointResult, retryAt: Timestamp? = nil) {
        self.scanID = scanID
        self.result = result
        self.retryAt = retryAt?.seconds
        seen = result.observation
        host = "\(seen.endpoint.host)"
        ip = "\(seen.endpoint.address)"
        port = seen.endpoint.port
        startedAt = "\(seen.startedAt)"
        endedAt = "\(seen.endedAt)"
    }

    /// What the endpoint's row says to the count of a scan.
    struct Standing {
        let isDone: Bool
        let isRetrying: Bool
        let isInconclusive: Bool
    }

    /// The same, before this visit and after it.
    struct Change {
        let before: Standing
        let after: Standing
        let isFirst: Bool
    }

    /// nil for an endpoint that the scan does not know.
    func write(_ db: Database) throws -> Change? {
        guard let known = try knownSoFar(db) else { return nil }
        let isShown = known.attempts == 0 || VisitStanding(seen).replaces(known.shown)
        if isShown {
            try show(isFirst: known.attempts == 0, db)
        } else {
            try note(db)
        }
        try ProbeRows(scanID: scanID, endpoint: seen.endpoint).write(attempt: seen, .full, db)
        let finalClass = isShown ? seen.finalClass.rawValue : known.finalClass
        return Change(
            before: known.standing,
            after: Standing(
                isDone: retryAt == nil, isRetrying: retryAt != nil,
                isInconclusive: finalClass != OutcomeClass.conclusive.rawValue),
            isFirst: known.attempts == 0)
    }

    private func show(isFirst: Bool, _ db: Database) throws {
        try updateStages(db)
        let rows = ProbeRows(scanID: scanID, endpoint: seen.endpoint)
        for probe in seen.probes {
            try rows.write(probe, chain: result.chains[probe.profile], seenAt: endedAt, replaces: !isFirst, db)
        }
    }

    private struct Known {
        let attempts: Int
        let shown: VisitStanding
        let finalClass: String?
        let standing: Standing
    }

    private func knownSoFar(_ db: Database) throws -> Known? {
        let select = try db.cachedStatement(
            sql: """
                SELECT attempts, tcp, greeting, ehlo, starttls, tls, final_class, state FROM endpoints
                WHERE scan_id = ? AND mx_host = ? AND ip = ? AND port = ?
                """)
        guard let row = try Row.fetchOne(select, arguments: [scanID, host, ip, port]) else { return nil }
        let attempts: Int = row[0]
        let state: String = row[7]
        let finalClass: String? = row[6]
        return Known(
            attempts: attempts,
            shown: VisitStanding(
                tcp: TCPOutcome(rawValue: row[1]) ?? .notMeasured,
                greeting: GreetingOutcome(rawValue: row[2]) ?? .notMeasured,
                ehlo: EHLOOutcome(rawValue: row[3]) ?? .notMeasured,
                starttls: STARTTLSOutcome(rawValue: row[4]) ?? .notMeasured,
                tls: TLSOutcome(rawValue: row[5]) ?? .notMeasured),
            finalClass: finalClass,
            standing: Standing(
                isDone: state == "done", isRetrying: state == "retry" && attempts > 0,
                isInconclusive: attempts > 0 && finalClass != OutcomeClass.conclusive.rawValue))
    }

    /// What every visit adds, whether it is the one that is shown or not.
    private static let added = """
        connections_used = connections_used + ?, first_at = coalesce(first_at, ?), last_at = ?,
        attempts = attempts + 1, state = ?, due_at = ?
        """
    private static let place = "scan_id = ? AND mx_host = ? AND ip = ? AND port = ?"

    private var addition: StatementArguments {
        [seen.connectionsUsed, startedAt, endedAt, retryAt == nil ? "done" : "retry", retryAt]
    }

    // Put together once, since they are looked up by their text.
    private static let updateOfVisit = "UPDATE endpoints SET \(added) WHERE \(place)"
    private static let updateOfStages = """
        UPDATE endpoints SET \(added), tcp = ?, tcp_errno = ?, greeting = ?, greeting_code = ?, ehlo = ?, ehlo_code = ?,
            starttls = ?, starttls_code = ?, tls = ?, banner_software = ?, ehlo_extensions = ?,
            ehlo_extensions_tls = ?, requiretls = ?, size_limit = ?, rtt_ms = ?, final_class = ?,
            implicit_tls = ?, hellos = coalesce(hellos, ?), inference_check = coalesce(?, inference_check)
        WHERE \(place)
        """

    private func note(_ db: Database) throws {
        try db.cachedStatement(sql: Self.updateOfVisit)
            .execute(arguments: addition + [scanID, host, ip, port])
    }

    private func updateStages(_ db: Database) throws {
        let finalClass = seen.finalClass
        try db.cachedStatement(sql: Self.updateOfStages).execute(
            arguments: addition + [
                seen.tcp.rawValue, seen.tcpErrno, seen.greeting.rawValue, seen.greetingCode, seen.ehlo.rawValue,
                seen.ehloCode, seen.starttls.rawValue, seen.starttlsCode, seen.tls.rawValue, result.software,
                seen.extensions.map { JSONText.array($0) }, seen.extensionsInTLS.map { JSONText.array($0) },
                seen.offersREQUIRETLS, seen.sizeLimit, seen.rttMilliseconds,
                finalClass == .none ? nil : finalClass.rawValue, seen.opensInTLS, result.wantsHellos ? "pending" : nil,
                result.inferenceCheck?.rawValue, scanID, host, ip, port,
            ])
    }
}
