// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Observations
import Testing

@testable import Store

@Suite struct StatisticsTests {
    let store: SurveyStore

    init() throws {
        store = try SurveyStore.inMemory()
        try store.database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO scans (scan_id, started_at, tool_version, config_sha256, dnssec_mode, seed)
                    VALUES ('s', 't', '1', 'c', 'validate', 0)
                    """)
        }
    }

    private func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
        try store.database.write { try $0.execute(sql: sql, arguments: arguments) }
    }

    private func add(
        _ domain: String, _ outcome: String, _ dnssec: String, _ shape: String, labels: String = "{}",
        starttls: [Bool?] = [nil, nil, nil], hosts: [String] = []
    ) throws {
        try execute(
            """
            INSERT INTO domains (scan_id, domain, labels, dns_mx_outcome, dns_mx_dnssec, mx_shape, starttls_any,
                starttls_all, starttls_primary, measured_at) VALUES ('s', ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                domain, labels, outcome, dnssec, shape, starttls[0], starttls[1], starttls[2],
                outcome == "not_measured" ? nil : "t",
            ])
        for host in hosts {
            try execute("INSERT OR IGNORE INTO mx_hosts (scan_id, mx_host) VALUES ('s', ?)", [host])
            try execute(
                """
                INSERT INTO domain_mx (scan_id, domain, mx_host, preference, is_implicit, is_primary)
                VALUES ('s', ?, ?, 0, 0, 1)
                """, [domain, host])
        }
    }

    private func addresses(_ host: String, _ v4: String, _ v6: String, _ dnssec4: String, _ dnssec6: String) throws {
        try execute("INSERT OR IGNORE INTO mx_hosts (scan_id, mx_host) VALUES ('s', ?)", [host])
        try execute(
            """
            UPDATE mx_hosts SET address_v4_outcome = ?, address_v6_outcome = ?, addr_dnssec_v4 = ?, addr_dnssec_v6 = ?
            WHERE mx_host = ?
            """, [v4, v6, dnssec4, dnssec6, host])
    }

    /// Stages as words: tcp greeting ehlo starttls tls class; behind them version, pkix, name match and SNI of the probe.
    private func endpoint(_ host: String, _ stages: String, probe: [String] = []) throws {
        let words = stages.split(separator: " ").map(String.init)
        try execute("INSERT OR IGNORE INTO mx_hosts (scan_id, mx_host) VALUES ('s', ?)", [host])
        try execute(
            """
            INSERT INTO endpoints (scan_id, mx_host, ip, port, family, order_key, tcp, greeting, ehlo, starttls, tls,
                final_class) VALUES ('s', ?, '1', 25, 4, 0, ?, ?, ?, ?, ?, nullif(?, '-'))
            """, [host] + StatementArguments(words))
        guard !probe.isEmpty else { return }
        try execute(
            """
            INSERT INTO tls_probes (scan_id, mx_host, ip, port, hello_profile, outcome, chain_sha256, version, pkix,
                name_match_mx, sni) VALUES ('s', ?, '1', 25, 'full', 'ok', 'c', ?, ?, ?, ?)
            """, [host] + StatementArguments(probe))
    }

    /// yes, no, unknown, excluded.
    private func counts(
        _ metric: String, _ aggregation: String = "", unit: String? = nil, by: Stratification = .overall,
        stratum: String = "all"
    ) throws -> [Int]? {
        let rows = try Statistics.compute(store, scanID: "s", by: by)
        let row = rows.first {
            $0.metric == metric && $0.aggregation == aggregation && $0.stratum == stratum
                && (unit == nil || $0.unit == unit)
        }
        return row.map { [$0.yes, $0.no, $0.unknown, $0.excluded] }
    }

    @Test func anAnswerIsAResponseAndAPendingDomainIsUnknown() throws {
        try add("a", "noerror_data", "secure", "explicit")
        try add("b", "nxdomain", "secure", "nxdomain")
        try add("c", "timeout", "indeterminate", "unknown")
        try add("d", "bogus", "bogus", "unknown")
        try add("e", "not_measured", "not_measured", "not_measured")
        #expect(try counts("dns.response_rate") == [2, 2, 1, 0])
        #expect(try counts("mx.shape{explicit}") == [1, 1, 3, 0])
        #expect(try counts("mx.shape{null_mx}") == [0, 2, 3, 0])
    }

    @Test func bogusIsCountedApartAndIndeterminateIsUnknown() throws {
        try add("a", "noerror_data", "secure", "explicit")
        try add("b", "noerror_data", "insecure", "explicit")
        try add("c", "bogus", "bogus", "unknown")
        try add("d", "servfail", "indeterminate", "unknown")
        try add("e", "nxdomain", "secure", "nxdomain")
        try add("f", "noerror_data", "not_validated", "explicit")
        #expect(try counts("dnssec.mx_secure") == [1, 1, 1, 3])
        #expect(try counts("dnssec.mx_bogus") == [1, 1, 1, 3])
    }

    @Test func aHostIsSecureWhenBothFamiliesAre() throws {
        try addresses("a", "resolved", "nodata", "secure", "secure")
        try addresses("b", "resolved", "resolved", "secure", "insecure")
        try addresses("c", "resolved", "dns_tempfail", "secure", "indeterminate")
        try addresses("d", "nodata", "nxdomain", "secure", "secure")
        try addresses("e", "dns_tempfail", "nodata", "indeterminate", "secure")
        try addresses("f", "resolved", "family_disabled", "secure", "not_measured")
        #expect(try counts("dnssec.host_secure") == [2, 1, 2, 1])
    }

    @Test func anIPv6AddressThatCouldNotBeLookedUpIsUnknown() throws {
        try addresses("six", "resolved", "resolved", "secure", "secure")
        try addresses("four", "resolved", "nodata", "secure", "secure")
        try addresses("maybe", "resolved", "dns_tempfail", "secure", "secure")
        try add("both", "noerror_data", "secure", "explicit", hosts: ["six", "four"])
        try add("all", "noerror_data", "secure", "explicit", hosts: ["six"])
        try add("none", "noerror_data", "secure", "explicit", hosts: ["four"])
        try add("open", "noerror_data", "secure", "explicit", hosts: ["maybe"])
        try add("no-and-open", "noerror_data", "secure", "explicit", hosts: ["four", "maybe"])
        try add("implicit", "noerror_nodata", "secure", "implicit", hosts: ["six2"])
        try add("tempfail", "timeout", "indeterminate", "unknown")
        #expect(try counts("ipv6.mx_any", "any") == [2, 1, 3, 1])
        #expect(try counts("ipv6.mx_all", "all") == [1, 3, 2, 1])
    }

    @Test func anUnreachableEndpointIsUnknownAndOurOwnLimitIsExcluded() throws {
        try endpoint("ok", "open 220 250 offered_220 ok C", probe: ["TLSv1.3", "valid", "match_exact", "ok"])
        try endpoint("none", "open 220 250 not_offered not_reached C")
        try endpoint("masked", "open 220 250 not_offered_masked not_reached C")
        try endpoint("broken", "open 220 250 offered_220 alert_other C")
        try endpoint("refusing", "open 220 250 offered_5xx not_reached C")
        try endpoint("later", "open 220 250 offered_454 not_reached T")
        try endpoint("timeout", "timeout not_reached not_reached not_reached not_reached T")
        try endpoint("blocked", "open blocked_by_reputation not_reached not_reached not_reached L")
        try endpoint("554", "open 554 not_reached not_reached not_reached C")
        try endpoint("pending", "not_measured not_measured not_measured not_measured not_measured -")
        #expect(try counts("smtp.reachable") == [6, 1, 2, 1])
        #expect(try counts("starttls.offered", unit: "endpoint") == [4, 2, 2, 2])
        #expect(try counts("starttls.works", unit: "endpoint") == [1, 4, 3, 2])
        #expect(try counts("tls.version_max{1.3}") == [1, 0, 3, 6])
        #expect(try counts("tls.version_max{1.2}") == [0, 1, 3, 6])
    }

    @Test func certificatesAreJudgedWhereAHandshakeShowedThem() throws {
        let ok = "open 220 250 offered_220 ok C"
        try endpoint("a", ok, probe: ["TLSv1.3", "valid", "match_wildcard", "a"])
        try endpoint("b", ok, probe: ["TLSv1.2", "self_signed_leaf", "mismatch", "b"])
        try endpoint("c", ok, probe: ["TLSv1.2", "expired_leaf", "cn_only", "c"])
        try endpoint("d", ok, probe: ["TLSv1.0", "not_measured", "not_measured", "d"])
        try endpoint("e", ok, probe: ["TLSv1.3", "valid", "match_exact", "base.test"])
        #expect(try counts("cert.pkix_valid") == [2, 2, 1, 0])
        #expect(try counts("cert.match_mx") == [1, 2, 1, 1])
        #expect(try counts("tls.version_max{1.2}") == [2, 3, 0, 0])
    }

    @Test func domainAggregatesAreThreeValuedAndImplicitMXIsLeftOut() throws {
        try add("a", "noerror_data", "secure", "explicit", starttls: [true, false, nil])
        try add("b", "noerror_data", "secure", "explicit", starttls: [nil, nil, nil])
        try add("c", "noerror_nodata", "secure", "implicit", starttls: [true, true, true])
        try add("d", "noerror_data", "secure", "null_mx")
        try add("e", "timeout", "indeterminate", "unknown")
        #expect(try counts("starttls.offered", "any", unit: "domain") == [1, 0, 2, 2])
        #expect(try counts("starttls.offered", "all", unit: "domain") == [0, 1, 2, 2])
        #expect(try counts("starttls.offered", "primary", unit: "domain") == [0, 0, 3, 2])
        #expect(try counts("starttls.works", "any", unit: "domain") == [0, 0, 3, 2])
    }

    @Test func strataSplitDomainsAndCountASharedHostOnceInEach() throws {
        try add("a.nl", "noerror_data", "secure", "explicit", labels: #"{"sector":"bank"}"#, hosts: ["m", "n"])
        try add("b.nl", "noerror_data", "secure", "explicit", labels: #"{"sector":"bank"}"#, hosts: ["m"])
        try add("c.co.uk", "noerror_data", "insecure", "explicit", labels: #"{"sector":"state"}"#, hosts: ["m"])
        try add("d", "noerror_data", "insecure", "explicit")
        try addresses("m", "resolved", "nodata", "secure", "secure")
        try addresses("n", "resolved", "nodata", "insecure", "insecure")
        try endpoint("m", "open 220 250 not_offered not_reached C")
        let sector = Stratification.label("sector")
        #expect(try counts("dnssec.mx_secure", by: sector, stratum: "bank") == [2, 0, 0, 0])
        #expect(try counts("dnssec.mx_secure", by: sector, stratum: "(none)") == [0, 1, 0, 0])
        #expect(try counts("dnssec.host_secure", by: sector, stratum: "bank") == [1, 1, 0, 0])
        #expect(try counts("dnssec.host_secure", by: sector, stratum: "state") == [1, 0, 0, 0])
        #expect(try counts("smtp.reachable", by: sector, stratum: "bank") == [1, 0, 0, 0])
        #expect(try counts("smtp.reachable") == [1, 0, 0, 0])
        #expect(try counts("dns.response_rate", by: .topLevelDomain, stratum: "nl") == [2, 0, 0, 0])
        #expect(try counts("dns.response_rate", by: .topLevelDomain, stratum: "uk") == [1, 0, 0, 0])
        #expect(try counts("dns.response_rate", by: .topLevelDomain, stratum: "d") == [1, 0, 0, 0])
        #expect(try counts("dns.response_rate", by: .label("no \"such"), stratum: "(none)") == [4, 0, 0, 0])
    }

    @Test func aScanWithoutRowsHasNoStatisticsAndNoScanIsNamed() throws {
        #expect(try Statistics.compute(store, scanID: "s").isEmpty)
        #expect(throws: StoreError.noSuchScan(path: "(memory)", scanID: "x")) {
            _ = try Statistics.compute(store, scanID: "x")
        }
    }
}
