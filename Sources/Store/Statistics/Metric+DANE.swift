// SPDX-License-Identifier: Apache-2.0
// Of hosts, the question about TLSA records applies where the addresses are secure: behind others nobody asks. Of
// domains it applies where the MX records are secure too, since the chain begins there (RFC 7672 §2.2.1).

extension Metric {
    static let dane = [
        Metric(
            id: "dane.published", title: "TLSA records published", unit: .host, denominator: "secure hosts",
            answer: """
                CASE h.tlsa_outcome WHEN 'noerror_data' THEN 1 WHEN 'noerror_nodata' THEN 0 WHEN 'nxdomain' THEN 0
                WHEN 'not_reached' THEN 3 ELSE 2 END
                """),
        Metric(
            id: "dane.usable", title: "Usable TLSA records", unit: .host, denominator: "secure TLSA",
            answer: """
                CASE WHEN h.tlsa_outcome <> 'noerror_data' OR h.tlsa_dnssec <> 'secure' THEN 3
                WHEN h.dane_state = 'unusable' THEN 0 WHEN h.dane_state = 'not_measured' THEN 2 ELSE 1 END
                """),
        Metric(
            id: "dane.valid", title: "A TLSA record matches", unit: .endpoint, denominator: "E5, usable TLSA",
            answer: """
                CASE WHEN (SELECT h.dane_state FROM mx_hosts h WHERE h.scan_id = e.scan_id AND h.mx_host = e.mx_host)
                    NOT IN (\(connected)) THEN 3
                WHEN e.final_class = 'L' THEN 3 WHEN p.dane IN ('match_ee', 'match_ta') THEN 1
                WHEN e.final_class = 'T' OR e.final_class IS NULL OR e.starttls = 'not_reached' OR p.dane = 'unknown'
                    THEN 2
                ELSE 0 END
                """),
        Metric(
            id: "dane.valid", title: "A TLSA record matches", unit: .host, denominator: "usable TLSA",
            answer: """
                CASE WHEN h.dane_state IN ('match_ee', 'match_ta') THEN 1 WHEN h.dane_state = 'unknown' THEN 2
                WHEN h.dane_state IN (\(connected)) THEN 0 ELSE 3 END
                """),
        Metric(
            id: "dane.valid", title: "DANE valid at the primary hosts", unit: .domain, aggregation: "primary",
            denominator: "MX secure",
            answer: """
                CASE WHEN d.dns_mx_dnssec <> 'secure' OR d.dane_domain IN ('no_mx', 'not_reached') THEN 3
                WHEN d.dane_domain = 'valid' THEN 1 WHEN d.dane_domain IN ('unknown', 'not_measured') THEN 2 ELSE 0 END
                """),
        Metric(
            id: "dane.failed", title: "DANE fails: mail is lost", unit: .domain, aggregation: "primary",
            denominator: "usable TLSA",
            answer: """
                CASE d.dane_domain WHEN 'failed' THEN 1 WHEN 'valid' THEN 0 WHEN 'partial' THEN 0
                WHEN 'unknown' THEN 2 ELSE 3 END
                """),
        Metric(
            id: "dane.rollover_ready", title: "TLSA ready for the next key", unit: .host, denominator: "usable TLSA",
            answer: """
                CASE WHEN h.rollover IN ('current_next', 'current_ca', 'prepublished') THEN 1
                WHEN h.rollover IN ('none', 'duplicate_only', 'dual_algorithm') THEN 0
                WHEN h.dane_state IN (\(connected)) THEN 2 ELSE 3 END
                """),
    ]

    /// States of hosts with usable records: those that the connection decided.
    private static let connected = """
        'match_ee', 'match_ta', 'mismatch', 'ta_name_mismatch', 'ta_chain_absent_or_expired', 'no_starttls', 'tls_failed',
        'unknown'
        """
}
