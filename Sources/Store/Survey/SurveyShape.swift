// SPDX-License-Identifier: Apache-2.0
import GRDB

/// How much the domains of a survey share: what it takes to say beforehand what another survey of the like will send.
public struct SurveyShape: Sendable, Hashable {
    /// Somebody who answers for many.
    public struct Receiver: Sendable, Hashable {
        /// The mail host, or the address.
        public let name: String
        /// Domains that name the host, or endpoints at the address.
        public let count: Int

        /// Takes both.
        public init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }

    /// Rows of the survey.
    public var domains: Int
    /// Distinct mail hosts.
    public var hosts: Int
    /// Host, address and port.
    public var endpoints: Int
    /// Distinct addresses.
    public var addresses: Int
    /// The hosts that most domains name, the largest first.
    public var largestHosts: [Receiver]
    /// The addresses with most endpoints, the largest first.
    public var largestAddresses: [Receiver]

    /// Takes all of it.
    public init(
        domains: Int, hosts: Int, endpoints: Int, addresses: Int, largestHosts: [Receiver] = [],
        largestAddresses: [Receiver] = []
    ) {
        self.domains = domains
        self.hosts = hosts
        self.endpoints = endpoints
        self.addresses = addresses
        self.largestHosts = largestHosts
        self.largestAddresses = largestAddresses
    }
}

extension SurveyStore {
    /// The shape of one scan, with so many of the largest receivers.
    public func shape(scanID: String, largest: Int = 10) throws(StoreError) -> SurveyShape {
        try read { db in
            func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql, arguments: [scanID]) ?? 0 }
            func receivers(_ sql: String) throws -> [SurveyShape.Receiver] {
                try Row.fetchAll(db, sql: sql, arguments: [scanID, largest])
                    .map { SurveyShape.Receiver(name: $0[0], count: $0[1]) }
            }
            return SurveyShape(
                domains: try count("SELECT count(*) FROM domains WHERE scan_id = ?"),
                hosts: try count("SELECT count(*) FROM mx_hosts WHERE scan_id = ?"),
                endpoints: try count("SELECT count(*) FROM endpoints WHERE scan_id = ?"),
                addresses: try count("SELECT count(DISTINCT ip) FROM endpoints WHERE scan_id = ?"),
                largestHosts: try receivers(
                    """
                    SELECT mx_host, domains_count FROM mx_hosts WHERE scan_id = ?
                    ORDER BY domains_count DESC, mx_host LIMIT ?
                    """),
                largestAddresses: try receivers(
                    """
                    SELECT ip, count(*) FROM endpoints WHERE scan_id = ?
                    GROUP BY ip ORDER BY count(*) DESC, ip LIMIT ?
                    """))
        }
    }
}
