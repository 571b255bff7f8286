// SPDX-License-Identifier: Apache-2.0
import GRDB
import Testing

@testable import Store

/// What a survey counts of the policies: yes, no, unknown, excluded, typed by hand.
@Suite struct PolicyStatisticsTests {
    private let store: SurveyStore

    init() throws {
        store = try SurveyStore.inMemory()
        try execute(
            """
            INSERT INTO scans (scan_id, started_at, tool_version, config_sha256, dnssec_mode, seed)
            VALUES ('s', 't', '1', 'c', 'validate', 0)
            """)
        // Name, shape, sts_domain, pkix_mx_all; record, policy, max_age, match_domain.
        for row in [
            "good|explicit|valid_enforce|1|valid|valid_enforce|1209600|all",
            "short|explicit|valid_enforce|1|valid|valid_enforce|86399|all",
            "testing|explicit|valid_testing|1|valid|valid_testing|86400|some",
            "lost|explicit|valid_enforce|1|valid|valid_enforce|604800|none",
            "expired|explicit|valid_testing|0|valid|valid_testing|604800|all",
            "silent|explicit|valid_enforce||valid|valid_enforce|604800|all",
            "off|explicit|valid_none|0|valid|valid_none|0|na",
            "broken|explicit|invalid|1|valid|bad_mode||na",
            "unreached|explicit|unknown|1|valid|not_reached||na",
            "pending|explicit|unknown||valid|not_measured||not_measured",
            "twice|explicit|invalid|1|multiple|not_reached||na",
            "old|explicit|none|1|bad_version|not_reached||na",
            "without|explicit|none|1|absent|not_reached||na",
            "failing|explicit|unknown|1|dns_tempfail|not_reached||na",
            "bogus|explicit|invalid|1|dns_bogus|not_reached||na",
            "unasked|explicit|not_measured||||||", "parked|implicit|valid_enforce|1|valid|valid_enforce|1|none",
            "dark|unknown|unknown||||||",
        ] {
            let cells = row.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            let value = { (index: Int) in cells[index].isEmpty ? nil : cells[index] }
            try execute(
                """
                INSERT INTO domains (scan_id, domain, dns_mx_outcome, mx_shape, sts_domain, pkix_mx_all, measured_at)
                VALUES ('s', ?, 'noerror_data', ?, ?, CAST(? AS INTEGER), 't')
                """, [cells[0], cells[1], cells[2], value(3)])
            guard let record = value(4) else { continue }
            try execute(
                """
                INSERT INTO mta_sts (scan_id, domain, record, policy, max_age, match_domain)
                VALUES ('s', ?, ?, ?, CAST(? AS INTEGER), ?)
                """, [cells[0], record, value(5), value(6), value(7)])
        }
    }

    private func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
        try store.database.write { try $0.execute(sql: sql, arguments: arguments) }
    }

    private func text(_ kind: String, _ rows: [(domain: String, outcome: String, effective: String?)]) throws {
        for row in rows {
            try execute(
                "INSERT INTO txt_policies (scan_id, domain, kind, outcome, effective) VALUES ('s', ?, ?, ?, ?)",
                [row.domain, kind, row.outcome, row.effective])
        }
    }

    private func counts(_ metric: String) throws -> [Int]? {
        try Statistics.compute(store, scanID: "s").first { $0.metric == metric }.map {
            [$0.yes, $0.no, $0.unknown, $0.excluded]
        }
    }

    /// Parked domains are left out, and one whose MX answer is not known is unknown to every question.
    @Test(arguments: [
        ("sts.record", [11, 2, 4, 1]), ("sts.record_valid", [10, 4, 3, 1]),
        // Of the eleven: three that are no use, two that leave hosts out, one with a bad certificate.
        ("sts.misconfigured", [6, 3, 6, 3]), ("sts.policy_valid", [7, 1, 5, 5]),
        ("sts.mx_uncovered", [2, 4, 5, 7]), ("sts.all_uncovered", [1, 5, 5, 7]),
        ("sts.mode{enforce}", [4, 6, 5, 3]), ("sts.mode{testing}", [2, 8, 5, 3]), ("sts.mode{none}", [1, 9, 5, 3]),
        ("sts.max_age{<86400}", [1, 5, 5, 7]), ("sts.max_age{<1209600}", [3, 1, 5, 9]),
    ])
    func mtaSTS(metric: String, expected: [Int]) throws {
        #expect(try counts(metric) == expected)
    }

    @Test func textPolicies() throws {
        try text(
            "spf",
            [
                ("good", "valid", "-"), ("short", "valid", "~"), ("testing", "too_many_lookups", "-"),
                ("lost", "syntax", nil), ("expired", "absent", nil), ("silent", "dns_tempfail", nil),
                ("off", "dns_tempfail", "redirect"), ("parked", "valid", "-"),
            ])
        // Nobody has asked the other nine with mail.
        #expect(try counts("spf.present") == [4, 1, 12, 1])
        #expect(try counts("spf.valid") == [2, 3, 12, 1])
        #expect(try counts("spf.too_many_lookups") == [1, 4, 12, 1])
        #expect(try counts("spf.all{-}") == [2, 2, 11, 3])
        #expect(try counts("spf.all{redirect}") == [1, 3, 11, 3])
        try text(
            "dmarc",
            [
                ("good", "valid", "reject"), ("short", "syntax", "none"), ("testing", "no_p", nil),
                ("lost", "absent", nil), ("expired", "dns_tempfail", nil),
                // The policy is known where whether its reports are wanted is not.
                ("off", "dns_tempfail", "quarantine"),
            ])
        #expect(try counts("dmarc.present") == [3, 1, 13, 1])
        #expect(try counts("dmarc.effective{reject}") == [1, 4, 12, 1])
        #expect(try counts("dmarc.effective{none}") == [1, 4, 12, 1])
        try text("tlsrpt", [("good", "valid", nil), ("short", "syntax", nil), ("lost", "dns_tempfail", nil)])
        #expect(try counts("tlsrpt.present") == [1, 1, 15, 1])
        try text(
            "dkim_hint", [("good", "ent_present", nil), ("short", "nxdomain", nil), ("lost", "nodata_wildcard", nil)])
        #expect(try counts("dkim.hint") == [1, 1, 15, 1])
    }
}
