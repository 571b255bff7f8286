// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

/// What DNS says of one MX host, and which of its addresses are to be probed.
public struct HostResult: Hashable, Sendable {
    /// The look-ups of its addresses.
    public var addresses: MailHostAddresses
    /// The look-up of its TLSA records for the port of mail or, where the scan leaves that one out, for its lowest.
    public var tlsa: TLSALookup
    /// The same for every other port of the scan.
    public var tlsaOfOtherPorts: [Int: TLSALookup] = [:]
    /// Who may issue certificates for it.
    public var caa = CAALookup.notReached
    /// The endpoints to probe: no special-use address outside a lab, none that is opted out.
    public var endpoints: [Endpoint]
    /// Whose networks their addresses lie in, where somebody knows.
    public var origins: [IPAddress: AddressOrigin] = [:]
    /// When it was asked.
    public var measuredAt: Timestamp
    /// Whether an address was left out because somebody opted out: what holds at it is unknown.
    public var hasUnaskedAddress: Bool

    /// Takes all of it.
    public init(
        addresses: MailHostAddresses, tlsa: TLSALookup = .notReached, endpoints: [Endpoint], measuredAt: Timestamp,
        hasUnaskedAddress: Bool = false
    ) {
        self.addresses = addresses
        self.tlsa = tlsa
        self.endpoints = endpoints
        self.measuredAt = measuredAt
        self.hasUnaskedAddress = hasUnaskedAddress
    }
}

extension HostResult {
    /// Questions about addresses and TLSA records that nobody answered.
    fileprivate var openQuestions: Int {
        [addresses.v4, addresses.v6].count { $0.outcome == .dnsTempfail }
            + ([tlsa] + tlsaOfOtherPorts.values).count {
                [.transient, .local].contains($0.status.outcome.outcomeClass)
            }
    }
}

extension ScanSession {
    /// Records a host with its TLSA records, and its endpoints as pending: all or nothing. Where a question was not
    /// answered, `retryAt` says by the number of attempts when all of them are asked again, if they are; a further look
    /// that leaves no less open than the one before changes nothing. With `notBefore` the new endpoints are due at that
    /// moment; without it they are pending in their order.
    public func record(
        host result: HostResult, notBefore: Timestamp? = nil,
        retryAt: @escaping @Sendable (Int) -> Timestamp? = { _ in nil }
    ) async throws(StoreError) {
        try await writer.submit(rows: 1 + result.endpoints.count + result.tlsa.records.count) { [self] db in
            let host = "\(result.addresses.host)"
            let before = try known(host, db)
            try db.cachedStatement(
                sql: "UPDATE mx_hosts SET attempts = attempts + 1, due_at = NULL WHERE scan_id = ? AND mx_host = ?"
            ).execute(arguments: [scanID, host])
            if result.openQuestions > 0 { try LookupRetries.hosts.schedule(host, scanID, retryAt, db) }
            guard before.isUnasked || before.open == 0 || result.openQuestions < before.open else { return }
            guard try update(result, db) else { return }
            if let base = result.tlsa.base { try TLSARows(scanID: scanID, base: base).replace(by: result.tlsa, db) }
            for (port, lookup) in result.tlsaOfOtherPorts {
                try PortTLSARows(scanID: scanID, host: "\(result.addresses.host)").replace(port: port, by: lookup, db)
            }
            let added = try insertEndpoints(of: result, notBefore: notBefore, db)
            let addresses = result.addresses
            let inconclusive = [addresses.v4, addresses.v6].contains { $0.outcome.outcomeClass == .transient }
            count {
                $0.endpoints.total += added
                if before.isUnasked { $0.hosts.done += 1 }
                $0.hosts.inconclusive += (inconclusive ? 1 : 0) - (before.isInconclusive ? 1 : 0)
            }
        }
    }

    /// What a look at a host builds on.
    private struct Known {
        let isUnasked: Bool
        /// Whether a family's question was not answered.
        let isInconclusive: Bool
        /// Questions that were not answered.
        let open: Int
    }

    private func known(_ host: String, _ db: Database) throws -> Known {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT address_v4_outcome = 'dns_tempfail' OR address_v6_outcome = 'dns_tempfail',
                        (address_v4_outcome = 'dns_tempfail') + (address_v6_outcome = 'dns_tempfail')
                        + (tlsa_outcome IN (\(ScanProgress.inconclusive("dns"))))
                        + (SELECT count(*) FROM port_tlsa o WHERE o.scan_id = h.scan_id AND o.mx_host = h.mx_host
                            AND o.tlsa_outcome IN (\(ScanProgress.inconclusive("dns"))))
                    FROM mx_hosts h WHERE scan_id = ? AND mx_host = ? AND measured_at IS NOT NULL
                    """), arguments: [scanID, host])
        return Known(isUnasked: row == nil, isInconclusive: row?[0] ?? false, open: row?[1] ?? 0)
    }

    /// Whether the scan knows the host.
    private func update(_ result: HostResult, _ db: Database) throws -> Bool {
        let addresses = result.addresses
        let fault = [addresses.v4, addresses.v6].first { $0.outcome == .bogus }?.status
        let arguments: StatementArguments = [
            addresses.expandedName.description, addresses.v4.outcome.rawValue, addresses.v6.outcome.rawValue,
            addresses.v4.security.rawValue, addresses.v6.security.rawValue, result.tlsa.base?.description,
            result.tlsa.status.outcome.rawValue, result.tlsa.status.security.rawValue,
            result.caa.text, result.caa.status.outcome.rawValue,
            (addresses.v4.addresses + addresses.v6.addresses).contains(where: \.isSpecialUse), result.hasUnaskedAddress,
            fault?.reason, fault?.extendedError?.code, result.measuredAt.description, scanID,
            addresses.host.description,
        ]
        try db.cachedStatement(sql: Self.look).execute(arguments: arguments)
        return db.changesCount > 0
    }

    private static let look = """
        UPDATE mx_hosts SET expanded_name = ?, address_v4_outcome = ?, address_v6_outcome = ?,
            addr_dnssec_v4 = ?, addr_dnssec_v6 = ?, tlsa_base = ?, tlsa_outcome = ?, tlsa_dnssec = ?,
            caa = ?, caa_outcome = ?, has_special_use = ?, has_unasked_address = ?, address_reason = ?, address_ede_code = ?, measured_at = ?
        WHERE scan_id = ? AND mx_host = ?
        """

    private func insertEndpoints(of result: HostResult, notBefore: Timestamp?, _ db: Database) throws -> Int {
        let insert = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO endpoints
                    (scan_id, mx_host, ip, port, family, asn, prefix, country, order_key, state, due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        var added = 0
        for endpoint in result.endpoints {
            let host = endpoint.host.description
            let ip = endpoint.address.description
            let origin = result.origins[endpoint.address]
            try insert.execute(arguments: [
                scanID, host, ip, endpoint.port, endpoint.address.family.rawValue, origin?.autonomousSystem,
                origin?.prefix?.description, origin?.country,
                ProbeOrder.key(host: host, ip: ip, port: endpoint.port, seed: seed),
                notBefore == nil ? "pending" : "retry", notBefore?.seconds,
            ])
            added += db.changesCount
        }
        return added
    }
}

extension CAALookup {
    /// The records as JSON, sorted, without anybody's mailbox; nil where their absence is not certain.
    fileprivate var text: String? {
        switch status.outcome {
        case .noerrorData, .noerrorNodata, .nxdomain: JSONText.array(records.map(FreeText.withoutMailboxes).sorted())
        default: nil
        }
    }
}
