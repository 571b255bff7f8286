// SPDX-License-Identifier: Apache-2.0
import Observations

/// What domains publish beside their MX records: one row for each domain that mail goes to.
extension ExportedTable {
    static let mtaSTS = ExportedTable(
        name: "mta_sts",
        columns: [
            .key("scan_id"), .key("domain"), .plain("record"), .plain("record_id", record),
            .plain("policy_provider", record), .plain("fetch"), .plain("http_status", fetch), .plain("policy"),
            .plain("mode", policy), .plain("max_age", policy), .json("mx_patterns", policy),
            .plain("policy_sha256", policy), .plain("host_cert_sha256", fetch), .plain("match_domain"),
            .json("flags", policy), .plain("fetched_at", fetch),
        ], key: ["domain"])

    static let txtPolicies = ExportedTable(
        name: "txt_policies",
        columns: [
            .key("scan_id"), .key("domain"), .key("kind"), .plain("outcome"), .policyText("raw", outcome),
            .plain("dnssec"), .plain("found_at", outcome), .plain("effective", outcome), .plain("lookups", outcome),
            .plain("ruleset"),
        ], key: ["domain", "kind"])

    private static let record = NullRule.stage(column: "record", of: "sts_record")
    private static let fetch = NullRule.stage(column: "fetch", of: "sts_fetch")
    /// The file's content is known where it could be fetched. A status that asks to come again leaves it as open as one
    /// from 500 up does.
    private static let policy = NullRule.stage(
        column: """
            CASE WHEN policy <> 'not_reached' THEN 'ok' WHEN fetch = 'http_4xx' AND http_status IN (\(passing))
            THEN 'http_5xx' ELSE fetch END
            """, of: "sts_fetch")
    private static let passing = STSFetchOutcome.passingStatuses.sorted().map(String.init).joined(separator: ", ")
    /// The words of the four kinds have the same classes where they are the same words.
    private static let outcome = NullRule.stage(
        column: "CASE WHEN outcome IN ('dns_tempfail', 'not_measured', 'not_reached') THEN outcome ELSE 'absent' END",
        of: "spf")
}
