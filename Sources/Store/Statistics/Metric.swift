// SPDX-License-Identifier: Apache-2.0
// A metric is a question about a unit with four answers. What could not be found out is `unknown` and never `no`; what
// the question does not apply to is `excluded`. The denominators:
//
//   D1 every valid domain          D2 with a conclusive MX answer      D3 which exists      D4x with MX records that name hosts
//   D5 whose hosts could be tested  E1 every endpoint    E4 answered EHLO with 250    E6 completed the handshake

/// One published metric.
struct Metric: Sendable {
    /// What is counted.
    enum Unit: String, Sendable, CaseIterable {
        case domain, host = "mx_host", endpoint
    }

    /// The identifier in publications; `{}` holds the value of a distribution.
    var id: String
    /// For people.
    var title: String
    var unit: Unit
    /// How several hosts of a domain are put together: any, all, primary; empty where nothing is.
    var aggregation = ""
    var denominator: String
    /// SQL over the unit's row: 1 yes, 0 no, 2 unknown, 3 excluded.
    var answer: String
}

extension Metric {
    static let all: [Metric] =
        [responseRate] + shapes + dnssec + ipv6 + domainSTARTTLS + endpointMetrics + versions + helloMetrics
        + [inference] + certificates + dane + policies

    private static let responseRate = Metric(
        id: "dns.response_rate", title: "MX question answered", unit: .domain, denominator: "D1",
        answer: """
            CASE WHEN d.dns_mx_outcome = 'not_measured' THEN 2 WHEN d.dns_mx_outcome = 'bogus' THEN 0
            WHEN d.dns_mx_outcome IN (\(ScanProgress.inconclusive("dns"))) THEN 0 ELSE 1 END
            """)

    /// Shapes in the order of the vocabulary; a domain without a shape is unknown to each.
    private static let shapes = [
        ("explicit", "explicit MX"), ("null_mx", "null MX"), ("null_mx_nonzero_pref", "null MX, preference not 0"),
        ("null_mx_mixed", "null MX beside others"), ("implicit", "implicit MX"), ("none", "no mail host"),
        ("nxdomain", "no such domain"), ("all_targets_invalid", "no valid MX target"),
    ].map { shape, title in
        Metric(
            id: "mx.shape{\(shape)}", title: "MX: \(title)", unit: .domain, denominator: "D2",
            answer: "CASE WHEN d.mx_shape = '\(shape)' THEN 1 WHEN \(shapeIsUnknown) THEN 2 ELSE 0 END")
    }

    private static let dnssec = [
        Metric(
            id: "dnssec.mx_secure", title: "MX answer secure", unit: .domain, denominator: "D3",
            answer: """
                CASE WHEN d.mx_shape = 'nxdomain' THEN 3 WHEN d.dns_mx_dnssec = 'secure' THEN 1
                WHEN d.dns_mx_dnssec = 'insecure' THEN 0 WHEN d.dns_mx_dnssec IN ('bogus', 'not_validated') THEN 3
                ELSE 2 END
                """),
        Metric(
            id: "dnssec.mx_bogus", title: "MX answer bogus, of signed", unit: .domain, denominator: "secure+bogus",
            answer: """
                CASE WHEN d.mx_shape = 'nxdomain' THEN 3 WHEN d.dns_mx_dnssec = 'bogus' THEN 1
                WHEN d.dns_mx_dnssec = 'secure' THEN 0 WHEN d.dns_mx_dnssec IN ('insecure', 'not_validated') THEN 3
                ELSE 2 END
                """),
        // Both families, or their proven absence (RFC 7672 §2.2.2); a family that the scan does not use is not asked.
        Metric(
            id: "dnssec.host_secure", title: "Host addresses secure", unit: .host, denominator: "resolvable hosts",
            answer: """
                CASE WHEN 'resolved' NOT IN (h.address_v4_outcome, h.address_v6_outcome) THEN
                    CASE WHEN h.address_v4_outcome IN ('dns_tempfail', 'not_measured')
                        OR h.address_v6_outcome IN ('dns_tempfail', 'not_measured') THEN 2 ELSE 3 END
                WHEN (h.addr_dnssec_v4 = 'secure' OR h.address_v4_outcome = 'family_disabled')
                    AND (h.addr_dnssec_v6 = 'secure' OR h.address_v6_outcome = 'family_disabled') THEN 1
                WHEN h.addr_dnssec_v4 IN ('insecure', 'bogus') OR h.addr_dnssec_v6 IN ('insecure', 'bogus') THEN 0
                WHEN 'not_validated' IN (h.addr_dnssec_v4, h.addr_dnssec_v6) THEN 3 ELSE 2 END
                """),
    ]

    private static let ipv6 = [
        Metric(
            id: "ipv6.mx_any", title: "IPv6 at any host", unit: .domain, aggregation: "any", denominator: "D4x",
            answer: ofExplicit("CASE WHEN v6.with_ > 0 THEN 1 WHEN v6.unknown > 0 THEN 2 ELSE 0 END")),
        Metric(
            id: "ipv6.mx_all", title: "IPv6 at all hosts", unit: .domain, aggregation: "all", denominator: "D4x",
            answer: ofExplicit(
                "CASE WHEN v6.with_ + v6.unknown < v6.hosts THEN 0 WHEN v6.unknown > 0 THEN 2 ELSE 1 END")),
    ]

    private static let domainSTARTTLS = [
        ("starttls.offered", "STARTTLS offered", "starttls"), ("starttls.works", "STARTTLS works", "tls_works"),
    ].flatMap { id, title, column in
        ["any", "all", "primary"].map { aggregation in
            Metric(
                id: id, title: "\(title), \(aggregation)", unit: .domain, aggregation: aggregation, denominator: "D5",
                answer: ofExplicit("coalesce(d.\(column)_\(aggregation), 2)"))
        }
    }

    /// An answer about domains with MX records that name hosts; implicit MX, which parked domains dominate, is left out.
    static func ofExplicit(_ answer: String) -> String {
        """
        CASE WHEN d.mx_shape IN ('explicit', 'null_mx_mixed') THEN \(answer) WHEN \(shapeIsUnknown) THEN 2 ELSE 3 END
        """
    }

    private static let shapeIsUnknown = "d.mx_shape IN ('unknown', 'not_measured', 'not_reached')"
}
