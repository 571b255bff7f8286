// SPDX-License-Identifier: Apache-2.0

extension SchemaV1 {
    /// What was seen at the mail hosts. The order of the stages (connect, greeting, EHLO, STARTTLS, TLS; with implicit
    /// TLS connect, TLS, greeting, EHLO) is a constraint: no stage has a word of its own behind one that did not succeed.
    static let endpoints = """
        CREATE TABLE endpoints (
            scan_id TEXT NOT NULL,
            mx_host TEXT NOT NULL,
            ip TEXT NOT NULL,
            port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
            family INTEGER NOT NULL CHECK (family IN (4, 6)),
            asn INTEGER, prefix TEXT, country TEXT,
            tcp TEXT NOT NULL DEFAULT 'not_measured', tcp_errno INTEGER,
            greeting TEXT NOT NULL DEFAULT 'not_measured', greeting_code INTEGER,
            ehlo TEXT NOT NULL DEFAULT 'not_measured', ehlo_code INTEGER,
            starttls TEXT NOT NULL DEFAULT 'not_measured', starttls_code INTEGER,
            tls TEXT NOT NULL DEFAULT 'not_measured',
            banner_software TEXT,
            ehlo_extensions TEXT,
            ehlo_extensions_tls TEXT,
            requiretls INTEGER CHECK (requiretls IN (0, 1)),
            size_limit INTEGER,
            connections_used INTEGER NOT NULL DEFAULT 0,
            rtt_ms INTEGER,
            first_at TEXT, last_at TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            final_class TEXT CHECK \(isOne("final_class", of: "C", "T", "L")),
            -- local: the place in the stable pseudo-random order of probing, and what is still to be done.
            -- due_at (seconds since 1970) belongs to state 'retry': visited, and to be visited again; or put off unvisited.
            -- Whether TLS came before the greeting (RFC 8314 §3.3).
            order_key INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending' CHECK \(isOne("state", of: "done", "pending", "retry")),
            due_at INTEGER,
            implicit_tls INTEGER NOT NULL DEFAULT 0 CHECK (implicit_tls IN (0, 1)),
            -- local: whether raw hellos are still to be sent; NULL where none are. Whether a handshake that could have
            -- been inferred, and was measured all the same, showed what would have been inferred.
            hellos TEXT CHECK (hellos IN ('pending', 'done')),
            inference_check TEXT CHECK \(isOne("inference_check", of: "agrees", "disagrees", "unknown")),
            PRIMARY KEY (scan_id, mx_host, ip, port),
            FOREIGN KEY (scan_id, mx_host) REFERENCES mx_hosts,
            CHECK (greeting IN ('not_reached', 'not_measured') OR tcp = 'open'),
            CHECK (ehlo IN ('not_reached', 'not_measured') OR greeting = '220'),
            CHECK (starttls IN ('not_reached', 'not_measured') OR ehlo IN ('250', 'helo_only')),
            CHECK (starttls IN ('not_reached', 'not_measured') OR NOT implicit_tls),
            CHECK (tls IN ('not_reached', 'not_measured') OR starttls = 'offered_220' OR implicit_tls),
            CHECK (tls IN ('not_reached', 'not_measured') OR tcp = 'open'),
            CHECK (greeting IN ('not_reached', 'not_measured') OR tls = 'ok' OR NOT implicit_tls)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX endpoints_pending ON endpoints (scan_id, order_key) WHERE state = 'pending';
        CREATE INDEX endpoints_hellos ON endpoints (scan_id, order_key) WHERE hellos = 'pending';
        CREATE INDEX endpoints_address ON endpoints (scan_id, ip, port, order_key);
        CREATE INDEX endpoints_retry ON endpoints (scan_id, due_at) WHERE state = 'retry';
        CREATE INDEX endpoints_budget ON endpoints (scan_id, ip, connections_used) WHERE connections_used > 0;

        CREATE TABLE attempts (
            scan_id TEXT NOT NULL,
            mx_host TEXT NOT NULL,
            ip TEXT NOT NULL,
            port INTEGER NOT NULL,
            hello_profile TEXT NOT NULL,
            attempt INTEGER NOT NULL CHECK (attempt >= 1),
            at TEXT NOT NULL,
            stage TEXT NOT NULL CHECK \(isOne("stage", of: "tls", "tcp", "greeting", "ehlo", "starttls")),
            outcome TEXT NOT NULL,
            reply_code INTEGER, errno INTEGER, alert INTEGER,
            PRIMARY KEY (scan_id, mx_host, ip, port, hello_profile, attempt),
            FOREIGN KEY (scan_id, mx_host, ip, port) REFERENCES endpoints
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tls_probes (
            scan_id TEXT NOT NULL,
            mx_host TEXT NOT NULL,
            ip TEXT NOT NULL,
            port INTEGER NOT NULL,
            hello_profile TEXT NOT NULL,
            source TEXT NOT NULL DEFAULT 'measured' CHECK (source IN ('measured', 'inferred')),
            inferred_from TEXT CHECK ((source = 'inferred') = (inferred_from IS NOT NULL)),
            sni TEXT,
            outcome TEXT NOT NULL,
            version TEXT CHECK \(isOne("version", of: "TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1.0", "SSLv3")),
            cipher TEXT,
            "group" TEXT,
            dh_bits INTEGER,
            sig_scheme TEXT,
            alert INTEGER, errno INTEGER,
            hrr INTEGER NOT NULL DEFAULT 0 CHECK (hrr IN (0, 1)),
            server_preference INTEGER CHECK (server_preference IN (0, 1)),
            ems INTEGER CHECK (ems IN (0, 1)),
            secure_reneg INTEGER CHECK (secure_reneg IN (0, 1)),
            compression INTEGER CHECK (compression IN (0, 1)),
            session_ticket INTEGER CHECK (session_ticket IN (0, 1)),
            chain_sha256 TEXT,
            pkix TEXT NOT NULL DEFAULT 'not_measured',
            pkix_codes TEXT,
            name_match_mx TEXT NOT NULL DEFAULT 'not_measured',
            name_match_base TEXT NOT NULL DEFAULT 'not_measured',
            days_left INTEGER,
            dane TEXT NOT NULL DEFAULT 'not_measured',
            duration_ms INTEGER,
            PRIMARY KEY (scan_id, mx_host, ip, port, hello_profile),
            FOREIGN KEY (scan_id, mx_host, ip, port) REFERENCES endpoints,
            CHECK (\(isOne("pkix", of: "not_measured", "not_reached", "no_certificate")) OR chain_sha256 IS NOT NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tls_probes_chain ON tls_probes (scan_id, chain_sha256) WHERE chain_sha256 IS NOT NULL;

        CREATE TABLE tls_suites (
            scan_id TEXT NOT NULL,
            mx_host TEXT NOT NULL,
            ip TEXT NOT NULL,
            port INTEGER NOT NULL,
            version TEXT NOT NULL,
            position INTEGER NOT NULL CHECK (position >= 0),
            cipher TEXT NOT NULL,
            PRIMARY KEY (scan_id, mx_host, ip, port, version, position),
            FOREIGN KEY (scan_id, mx_host, ip, port) REFERENCES endpoints
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE certificates (
            cert_sha256 TEXT NOT NULL PRIMARY KEY,
            spki_sha256 TEXT,
            subject_cn TEXT,
            issuer_dn TEXT,
            serial TEXT,
            not_before TEXT, not_after TEXT,
            key_type TEXT CHECK \(isOne("key_type", of: "RSA", "EC", "Ed25519", "Ed448", "DSA", "MLDSA", "other")),
            key_bits INTEGER,
            curve TEXT,
            sig_alg TEXT,
            san_dns TEXT,
            san_count INTEGER,
            is_ca INTEGER CHECK (is_ca IN (0, 1)),
            self_signed INTEGER CHECK (self_signed IN (0, 1)),
            ct_sct_count INTEGER,
            ocsp_url_present INTEGER CHECK (ocsp_url_present IN (0, 1)),
            first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
            -- local: the common names that may stand in for DNS names, and the certificate itself
            host_cns TEXT NOT NULL,
            der BLOB NOT NULL
        ) STRICT;

        CREATE TABLE endpoint_certs (
            scan_id TEXT NOT NULL,
            mx_host TEXT NOT NULL,
            ip TEXT NOT NULL,
            port INTEGER NOT NULL,
            hello_profile TEXT NOT NULL,
            position INTEGER NOT NULL CHECK (position >= 0),
            cert_sha256 TEXT NOT NULL REFERENCES certificates,
            PRIMARY KEY (scan_id, mx_host, ip, port, hello_profile, position),
            FOREIGN KEY (scan_id, mx_host, ip, port, hello_profile) REFERENCES tls_probes
        ) STRICT, WITHOUT ROWID;
        """
}
