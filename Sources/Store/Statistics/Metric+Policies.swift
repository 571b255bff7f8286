// SPDX-License-Identifier: Apache-2.0
// Questions about what domains publish beside their MX records, of domains with explicit MX: parked domains, which have
// an address and no MX, would only thin them out. A domain without a row was not asked, which is unknown, not no.

extension Metric {
    static let policies = sts + stsPolicy + text

    private static let sts =
        [
            policy(
                "sts.record", "MTA-STS record",
                of(
                    "mta_sts", "record", yes: ["valid", "multiple", "missing_id", "bad_id", "syntax"],
                    no: ["absent", "bad_version"])),
            policy(
                "sts.record_valid", "MTA-STS record valid",
                of(
                    "mta_sts", "record", yes: ["valid"],
                    no: ["absent", "bad_version", "multiple", "missing_id", "bad_id", "syntax", "dns_bogus"])),
            // RFC 8461 §4.2: every host that the policy names must show a certificate that holds.
            policy(
                "sts.misconfigured", "MTA-STS misconfigured", denominator: "sts.record",
                """
                CASE WHEN d.sts_domain IN ('none', 'not_reached') THEN 3 WHEN d.sts_domain = 'invalid' THEN 1
                WHEN d.sts_domain IN ('unknown', 'not_measured') THEN 2 WHEN d.sts_domain = 'valid_none' THEN 0
                WHEN \(of("mta_sts", "match_domain", yes: ["some", "none"], no: [])) = 1 THEN 1
                ELSE coalesce(1 - d.pkix_mx_all, 2) END
                """),
            policy(
                "sts.policy_valid", "MTA-STS policy valid", denominator: "sts.record_valid",
                """
                CASE WHEN \(of("mta_sts", "record", yes: ["valid"], no: [])) <> 1 THEN
                    \(of("mta_sts", "record", yes: [], no: [], excluded: Self.conclusiveRecords))
                WHEN d.sts_domain = 'invalid' THEN 0 WHEN d.sts_domain IN ('unknown', 'not_measured') THEN 2 ELSE 1 END
                """),
        ]
        + ["enforce", "testing", "none"].map { mode in
            policy(
                "sts.mode{\(mode)}", "MTA-STS mode \(mode)", denominator: "sts.record",
                """
                CASE WHEN d.sts_domain IN ('none', 'not_reached') THEN 3 WHEN d.sts_domain = 'valid_\(mode)' THEN 1
                WHEN d.sts_domain IN ('unknown', 'not_measured') THEN 2 ELSE 0 END
                """)
        }

    /// Of policies that name hosts: whether they name the domain's, and how long they are kept.
    private static let stsPolicy = [
        policy(
            "sts.mx_uncovered", "A host is not in the policy", denominator: "policy valid",
            ofPolicies(of("mta_sts", "match_domain", yes: ["some", "none"], no: ["all"], excluded: ["na"]))),
        policy(
            "sts.all_uncovered", "No host is in the policy", denominator: "policy valid",
            ofPolicies(of("mta_sts", "match_domain", yes: ["none"], no: ["all", "some"], excluded: ["na"]))),
        policy(
            "sts.max_age{<86400}", "MTA-STS policy kept less than a day", denominator: "policy valid",
            ofPolicies(column("mta_sts", "max_age < 86400"))),
        policy(
            "sts.max_age{<1209600}", "Enforced policy kept less than two weeks", denominator: "policy enforced",
            ofPolicies(column("mta_sts", "max_age < 1209600"), modes: "'valid_enforce'")),
    ]

    /// An answer about policies of these modes; where it is not known whether there is one, neither is the answer.
    private static func ofPolicies(_ answer: String, modes: String = "'valid_enforce', 'valid_testing'") -> String {
        """
        CASE WHEN d.sts_domain IN (\(modes)) THEN \(answer) WHEN d.sts_domain IN ('unknown', 'not_measured') THEN 2
        ELSE 3 END
        """
    }

    /// Words of `sts_record` that say that there is no valid one.
    private static let conclusiveRecords = [
        "absent", "bad_version", "multiple", "missing_id", "bad_id", "syntax", "dns_bogus",
    ]

    private static let text =
        [
            policy("tlsrpt.present", "TLS-RPT record valid", outcome("tlsrpt", yes: "= 'valid'")),
            policy("spf.present", "SPF record", outcome("spf", yes: "<> 'absent'")),
            policy("spf.valid", "SPF record valid", outcome("spf", yes: "= 'valid'")),
            policy(
                "spf.too_many_lookups", "SPF record with too many look-ups", outcome("spf", yes: "= 'too_many_lookups'")
            ),
            policy("dmarc.present", "DMARC record applies", outcome("dmarc", yes: "<> 'absent'")),
            // Where everything exists, it does not show whether keys do.
            policy(
                "dkim.hint", "DKIM keys exist",
                column(
                    "txt_policies", "CASE outcome WHEN 'ent_present' THEN 1 WHEN 'nxdomain' THEN 0 ELSE 2 END",
                    "dkim_hint")
            ),
        ]
        + ["-", "~", "?", "+", "redirect", "missing"].map { end in
            policy(
                "spf.all{\(end)}", "SPF record ends with \(end)", denominator: "SPF record read",
                column(
                    "txt_policies",
                    """
                    CASE WHEN outcome IN ('dns_tempfail', 'not_measured', 'not_reached') AND effective IS NULL THEN 2
                    ELSE coalesce(effective = '\(end)', 3) END
                    """, "spf"))
        }
        + ["none", "quarantine", "reject"].map { word in
            policy(
                "dmarc.effective{\(word)}", "DMARC policy \(word)",
                column(
                    "txt_policies",
                    """
                    CASE WHEN outcome = 'dns_tempfail' AND effective IS NULL THEN 2
                    ELSE coalesce(effective = '\(word)', 0) END
                    """, "dmarc"))
        }

    private static func policy(
        _ id: String, _ title: String, denominator: String = "D4x", _ answer: String
    ) -> Metric {
        Metric(id: id, title: title, unit: .domain, denominator: denominator, answer: ofExplicit(answer))
    }

    /// A word of the domain's row as an answer; words that are in no list are unknown.
    private static func of(
        _ table: String, _ name: String, yes: [String], no: [String], excluded: [String] = []
    ) -> String {
        let list = { (words: [String]) in words.map { "'\($0)'" }.joined(separator: ", ") }
        let other = excluded.isEmpty ? "" : "WHEN \(name) IN (\(list(excluded))) THEN 3 "
        return column(
            table, "CASE WHEN \(name) IN (\(list(yes))) THEN 1 WHEN \(name) IN (\(list(no))) THEN 0 \(other)ELSE 2 END")
    }

    /// Whether the outcome of a kind is so; an answer that did not come is unknown.
    private static func outcome(_ kind: String, yes: String) -> String {
        column(
            "txt_policies",
            "CASE WHEN outcome IN ('dns_tempfail', 'not_measured', 'not_reached') THEN 2 ELSE outcome \(yes) END", kind)
    }

    private static func column(_ table: String, _ expression: String, _ kind: String? = nil) -> String {
        let condition = kind.map { " AND t.kind = '\($0)'" } ?? ""
        return """
            coalesce((SELECT \(expression) FROM \(table) t
                WHERE t.scan_id = d.scan_id AND t.domain = d.domain\(condition)), 2)
            """
    }
}
