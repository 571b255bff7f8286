// SPDX-License-Identifier: Apache-2.0
import GRDB
import Testing

@testable import Store

@Suite struct DANEStatisticsTests {
    let store: SurveyStore

    init() throws {
        store = try SurveyStore.inMemory()
        try execute(
            """
            INSERT INTO scans (scan_id, started_at, tool_version, config_sha256, dnssec_mode, seed)
            VALUES ('s', 't', '1', 'c', 'validate', 0)
            """)
    }

    private func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
        try store.database.write { try $0.execute(sql: sql, arguments: arguments) }
    }

    private func host(
        _ name: String, _ outcome: String, _ dnssec: String, _ state: String, rollover: String = "not_reached"
    ) throws {
        try execute(
            """
            INSERT INTO mx_hosts (scan_id, mx_host, tlsa_outcome, tlsa_dnssec, dane_state, rollover)
            VALUES ('s', ?, ?, ?, ?, ?)
            """, [name, outcome, dnssec, state, rollover])
    }

    /// yes, no, unknown, excluded.
    private func counts(_ metric: String, _ unit: String) throws -> [Int]? {
        let rows = try Statistics.compute(store, scanID: "s")
        let row = rows.first { $0.metric == metric && $0.unit == unit }
        return row.map { [$0.yes, $0.no, $0.unknown, $0.excluded] }
    }

    private func addHosts() throws {
        try host("ee", "noerror_data", "secure", "match_ee", rollover: "prepublished")
        try host("ta", "noerror_data", "secure", "match_ta", rollover: "none")
        try host("wrong", "noerror_data", "secure", "mismatch", rollover: "duplicate_only")
        try host("silent", "noerror_data", "secure", "unknown")
        try host("useless", "noerror_data", "secure", "unusable")
        try host("unsigned", "noerror_data", "insecure", "tlsa_insecure")
        try host("absent", "nxdomain", "secure", "absent_secure")
        try host("broken", "bogus", "bogus", "tempfail")
        try host("plain", "not_reached", "not_reached", "insecure_address")
        try host("pending", "not_measured", "not_measured", "not_measured")
    }

    @Test func recordsAreCountedWhereSomebodyAsked() throws {
        try addHosts()
        #expect(try counts("dane.published", "mx_host") == [6, 1, 2, 1])
        #expect(try counts("dane.usable", "mx_host") == [4, 1, 0, 5])
    }

    @Test func aMatchIsCountedWhereThereIsSomethingToMatch() throws {
        try addHosts()
        #expect(try counts("dane.valid", "mx_host") == [2, 1, 1, 6])
        #expect(try counts("dane.rollover_ready", "mx_host") == [1, 2, 1, 6])
    }

    /// Host, starttls, final class and the word of its probe -> the answer's place.
    @Test(
        arguments: [
            ("match_ee", "offered_220", "C", "match_ee", 0), ("mismatch", "offered_220", "C", "mismatch", 1),
            ("no_starttls", "not_offered", "C", nil, 1), ("tls_failed", "offered_220", "C", "tls_failed", 1),
            ("unknown", "not_reached", "T", nil, 2), ("unknown", "offered_454", "T", nil, 2),
            ("unknown", "not_reached", "L", nil, 3), ("absent_secure", "offered_220", "C", "absent_secure", 3),
            ("insecure_address", "not_offered", "C", nil, 3),
        ] as [(String, String, String, String?, Int)])
    func anEndpointIsCountedByItself(
        state: String, starttls: String, final: String, word: String?, place: Int
    ) throws {
        try host("h", "noerror_data", "secure", state)
        let isReached = starttls != "not_reached"
        try execute(
            """
            INSERT INTO endpoints (scan_id, mx_host, ip, port, family, order_key, tcp, greeting, ehlo, starttls,
                final_class) VALUES ('s', 'h', '1', 25, 4, 0, ?, ?, ?, ?, ?)
            """,
            [
                isReached ? "open" : "timeout", isReached ? "220" : "not_reached", isReached ? "250" : "not_reached",
                starttls, final,
            ])
        if let word {
            try execute(
                """
                INSERT INTO tls_probes (scan_id, mx_host, ip, port, hello_profile, outcome, dane)
                VALUES ('s', 'h', '1', 25, 'full', 'ok', ?)
                """, [word])
        }
        var expected = [0, 0, 0, 0]
        expected[place] = 1
        #expect(try counts("dane.valid", "endpoint") == expected)
    }

    @Test func domainsAreCountedWhereTheirMXRecordsAreSecure() throws {
        let domains = [
            ("valid", "secure"), ("failed", "secure"), ("partial", "secure"), ("none", "secure"),
            ("insecure", "secure"), ("insecure", "insecure"), ("unknown", "secure"), ("no_mx", "secure"),
            ("unusable", "secure"),
        ]
        for (index, (word, security)) in domains.enumerated() {
            try execute(
                """
                INSERT INTO domains (scan_id, domain, dns_mx_outcome, dns_mx_dnssec, mx_shape, dane_domain, measured_at)
                VALUES ('s', ?, 'noerror_data', ?, 'explicit', ?, 't')
                """, ["d\(index)", security, word])
        }
        #expect(try counts("dane.valid", "domain") == [1, 5, 1, 2])
        #expect(try counts("dane.failed", "domain") == [1, 2, 1, 5])
    }
}
