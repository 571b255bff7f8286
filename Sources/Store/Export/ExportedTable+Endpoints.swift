// SPDX-License-Identifier: Apache-2.0

extension ExportedTable {
    static let endpoints = ExportedTable(
        name: "endpoints",
        columns: [
            .key("scan_id"), .key("mx_host"), .key("ip"), .key("port"), .plain("family"), .plain("asn", .notMeasured),
            .plain("prefix", .notMeasured), .plain("country", .notMeasured), .plain("tcp"), .plain("tcp_errno", tcp),
            .plain("greeting"), .plain("greeting_code", greeting), .plain("ehlo"), .plain("ehlo_code", ehlo),
            .plain("starttls"), .plain("starttls_code", starttls), .plain("tls"),
            .freeText("banner_software", greeting), .json("ehlo_extensions", ehlo),
            .json("ehlo_extensions_tls", tls), .boolean("requiretls", tls), .plain("size_limit", ehlo),
            .plain("connections_used"), .plain("rtt_ms", tcp), .plain("first_at", tcp), .plain("last_at", tcp),
            .plain("attempts"), .plain("final_class", tcp),
        ], key: ["mx_host", "ip", "port"])

    static let attempts = ExportedTable(
        name: "attempts",
        columns: [
            .key("scan_id"), .key("mx_host"), .key("ip"), .key("port"), .key("hello_profile"), .key("attempt"),
            .plain("at"), .plain("stage"), .plain("outcome"), .plain("reply_code"), .plain("errno"), .plain("alert"),
        ], key: ["mx_host", "ip", "port", "hello_profile", "attempt"])

    static let tlsProbes = ExportedTable(
        name: "tls_probes",
        columns: [
            .key("scan_id"), .key("mx_host"), .key("ip"), .key("port"), .key("hello_profile"), .plain("source"),
            .plain("inferred_from"), .plain("sni"), .plain("outcome"), .plain("version", outcome),
            .plain("cipher", outcome), .plain("group", keyExchange), .plain("dh_bits", keyExchange),
            .plain("sig_scheme", keyExchange), .plain("alert", outcome), .plain("errno", outcome), .boolean("hrr"),
            .boolean("server_preference", preference), .boolean("ems", outcome), .boolean("secure_reneg", outcome),
            .boolean("compression", compression), .boolean("session_ticket", outcome), .plain("chain_sha256", chain),
            .plain("pkix"), .json("pkix_codes", pkix), .plain("name_match_mx"), .plain("name_match_base"),
            .plain("days_left", pkix), .plain("dane"), .plain("duration_ms", outcome),
        ], key: ["mx_host", "ip", "port", "hello_profile"])

    static let endpointCerts = ExportedTable(
        name: "endpoint_certs",
        columns: [
            .key("scan_id"), .key("mx_host"), .key("ip"), .key("port"), .key("hello_profile"), .key("position"),
            .plain("cert_sha256"),
        ], key: ["mx_host", "ip", "port", "hello_profile", "position"])

    /// Certificates are shared by the scans of a file; a release has those that its own endpoints showed.
    static let certificates = ExportedTable(
        name: "certificates",
        columns: [
            .key("cert_sha256"), .plain("spki_sha256"), .freeText("subject_cn"), .freeText("issuer_dn"),
            .plain("serial"), .plain("not_before"), .plain("not_after"), .plain("key_type"), .plain("key_bits"),
            .plain("curve"), .plain("sig_alg"), .json("san_dns"), .plain("san_count"), .boolean("is_ca"),
            .boolean("self_signed"), .plain("ct_sct_count"), .boolean("ocsp_url_present"), .plain("first_seen"),
            .plain("last_seen"),
        ], key: ["cert_sha256"],
        selection: "cert_sha256 IN (SELECT cert_sha256 FROM endpoint_certs WHERE scan_id = ?)")

    static let tlsSuites = ExportedTable(
        name: "tls_suites",
        columns: [
            .key("scan_id"), .key("mx_host"), .key("ip"), .key("port"), .key("version"), .key("position"),
            .plain("cipher"),
        ], key: ["mx_host", "ip", "port", "version", "position"])

    /// Not every hello asks everything.
    private static func asked(where condition: String) -> NullRule {
        .stage(column: "iif(\(condition), outcome, 'not_measured')", of: "tls")
    }

    private static let keyExchange = asked(where: "hello_profile NOT IN ('legacy', 'tls11', 'tls10')")
    private static let preference = asked(where: "hello_profile LIKE 'deep_suites%' OR hello_profile = 'deep_groups'")
    private static let compression = asked(where: "hello_profile LIKE 'deep_suites%' OR hello_profile = 'full'")
    private static let chain = asked(where: "hello_profile IN ('full', 'deep_rsa', 'deep_ecdsa')")
    private static let tcp = NullRule.stage(column: "tcp", of: "tcp")
    private static let greeting = NullRule.stage(column: "greeting", of: "greeting")
    private static let ehlo = NullRule.stage(column: "ehlo", of: "ehlo")
    private static let starttls = NullRule.stage(column: "starttls", of: "starttls")
    private static let tls = NullRule.stage(column: "tls", of: "tls")
    private static let outcome = NullRule.stage(column: "outcome", of: "tls")
    private static let pkix = NullRule.stage(column: "pkix", of: "pkix")
}
