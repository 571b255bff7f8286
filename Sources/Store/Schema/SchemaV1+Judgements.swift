// SPDX-License-Identifier: Apache-2.0

extension SchemaV1 {
    /// What follows from the observations: postures, verdicts, compliance, aggregates. Every row can be drawn again.
    static let judgements = """
        CREATE TABLE postures (
            scan_id TEXT NOT NULL,
            domain TEXT NOT NULL,
            posture TEXT NOT NULL DEFAULT 'not_measured',
            resists_passive INTEGER CHECK (resists_passive IN (0, 1)),
            resists_striptls_dane INTEGER CHECK (resists_striptls_dane IN (0, 1)),
            resists_striptls_sts_warm INTEGER CHECK (resists_striptls_sts_warm IN (0, 1)),
            resists_striptls_sts_cold INTEGER CHECK (resists_striptls_sts_cold IN (0, 1)),
            resists_mx_spoof_dane INTEGER CHECK (resists_mx_spoof_dane IN (0, 1)),
            resists_mx_spoof_sts INTEGER CHECK (resists_mx_spoof_sts IN (0, 1)),
            resists_rogue_ca INTEGER CHECK (resists_rogue_ca IN (0, 1)),
            fail_open_host_count INTEGER,
            weakest_host TEXT,
            PRIMARY KEY (scan_id, domain),
            FOREIGN KEY (scan_id, domain) REFERENCES domains
        ) STRICT, WITHOUT ROWID;

        -- One row a domain: sender_policy, variant, outcome, deciding_host, rule_id, rfc, rfc8460_type, via and flags of
        -- all its verdicts as a JSON array of objects, expanded into one row each on export.
        CREATE TABLE verdicts (
            scan_id TEXT NOT NULL,
            domain TEXT NOT NULL,
            verdicts TEXT NOT NULL,
            PRIMARY KEY (scan_id, domain),
            FOREIGN KEY (scan_id, domain) REFERENCES domains
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE compliance (
            scan_id TEXT NOT NULL REFERENCES scans,
            unit TEXT NOT NULL,
            "key" TEXT NOT NULL,
            profile TEXT NOT NULL,
            result TEXT NOT NULL CHECK \(isOne("result", of: "pass", "fail", "warn", "na", "unknown")),
            failing_rules TEXT,
            unknown_rules TEXT,
            score_low REAL,
            score_high REAL,
            PRIMARY KEY (scan_id, unit, "key", profile),
            CHECK (score_low <= score_high)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE aggregates (
            scan_id TEXT NOT NULL REFERENCES scans,
            metric TEXT NOT NULL,
            stratum TEXT NOT NULL,
            weight TEXT NOT NULL,
            agg TEXT NOT NULL,
            yes INTEGER NOT NULL, no INTEGER NOT NULL, unknown INTEGER NOT NULL, excluded INTEGER NOT NULL,
            rate REAL, ci_low REAL, ci_high REAL, bound_low REAL, bound_high REAL,
            ci_method TEXT NOT NULL CHECK \(isOne("ci_method", of: "census", "wilson", "cluster_bootstrap")),
            denominator_id TEXT NOT NULL,
            PRIMARY KEY (scan_id, metric, stratum, weight, agg)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE providers (
            provider TEXT NOT NULL PRIMARY KEY,
            suffixes TEXT NOT NULL DEFAULT '[]',
            method TEXT NOT NULL
        ) STRICT;

        CREATE TABLE vocab (
            stage TEXT NOT NULL,
            code TEXT NOT NULL,
            class TEXT NOT NULL CHECK \(isOne("class", of: "C", "T", "L", "-")),
            rfc8460_type TEXT,
            text TEXT,
            PRIMARY KEY (stage, code)
        ) STRICT, WITHOUT ROWID;
        """

    /// What never leaves the database.
    static let local = """
        CREATE TABLE input_errors (
            scan_id TEXT NOT NULL REFERENCES scans,
            file TEXT NOT NULL,
            line INTEGER NOT NULL,
            text TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (scan_id, file, line)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE probe_errors (
            scan_id TEXT NOT NULL REFERENCES scans,
            mx_host TEXT NOT NULL,
            ip TEXT NOT NULL,
            port INTEGER NOT NULL,
            hello_profile TEXT NOT NULL,
            at TEXT NOT NULL,
            detail TEXT NOT NULL,
            PRIMARY KEY (scan_id, mx_host, ip, port, hello_profile, at)
        ) STRICT, WITHOUT ROWID;
        """
}
