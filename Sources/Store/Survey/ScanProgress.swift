// SPDX-License-Identifier: Apache-2.0
import GRDB
import Observations

/// How far a scan is. Counted once when the scan begins or goes on, and kept up with every row since.
public struct ScanProgress: Hashable, Sendable {
    /// One wave: what is known of, and what is measured.
    public struct Wave: Hashable, Sendable {
        /// Rows known so far; grows while the wave before runs.
        public internal(set) var total = 0
        /// Rows measured.
        public internal(set) var done = 0
        /// Measured rows whose outcome is of class T or L: asked again later, or never a fact about the target.
        public internal(set) var inconclusive = 0
        /// Rows measured, without a conclusive answer, and due to be measured once more; not among `done`.
        public internal(set) var retrying = 0

        /// Notes what a visit has changed.
        mutating func take(_ change: EndpointVisit.Change) {
            done += (change.after.isDone ? 1 : 0) - (change.before.isDone ? 1 : 0)
            retrying += (change.after.isRetrying ? 1 : 0) - (change.before.isRetrying ? 1 : 0)
            inconclusive += (change.after.isInconclusive ? 1 : 0) - (change.before.isInconclusive ? 1 : 0)
        }
    }

    /// Domains and their MX question.
    public internal(set) var domains = Wave()
    /// MX hosts and their addresses.
    public internal(set) var hosts = Wave()
    /// Endpoints and their probes.
    public internal(set) var endpoints = Wave()
    /// Endpoints that reached TLS, and wait for the raw hellos to their address and port.
    public internal(set) var hellos = Wave()
    /// Endpoints whose handshake was inferred from that of another name at the address.
    public internal(set) var inferred = 0
    /// Handshakes that were measured although they could have been inferred; `inconclusive` are those that failed, and
    /// say nothing.
    public internal(set) var checks = Wave()
    /// Those of the checks that showed something else than would have been inferred.
    public internal(set) var disagreements = 0

    init(_ scanID: String, _ db: Database) throws {
        domains = try Self.wave(
            db, scanID,
            """
            SELECT count(*), count(measured_at),
                sum(measured_at IS NOT NULL AND dns_mx_outcome IN (\(Self.inconclusive("dns")))), 0 FROM domains
            """)
        hosts = try Self.wave(
            db, scanID,
            """
            SELECT count(*), count(measured_at),
                sum(measured_at IS NOT NULL AND (address_v4_outcome = 'dns_tempfail'
                    OR address_v6_outcome = 'dns_tempfail')), 0 FROM mx_hosts
            """)
        endpoints = try Self.wave(
            db, scanID,
            """
            SELECT count(*), sum(state = 'done'), sum(attempts > 0 AND final_class <> 'C'),
                sum(attempts > 0 AND state = 'retry') FROM endpoints
            """)
        hellos = try Self.wave(db, scanID, "SELECT count(hellos), sum(hellos = 'done'), 0, 0 FROM endpoints")
        checks = try Self.wave(
            db, scanID,
            """
            SELECT count(inference_check), sum(inference_check <> 'unknown'), sum(inference_check = 'unknown'), 0
            FROM endpoints
            """)
        disagreements = try Self.wave(
            db, scanID, "SELECT sum(inference_check = 'disagrees'), 0, 0, 0 FROM endpoints"
        ).total
        inferred = try Self.wave(
            db, scanID,
            """
            SELECT sum(hello_profile = 'full' AND source = 'inferred'), 0, 0, 0 FROM tls_probes
            """
        ).total
    }

    private static func wave(_ db: Database, _ scanID: String, _ sql: String) throws -> Wave {
        let row = try Row.fetchOne(db, sql: sql + " WHERE scan_id = ?", arguments: [scanID])
        return Wave(total: row?[0] ?? 0, done: row?[1] ?? 0, inconclusive: row?[2] ?? 0, retrying: row?[3] ?? 0)
    }

    /// The words of a stage that are inconclusive, quoted for SQL.
    static func inconclusive(_ stage: String) -> String {
        Vocabulary.words(of: stage, in: [.transient, .local]).map { "'\($0)'" }.joined(separator: ", ")
    }
}
