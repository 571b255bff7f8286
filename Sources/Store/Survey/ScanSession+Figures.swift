// SPDX-License-Identifier: Apache-2.0
import GRDB

/// What a scan has cost others, and what it could not find out.
public struct ScanFigures: Sendable, Hashable {
    /// Somebody who was connected to.
    public struct Receiver: Sendable, Hashable {
        /// The address.
        public let address: String
        /// Mail hosts there.
        public let hosts: Int
        /// Connections.
        public let connections: Int
    }

    /// Why something is not known.
    public struct Cause: Sendable, Hashable {
        /// The stage at which it ended, by its name in the vocabulary.
        public let stage: String
        /// How it ended there.
        public let outcome: String
        /// Endpoints, or for `dns` domains, or for `address` hosts and families.
        public let count: Int
    }

    /// Connections to mail hosts in all runs of the scan.
    public let connections: Int
    /// Who had most of them.
    public let receivers: [Receiver]
    /// Inconclusive endpoints, hosts and domains by cause, most frequent first.
    public let inconclusive: [Cause]
}

extension ScanSession {
    /// Draws the figures from what is written; `limit` bounds the receivers.
    public func figures(receivers limit: Int = 5) async throws(StoreError) -> ScanFigures {
        let scanID = scanID
        return try await writer.perform { db in
            ScanFigures(
                connections: try Int.fetchOne(
                    db, sql: "SELECT sum(connections_used) FROM endpoints WHERE scan_id = ?", arguments: [scanID]) ?? 0,
                receivers: try Row.fetchAll(
                    db,
                    sql: """
                        SELECT ip, count(DISTINCT mx_host), sum(connections_used) AS used FROM endpoints
                        WHERE scan_id = ? AND connections_used > 0 GROUP BY ip ORDER BY used DESC, ip LIMIT ?
                        """, arguments: [scanID, limit]
                ).map { ScanFigures.Receiver(address: $0[0], hosts: $0[1], connections: $0[2]) },
                inconclusive: try Row.fetchAll(db, sql: Self.causes, arguments: ["scan": scanID])
                    .map { ScanFigures.Cause(stage: $0[0], outcome: $0[1], count: $0[2]) })
        }
    }

    /// The last stage that has a word is the one at which a visit ended.
    private static let causes = """
        WITH causes AS (
            SELECT CASE
                WHEN NOT implicit_tls AND tls NOT IN \(unseen) THEN 'tls'
                WHEN starttls NOT IN \(unseen) THEN 'starttls'
                WHEN ehlo NOT IN \(unseen) THEN 'ehlo'
                WHEN greeting NOT IN \(unseen) THEN 'greeting'
                WHEN tls NOT IN \(unseen) THEN 'tls'
                ELSE 'tcp' END AS stage, * FROM endpoints
            WHERE scan_id = :scan AND final_class IN ('T', 'L')
        )
        SELECT stage, CASE stage WHEN 'tls' THEN tls WHEN 'starttls' THEN starttls WHEN 'ehlo' THEN ehlo
            WHEN 'greeting' THEN greeting ELSE tcp END AS outcome, count(*) AS number FROM causes GROUP BY 1, 2
        UNION ALL
        SELECT 'dns', dns_mx_outcome, count(*) FROM domains
            WHERE scan_id = :scan AND dns_mx_outcome IN (\(ScanProgress.inconclusive("dns"))) GROUP BY 2
        UNION ALL
        SELECT 'address', 'dns_tempfail',
            sum((address_v4_outcome = 'dns_tempfail') + (address_v6_outcome = 'dns_tempfail')) AS failed
            FROM mx_hosts WHERE scan_id = :scan HAVING failed > 0
        ORDER BY number DESC, 1, 2
        """
    private static let unseen = "('not_reached', 'not_measured')"
}
