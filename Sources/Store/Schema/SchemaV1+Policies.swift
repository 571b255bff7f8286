// SPDX-License-Identifier: Apache-2.0

extension SchemaV1 {
    /// What domains and hosts publish about encryption: TLSA (RFC 6698), MTA-STS (RFC 8461), and the TXT policies beside.
    static let policies = """
        CREATE TABLE tlsa (
            scan_id TEXT NOT NULL REFERENCES scans,
            tlsa_base TEXT NOT NULL,
            usage INTEGER NOT NULL CHECK (usage BETWEEN 0 AND 255),
            selector INTEGER NOT NULL CHECK (selector BETWEEN 0 AND 255),
            mtype INTEGER NOT NULL CHECK (mtype BETWEEN 0 AND 255),
            data_hex TEXT NOT NULL,
            dnssec TEXT NOT NULL,
            usable TEXT NOT NULL CHECK
                \(isOne(
                    "usable", of: "usable", "bad_usage", "bad_selector", "bad_mtype", "bad_length", "unparsable")),
            shadowed INTEGER CHECK (shadowed IN (0, 1)),
            matched_ips TEXT,
            PRIMARY KEY (scan_id, tlsa_base, usage, selector, mtype, data_hex)
        ) STRICT, WITHOUT ROWID;

        -- local: what the TLSA question came to for the ports beside the one that the host's columns are about, whose
        -- records are the rows of tlsa; the others' stand here, as a JSON array of their fields.
        CREATE TABLE port_tlsa (
            scan_id TEXT NOT NULL,
            mx_host TEXT NOT NULL,
            port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
            tlsa_base TEXT,
            tlsa_outcome TEXT NOT NULL,
            tlsa_dnssec TEXT NOT NULL,
            records TEXT NOT NULL,
            is_usable INTEGER NOT NULL CHECK (is_usable IN (0, 1)),
            PRIMARY KEY (scan_id, mx_host, port),
            FOREIGN KEY (scan_id, mx_host) REFERENCES mx_hosts
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE mta_sts (
            scan_id TEXT NOT NULL,
            domain TEXT NOT NULL,
            record TEXT NOT NULL DEFAULT 'not_measured',
            record_id TEXT,
            policy_provider TEXT,
            fetch TEXT NOT NULL DEFAULT 'not_measured',
            http_status INTEGER,
            policy TEXT NOT NULL DEFAULT 'not_measured',
            mode TEXT CHECK \(isOne("mode", of: "enforce", "testing", "none")),
            max_age INTEGER,
            mx_patterns TEXT,
            policy_sha256 TEXT,
            host_cert_sha256 TEXT,
            match_domain TEXT NOT NULL DEFAULT 'not_measured',
            flags TEXT,
            fetched_at TEXT,
            -- local: how often the file was asked for, and from when on it is to be fetched (seconds since 1970; 0 is at
            -- once); NULL where it is not. What the fetch and the file looked like.
            attempts INTEGER NOT NULL DEFAULT 0,
            due_at INTEGER,
            content_type TEXT,
            policy_text TEXT CHECK (length(policy_text) <= 2048),
            fault_line INTEGER,
            host_alias TEXT,
            PRIMARY KEY (scan_id, domain),
            FOREIGN KEY (scan_id, domain) REFERENCES domains
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX mta_sts_due ON mta_sts (scan_id, due_at, domain) WHERE due_at IS NOT NULL;

        CREATE TABLE txt_policies (
            scan_id TEXT NOT NULL,
            domain TEXT NOT NULL,
            kind TEXT NOT NULL CHECK \(isOne("kind", of: "spf", "dmarc", "tlsrpt", "dkim_hint", "mta_sts")),
            outcome TEXT NOT NULL DEFAULT 'not_measured',
            raw TEXT CHECK (length(raw) <= 2048),
            dnssec TEXT NOT NULL DEFAULT 'not_measured',
            found_at TEXT,
            effective TEXT,
            lookups INTEGER,
            ruleset TEXT CHECK (ruleset IN ('rfc7489', 'rfc9989')),
            -- local: whose record is wrong, and which part of it
            problem_at TEXT,
            problem_term TEXT,
            PRIMARY KEY (scan_id, domain, kind),
            FOREIGN KEY (scan_id, domain) REFERENCES domains
        ) STRICT, WITHOUT ROWID;
        """
}
