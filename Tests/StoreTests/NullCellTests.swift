// SPDX-License-Identifier: Apache-2.0
import GRDB
import Testing

@testable import Store

/// Every column of every exported table that can be NULL, with the stage that it follows, typed by hand.
/// `-` is a column that is empty where it does not apply; `NM` one that nobody asks for yet;
/// a rule that `composed` explains follows several columns, and its cells have tests of their own.
private let nullable: [(table: String, columns: String, rule: String)] = [
    (
        "scans",
        "ended_at vantage_id list_name list_id list_sha256 root_store root_store_sha256 openssl_version ldns_version",
        "-"
    ),
    ("domains", "domain_unicode rank", "-"),
    ("domains", "etld1 provider_primary", "NM"),
    ("domains", "ns_count ns_ipv6_count", "published"),
    ("domains", "mx_rcode ede_code ede_text measured_at", "dns_mx_outcome:dns"),
    ("domains", "dnssec_reason sha1_only", "dns_mx_dnssec:dnssec"),
    ("domains", "mx_flags mx_count mx_primary_count", "mx_shape:mx_shape"),
    (
        "domains",
        """
        starttls_any starttls_all starttls_primary tls_works_any tls_works_all tls_works_primary pkix_mx_all
        """, "hosts"
    ),
    ("domain_mx", "via_cname", "NM"),
    ("mx_hosts", "expanded_name", "address_v4_outcome:address"),
    ("mx_hosts", "tlsa_base", "tlsa_outcome:dns"),
    ("mx_hosts", "caa", "caa_outcome:dns"),
    ("mx_hosts", "provider", "NM"),
    ("tlsa", "shadowed", "-"),
    ("tlsa", "matched_ips", "judging"),
    ("mta_sts", "record_id policy_provider", "record:sts_record"),
    ("mta_sts", "http_status host_cert_sha256 fetched_at", "fetch:sts_fetch"),
    ("mta_sts", "mode max_age mx_patterns policy_sha256 flags", "file"),
    ("txt_policies", "raw found_at effective lookups", "text"),
    ("txt_policies", "ruleset", "-"),
    ("endpoints", "asn prefix country", "NM"),
    ("endpoints", "tcp_errno rtt_ms first_at last_at final_class", "tcp:tcp"),
    ("endpoints", "greeting_code banner_software", "greeting:greeting"),
    ("endpoints", "ehlo_code ehlo_extensions size_limit", "ehlo:ehlo"),
    ("endpoints", "starttls_code", "starttls:starttls"),
    ("endpoints", "ehlo_extensions_tls requiretls", "tls:tls"),
    ("attempts", "reply_code errno alert", "-"),
    ("tls_probes", "inferred_from sni", "-"),
    ("tls_probes", "server_preference group dh_bits sig_scheme compression chain_sha256", "hello"),
    (
        "tls_probes", "version cipher alert errno ems secure_reneg session_ticket duration_ms", "outcome:tls"
    ),
    ("tls_probes", "pkix_codes days_left", "pkix:pkix"),
    (
        "certificates",
        """
        spki_sha256 subject_cn issuer_dn serial not_before not_after key_type key_bits curve sig_alg san_dns san_count
        is_ca self_signed ct_sct_count ocsp_url_present
        """, "-"
    ),
]

/// Rules over several columns: an aggregate over hosts, a judgement, what not every hello asks, what a domain publishes,
/// what a policy file says, what a text does. Each with one of its columns and its stage.
private let composed: [String: (column: String, stage: String)] = [
    "hosts": (column: "", stage: "mx_shape"), "judging": ("", "dane"), "hello": ("hello_profile", "tls"),
    "published": ("sts_domain", "mx_shape"), "file": ("fetch", "sts_fetch"), "text": ("outcome", "spf"),
]

@Suite struct NullCellTests {
    @Test(arguments: [
        ("not_reached", "tcp", ""), ("not_measured", "tcp", "NM"), ("open", "tcp", ""), ("timeout", "tcp", "UNK"),
        ("budget_exhausted", "tcp", "UNK"), ("554", "greeting", ""), ("4xx", "greeting", "UNK"),
        ("blocked_by_reputation", "ehlo", "UNK"), ("not_offered", "starttls", ""), ("offered_454", "starttls", "UNK"),
        ("alert_other", "tls", ""), ("client_policy", "tls", "UNK"), ("nxdomain", "dns", ""),
        ("servfail", "dns", "UNK"),
        ("indeterminate", "dnssec", "UNK"), ("unknown", "mx_shape", "UNK"), ("null_mx", "mx_shape", ""),
        ("no_word_of_ours", "tcp", "UNK"),
    ])
    func theWordOfTheStageSaysWhyACellIsEmpty(word: String, stage: String, expected: String) {
        #expect(NullCell.text(word: word, of: stage) == expected)
    }

    @Test(arguments: nullable)
    func everyColumnFollowsItsStage(table: String, columns: String, rule: String) throws {
        let exported = try #require(ExportedTable.all.first { $0.name == table })
        for name in columns.split(whereSeparator: \.isWhitespace) {
            let column = try #require(exported.columns.first { $0.name == name }, "\(table).\(name)")
            if let wanted = composed[rule] {
                guard case .stage(let expression, of: wanted.stage) = column.whenNull,
                    expression.contains(wanted.column)
                else {
                    Issue.record("\(table).\(name)")
                    continue
                }
                continue
            }
            let parts = rule.split(separator: ":").map(String.init)
            let expected: NullRule =
                switch rule {
                case "-": .notApplicable
                case "NM": .notMeasured
                default: .stage(column: parts[0], of: parts[1])
                }
            #expect(column.whenNull == expected, "\(table).\(name)")
        }
    }

    @Test func everyColumnThatCanBeNullHasBeenThoughtOf() throws {
        let store = try SurveyStore.inMemory()
        for table in ExportedTable.all {
            let inSchema = try store.read { db in
                try db.columns(in: table.name).filter { !$0.isNotNull }.map(\.name)
            }
            let published = Set(table.columns.map(\.name)).intersection(inSchema)
            let thoughtOf = nullable.filter { $0.table == table.name }.flatMap {
                $0.columns.split(whereSeparator: \.isWhitespace)
            }
            #expect(published.sorted() == thoughtOf.map(String.init).sorted(), "\(table.name)")
        }
    }

    /// Shape, whether the aggregates are drawn, whether any handshake completed -> the cells of two aggregates.
    @Test(
        arguments: [
            ("explicit", false, nil, "NM", "NM"), ("explicit", true, nil, "UNK", "UNK"),
            ("explicit", true, false, "UNK", "UNK"),
            ("implicit", true, nil, "UNK", "UNK"), ("null_mx_mixed", true, true, "UNK", "UNK"),
            ("null_mx", true, nil, "", ""), ("nxdomain", false, nil, "", ""), ("unknown", true, nil, "UNK", "UNK"),
            ("not_measured", false, nil, "NM", "NM"),
        ] as [(String, Bool, Bool?, String, String)])
    func anAggregateIsUnknownOnlyWhereThereIsSomethingToKnow(
        shape: String, judged: Bool, works: Bool?, starttls: String, pkix: String
    ) throws {
        let store = try SurveyStore.inMemory()
        try store.database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO scans (scan_id, started_at, tool_version, config_sha256, dnssec_mode, seed)
                        VALUES ('s', 't', '1', 'c', 'off', 0);
                    INSERT INTO domains (scan_id, domain, dns_mx_outcome, measured_at) VALUES ('s', 'd', 'noerror_data', 't');
                    """)
            try db.execute(
                sql: "UPDATE domains SET mx_shape = ?, judged = ?, tls_works_any = ?",
                arguments: [shape, judged, works])
        }
        let folder = try ScratchFolder()
        _ = try Exporter(store, scanID: "s").write(to: folder.path)
        let row = try #require(try CSVLines(folder.file("domains.csv")).records.first)
        #expect(row["starttls_primary"] == starttls)
        #expect(row["pkix_mx_all"] == pkix)
    }
}
