// SPDX-License-Identifier: Apache-2.0
import GRDB
import Testing

@testable import Store

/// The columns of every table as docs/dataset.md publishes them, typed by hand.
private let published: [String: String] = [
    "scans": """
    scan_id started_at ended_at status resumed_count vantage_id tool_version config_sha256 list_name list_id
    list_sha256 input_rows invalid_rows duplicate_rows optout_rows dnssec_mode root_store root_store_sha256
    openssl_version ldns_version
    """,
    "domains": """
    scan_id domain domain_unicode rank labels etld1 mx_rcode dns_mx_outcome dns_mx_dnssec dnssec_reason ede_code
    ede_text sha1_only mx_shape mx_flags mx_count mx_primary_count provider_primary starttls_any starttls_all
    starttls_primary tls_works_any tls_works_all tls_works_primary pkix_mx_all dane_domain sts_domain ns_count
    ns_ipv6_count attempts measured_at
    """,
    "domain_mx": """
    scan_id domain mx_host preference is_implicit is_primary via_cname sts_match name_match_domain
    """,
    "mx_hosts": """
    scan_id mx_host expanded_name address_v4_outcome address_v6_outcome addr_dnssec_v4 addr_dnssec_v6 tlsa_base
    tlsa_outcome tlsa_dnssec dane_state rollover caa provider domains_count
    """,
    "endpoints": """
    scan_id mx_host ip port family asn prefix country tcp tcp_errno greeting greeting_code ehlo ehlo_code starttls
    starttls_code tls banner_software ehlo_extensions ehlo_extensions_tls requiretls size_limit connections_used
    rtt_ms first_at last_at attempts final_class
    """,
    "attempts": """
    scan_id mx_host ip port hello_profile attempt at stage outcome reply_code errno alert
    """,
    "tls_probes": """
    scan_id mx_host ip port hello_profile source inferred_from sni outcome version cipher group dh_bits sig_scheme
    alert errno hrr server_preference ems secure_reneg compression session_ticket chain_sha256 pkix pkix_codes
    name_match_mx name_match_base days_left dane duration_ms
    """,
    "tls_suites": "scan_id mx_host ip port version position cipher",
    "endpoint_certs": "scan_id mx_host ip port hello_profile position cert_sha256",
    "certificates": """
    cert_sha256 spki_sha256 subject_cn issuer_dn serial not_before not_after key_type key_bits curve sig_alg san_dns
    san_count is_ca self_signed ct_sct_count ocsp_url_present first_seen last_seen
    """,
    "tlsa": "scan_id tlsa_base usage selector mtype data_hex dnssec usable shadowed matched_ips",
    "mta_sts": """
    scan_id domain record record_id policy_provider fetch http_status policy mode max_age mx_patterns policy_sha256
    host_cert_sha256 match_domain flags fetched_at
    """,
    "txt_policies": "scan_id domain kind outcome raw dnssec found_at effective lookups ruleset",
    "postures": """
    scan_id domain posture resists_passive resists_striptls_dane resists_striptls_sts_warm resists_striptls_sts_cold
    resists_mx_spoof_dane resists_mx_spoof_sts resists_rogue_ca fail_open_host_count weakest_host
    """,
    "verdicts": "scan_id domain verdicts",
    "compliance": "scan_id unit key profile result failing_rules unknown_rules score_low score_high",
    "aggregates": """
    scan_id metric stratum weight agg yes no unknown excluded rate ci_low ci_high bound_low bound_high ci_method
    denominator_id
    """,
    "providers": "provider suffixes method",
    "vocab": "stage code class rfc8460_type text",
    "port_tlsa": "scan_id mx_host port tlsa_base tlsa_outcome tlsa_dnssec records is_usable",
    "input_errors": "scan_id file line text reason",
    "probe_errors": "scan_id mx_host ip port hello_profile at detail",
]

/// Columns that stay in the database.
private let local = [
    "scans": "ehlo_name contact info_url judged_as_of seed input_complete conduct_sha256 is_dry_run canary_at",
    "domains": "judged due_at",
    "mx_hosts":
        "caa_outcome address_reason address_ede_code has_special_use has_unasked_address measured_at attempts due_at",
    "endpoints": "order_key state due_at implicit_tls hellos inference_check",
    "certificates": "host_cns der",
    "mta_sts": "attempts due_at content_type policy_text fault_line host_alias",
    "txt_policies": "problem_at problem_term",
]

private func words(_ text: String?) -> [String] { (text ?? "").split(whereSeparator: \.isWhitespace).map(String.init) }

@Suite struct SchemaTests {
    /// The published columns of a table.
    static func columns(of table: String) -> [String] { words(published[table]) }

    @Test func everyTableHasThePublishedColumnsInOrderAndTheLocalOnesBehind() throws {
        let store = try SurveyStore.inMemory()
        let tables = try store.read { db in
            try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'grdb%' ORDER BY name")
        }
        #expect(tables == published.keys.sorted())
        for table in tables {
            let columns = try store.read { try $0.columns(in: table).map(\.name) }
            #expect(columns == words(published[table]) + words(local[table]), "\(table)")
        }
    }

    @Test func theFileCarriesOurMarkAndTheSchemaVersion() throws {
        let store = try SurveyStore.inMemory()
        #expect(try store.rows("PRAGMA application_id") == ["1836606323"])
        #expect(try store.rows("PRAGMA user_version") == ["1"])
    }

    @Test(arguments: [
        "UPDATE endpoints SET tls = 'ok'",
        "UPDATE endpoints SET greeting = '220'",
        "UPDATE endpoints SET tcp = 'open', greeting = '554', ehlo = '250'",
        "UPDATE endpoints SET tcp = 'open', greeting = '220', ehlo = 'timeout', starttls = 'offered_220'",
        "UPDATE endpoints SET tcp = 'open', greeting = '220', ehlo = '250', starttls = 'not_offered', tls = 'ok'",
        "UPDATE endpoints SET tcp = 'refused', implicit_tls = 1, tls = 'ok'",
        "UPDATE endpoints SET tcp = 'open', implicit_tls = 1, tls = 'eof', greeting = '220'",
        """
        UPDATE endpoints SET tcp = 'open', implicit_tls = 1, tls = 'ok', greeting = '220', ehlo = '250',
            starttls = 'not_offered'
        """,
        "UPDATE endpoints SET final_class = 'X'",
        "UPDATE domains SET starttls_any = 2",
        "UPDATE domains SET mx_shape = 'explicit'",
        "UPDATE domains SET dns_mx_outcome = 'nxdomain'",
        "UPDATE domains SET mx_count = 1, mx_primary_count = 2",
        "UPDATE domains SET rank = 'first'",
        "UPDATE scans SET status = 'resumed'",
        "INSERT INTO tls_probes (scan_id, mx_host, ip, port, hello_profile, outcome) VALUES ('s', 'm', '9', 25, 'full', 'ok')",
        """
        INSERT INTO tls_probes (scan_id, mx_host, ip, port, hello_profile, outcome, pkix)
        VALUES ('s', 'm', '1', 25, 'full', 'ok', 'valid')
        """,
        """
        INSERT INTO tls_probes (scan_id, mx_host, ip, port, hello_profile, outcome, source)
        VALUES ('s', 'm', '1', 25, 'full', 'ok', 'inferred')
        """,
    ])
    func rowsThatContradictThemselvesAreRefused(sql: String) throws {
        let store = try SurveyStore.inMemory()
        try store.database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO scans (scan_id, started_at, tool_version, config_sha256, dnssec_mode, seed)
                        VALUES ('s', 't', '1', 'c', 'off', 0);
                    INSERT INTO domains (scan_id, domain) VALUES ('s', 'd');
                    INSERT INTO mx_hosts (scan_id, mx_host) VALUES ('s', 'm');
                    INSERT INTO endpoints (scan_id, mx_host, ip, port, family, order_key) VALUES ('s', 'm', '1', 25, 4, 0);
                    """)
        }
        let error = try #require(throws: DatabaseError.self) { try store.database.write { try $0.execute(sql: sql) } }
        #expect(error.resultCode == .SQLITE_CONSTRAINT)
    }

    @Test func rowsThatFollowTheStagesAreTaken() throws {
        let store = try SurveyStore.inMemory()
        try store.database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO scans (scan_id, started_at, tool_version, config_sha256, dnssec_mode, seed)
                        VALUES ('s', 't', '1', 'c', 'off', 0);
                    INSERT INTO mx_hosts (scan_id, mx_host) VALUES ('s', 'm');
                    INSERT INTO endpoints (scan_id, mx_host, ip, port, family, order_key) VALUES ('s', 'm', '1', 25, 4, 0);
                    UPDATE endpoints SET tcp = 'open', greeting = '220', ehlo = 'helo_only', starttls = 'not_offered',
                        tls = 'not_reached';
                    UPDATE endpoints SET ehlo = '250', starttls = 'offered_220', tls = 'ok', final_class = 'C';
                    UPDATE endpoints SET starttls = 'not_reached', implicit_tls = 1;
                    """)
        }
        #expect(try store.rows("SELECT tls FROM endpoints") == ["ok"])
    }
}
