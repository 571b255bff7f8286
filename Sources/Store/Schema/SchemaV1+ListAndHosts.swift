// SPDX-License-Identifier: Apache-2.0

extension SchemaV1 {
    /// The scan, its domains, and the hosts that their mail goes to.
    static let listAndHosts = """
        CREATE TABLE scans (
            scan_id TEXT NOT NULL PRIMARY KEY,
            started_at TEXT NOT NULL,
            ended_at TEXT,
            status TEXT NOT NULL DEFAULT 'partial'
                CHECK \(isOne("status", of: "complete", "partial", "aborted_canary", "aborted_complaint")),
            resumed_count INTEGER NOT NULL DEFAULT 0,
            vantage_id TEXT,
            tool_version TEXT NOT NULL,
            config_sha256 TEXT NOT NULL,
            list_name TEXT, list_id TEXT, list_sha256 TEXT,
            input_rows INTEGER NOT NULL DEFAULT 0,
            invalid_rows INTEGER NOT NULL DEFAULT 0,
            duplicate_rows INTEGER NOT NULL DEFAULT 0,
            optout_rows INTEGER NOT NULL DEFAULT 0,
            dnssec_mode TEXT NOT NULL CHECK \(isOne("dnssec_mode", of: "validate", "trust_ad", "off")),
            root_store TEXT, root_store_sha256 TEXT,
            openssl_version TEXT, ldns_version TEXT,
            -- local: who asks, the seed of the order of probing, whether the lists have been read to their end; the digest
            -- of how is asked, and whether this is a dry run; when our own canaries were last well
            ehlo_name TEXT, contact TEXT, info_url TEXT, judged_as_of TEXT,
            seed INTEGER NOT NULL,
            input_complete INTEGER NOT NULL DEFAULT 0 CHECK (input_complete IN (0, 1)),
            conduct_sha256 TEXT NOT NULL DEFAULT '',
            is_dry_run INTEGER NOT NULL DEFAULT 0 CHECK (is_dry_run IN (0, 1)),
            canary_at TEXT
        ) STRICT;

        CREATE TABLE domains (
            scan_id TEXT NOT NULL REFERENCES scans,
            domain TEXT NOT NULL,
            domain_unicode TEXT,
            rank INTEGER,
            labels TEXT NOT NULL DEFAULT '{}',
            etld1 TEXT,
            mx_rcode INTEGER,
            dns_mx_outcome TEXT NOT NULL DEFAULT 'not_measured',
            dns_mx_dnssec TEXT NOT NULL DEFAULT 'not_measured',
            dnssec_reason TEXT,
            ede_code INTEGER,
            ede_text TEXT,
            sha1_only INTEGER CHECK (sha1_only IN (0, 1)),
            mx_shape TEXT NOT NULL DEFAULT 'not_measured',
            mx_flags TEXT,
            mx_count INTEGER CHECK (mx_count >= 0),
            mx_primary_count INTEGER CHECK (mx_primary_count BETWEEN 0 AND mx_count),
            provider_primary TEXT,
            starttls_any INTEGER CHECK (starttls_any IN (0, 1)),
            starttls_all INTEGER CHECK (starttls_all IN (0, 1)),
            starttls_primary INTEGER CHECK (starttls_primary IN (0, 1)),
            tls_works_any INTEGER CHECK (tls_works_any IN (0, 1)),
            tls_works_all INTEGER CHECK (tls_works_all IN (0, 1)),
            tls_works_primary INTEGER CHECK (tls_works_primary IN (0, 1)),
            pkix_mx_all INTEGER CHECK (pkix_mx_all IN (0, 1)),
            dane_domain TEXT NOT NULL DEFAULT 'not_measured',
            sts_domain TEXT NOT NULL DEFAULT 'not_measured',
            ns_count INTEGER,
            ns_ipv6_count INTEGER,
            attempts INTEGER NOT NULL DEFAULT 0,
            measured_at TEXT,
            -- local: whether the aggregates over the hosts have been drawn; when the MX question, or its policies, are
            -- asked for again, since a question was not answered (seconds since 1970)
            judged INTEGER NOT NULL DEFAULT 0 CHECK (judged IN (0, 1)),
            due_at INTEGER,
            PRIMARY KEY (scan_id, domain),
            CHECK ((measured_at IS NULL) = (dns_mx_outcome = 'not_measured')),
            CHECK (mx_shape = 'not_measured' OR measured_at IS NOT NULL)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE mx_hosts (
            scan_id TEXT NOT NULL REFERENCES scans,
            mx_host TEXT NOT NULL,
            expanded_name TEXT,
            address_v4_outcome TEXT NOT NULL DEFAULT 'not_measured',
            address_v6_outcome TEXT NOT NULL DEFAULT 'not_measured',
            addr_dnssec_v4 TEXT NOT NULL DEFAULT 'not_measured',
            addr_dnssec_v6 TEXT NOT NULL DEFAULT 'not_measured',
            tlsa_base TEXT,
            tlsa_outcome TEXT NOT NULL DEFAULT 'not_measured',
            tlsa_dnssec TEXT NOT NULL DEFAULT 'not_measured',
            dane_state TEXT NOT NULL DEFAULT 'not_measured',
            rollover TEXT NOT NULL DEFAULT 'not_measured',
            caa TEXT,
            provider TEXT,
            domains_count INTEGER NOT NULL DEFAULT 0 CHECK (domains_count >= 0),
            -- local: what the CAA question came to
            caa_outcome TEXT NOT NULL DEFAULT 'not_measured',
            -- local: why addresses are bogus; whether one is special-use, contacted or not; when they were looked up, NULL is
            -- pending
            address_reason TEXT,
            address_ede_code INTEGER,
            has_special_use INTEGER NOT NULL DEFAULT 0 CHECK (has_special_use IN (0, 1)),
            has_unasked_address INTEGER NOT NULL DEFAULT 0 CHECK (has_unasked_address IN (0, 1)),
            measured_at TEXT,
            -- local: how often they were looked up, and when they are once more, since a question was not answered
            attempts INTEGER NOT NULL DEFAULT 0,
            due_at INTEGER,
            PRIMARY KEY (scan_id, mx_host)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX domains_retry ON domains (scan_id, due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX mx_hosts_retry ON mx_hosts (scan_id, due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE domain_mx (
            scan_id TEXT NOT NULL,
            domain TEXT NOT NULL,
            mx_host TEXT NOT NULL,
            preference INTEGER NOT NULL CHECK (preference BETWEEN 0 AND 65535),
            is_implicit INTEGER NOT NULL CHECK (is_implicit IN (0, 1)),
            is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
            via_cname INTEGER CHECK (via_cname IN (0, 1)),
            sts_match TEXT NOT NULL DEFAULT 'not_measured',
            name_match_domain TEXT NOT NULL DEFAULT 'not_measured',
            PRIMARY KEY (scan_id, domain, mx_host),
            FOREIGN KEY (scan_id, domain) REFERENCES domains,
            FOREIGN KEY (scan_id, mx_host) REFERENCES mx_hosts
        ) STRICT, WITHOUT ROWID;
        """
}
