// SPDX-License-Identifier: Apache-2.0

extension ExportedTable {
    /// The tables of a release in the order of the documentation.
    static let all = [
        scans, domains, domainMX, hosts, tlsa, mtaSTS, txtPolicies, endpoints, attempts, tlsProbes, tlsSuites,
        endpointCerts, certificates,
    ]

    static let scans = ExportedTable(
        name: "scans",
        columns: [
            .key("scan_id"), .plain("started_at"), .plain("ended_at"), .plain("status"), .plain("resumed_count"),
            .freeText("vantage_id"), .plain("tool_version"), .plain("config_sha256"), .freeText("list_name"),
            .freeText("list_id"), .plain("list_sha256"), .plain("input_rows"), .plain("invalid_rows"),
            .plain("duplicate_rows"), .plain("optout_rows"), .plain("dnssec_mode"), .freeText("root_store"),
            .plain("root_store_sha256"), .plain("openssl_version"), .plain("ldns_version"),
        ], key: ["scan_id"])

    static let domains = ExportedTable(
        name: "domains",
        columns: [
            .key("scan_id"), .key("domain"), .freeText("domain_unicode"), .plain("rank"), .json("labels"),
            .plain("etld1", .notMeasured), .plain("mx_rcode", dns), .plain("dns_mx_outcome"),
            .plain("dns_mx_dnssec"), .freeText("dnssec_reason", dnssec), .plain("ede_code", dns),
            .freeText("ede_text", dns), .boolean("sha1_only", dnssec), .plain("mx_shape"), .json("mx_flags", shape),
            .plain("mx_count", shape), .plain("mx_primary_count", shape), .plain("provider_primary", .notMeasured),
            .boolean("starttls_any", ofHosts), .boolean("starttls_all", ofHosts),
            .boolean("starttls_primary", ofHosts), .boolean("tls_works_any", ofHosts),
            .boolean("tls_works_all", ofHosts), .boolean("tls_works_primary", ofHosts),
            .boolean("pkix_mx_all", ofHosts), .plain("dane_domain"), .plain("sts_domain"),
            .plain("ns_count", ofPolicies), .plain("ns_ipv6_count", ofPolicies), .plain("attempts"),
            .plain("measured_at", dns),
        ], key: ["domain"])

    static let domainMX = ExportedTable(
        name: "domain_mx",
        columns: [
            .key("scan_id"), .key("domain"), .key("mx_host"), .plain("preference"), .boolean("is_implicit"),
            .boolean("is_primary"), .boolean("via_cname", .notMeasured), .plain("sts_match"),
            .plain("name_match_domain"),
        ], key: ["domain", "mx_host"])

    static let hosts = ExportedTable(
        name: "mx_hosts",
        columns: [
            .key("scan_id"), .key("mx_host"),
            .plain("expanded_name", .stage(column: "address_v4_outcome", of: "address")),
            .plain("address_v4_outcome"), .plain("address_v6_outcome"), .plain("addr_dnssec_v4"),
            .plain("addr_dnssec_v6"), .plain("tlsa_base", .stage(column: "tlsa_outcome", of: "dns")),
            .plain("tlsa_outcome"), .plain("tlsa_dnssec"), .plain("dane_state"), .plain("rollover"),
            .json("caa", .stage(column: "caa_outcome", of: "dns")), .plain("provider", .notMeasured),
            .plain("domains_count"),
        ], key: ["mx_host"])

    static let tlsa = ExportedTable(
        name: "tlsa",
        columns: [
            .key("scan_id"), .key("tlsa_base"), .key("usage"), .key("selector"), .key("mtype"), .key("data_hex"),
            .plain("dnssec"), .plain("usable"), .boolean("shadowed"), .json("matched_ips", ofJudging),
        ], key: ["tlsa_base", "usage", "selector", "mtype", "data_hex"])

    /// Nothing where the record does not count; NM until the scan is judged, UNK where no certificate was seen that it
    /// could be compared with.
    private static let ofJudging = NullRule.stage(
        column: """
            CASE WHEN usable <> 'usable' OR dnssec <> 'secure' THEN 'not_reached'
            WHEN scan_id IN (SELECT scan_id FROM domains WHERE judged) THEN 'unknown' ELSE 'not_measured' END
            """, of: "dane")
    private static let dns = NullRule.stage(column: "dns_mx_outcome", of: "dns")
    private static let dnssec = NullRule.stage(column: "dns_mx_dnssec", of: "dnssec")
    private static let shape = NullRule.stage(column: "mx_shape", of: "mx_shape")

    /// Name servers are asked for with the policies: of domains with mail. What is missing then did not answer.
    private static let ofPolicies = NullRule.stage(
        column: """
            CASE WHEN sts_domain = 'not_reached' THEN 'not_reached' WHEN sts_domain = 'not_measured' THEN 'not_measured'
            ELSE 'unknown' END
            """, of: "mx_shape")

    /// An aggregate over hosts applies where there are hosts: NM until it is drawn, UNK where they could not be tested.
    private static let ofHosts = NullRule.stage(column: aggregateWord, of: "mx_shape")
    private static let aggregateWord = """
        CASE WHEN mx_shape NOT IN ('explicit', 'implicit', 'null_mx_mixed') THEN mx_shape
        WHEN judged THEN 'unknown' ELSE 'not_measured' END
        """
}
