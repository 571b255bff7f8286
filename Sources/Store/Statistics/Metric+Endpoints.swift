// SPDX-License-Identifier: Apache-2.0

extension Metric {
    static let endpointMetrics = [
        Metric(
            id: "smtp.reachable", title: "Endpoint speaks ESMTP", unit: .endpoint, denominator: "E1",
            answer: "CASE WHEN e.ehlo = '250' THEN 1 \(unfinished) ELSE 0 END"),
        Metric(
            id: "starttls.offered", title: "STARTTLS offered", unit: .endpoint, denominator: "E4",
            answer: """
                CASE WHEN e.ehlo = '250' AND e.starttls LIKE 'offered%' THEN 1
                WHEN e.ehlo = '250' AND e.starttls LIKE 'not_offered%' THEN 0 \(unfinished) ELSE 3 END
                """),
        Metric(
            id: "starttls.works", title: "STARTTLS works", unit: .endpoint, denominator: "E4",
            answer: """
                CASE WHEN e.implicit_tls THEN 3 WHEN e.tls = 'ok' THEN 1 \(unfinished) WHEN e.ehlo = '250' THEN 0 ELSE 3 END
                """),
    ]

    /// The highest version of both sides, mutually exclusive.
    static let versions = ["1.3", "1.2", "1.1", "1.0"].map { version in
        Metric(
            id: "tls.version_max{\(version)}", title: "TLS \(version) negotiated", unit: .endpoint, denominator: "E6",
            answer: ofHandshakes("CASE p.version WHEN 'TLSv\(version)' THEN 1 ELSE 0 END"))
    }

    static let certificates = [
        Metric(
            id: "cert.pkix_valid", title: "Chain to a trusted root", unit: .endpoint, denominator: "E6",
            answer: ofHandshakes(
                "CASE p.pkix WHEN 'valid' THEN 1 WHEN 'not_measured' THEN 2 WHEN 'not_reached' THEN 2 ELSE 0 END")),
        // Only where the server was asked for this name, or would have shown the same.
        Metric(
            id: "cert.match_mx", title: "Certificate names the host", unit: .endpoint, denominator: "E6",
            answer: ofHandshakes(
                """
                CASE WHEN p.sni IS NOT e.mx_host AND p.source = 'measured' THEN 3 WHEN p.name_match_mx IN ('match_exact', 'match_wildcard') THEN 1
                WHEN p.name_match_mx IN ('not_measured', 'not_reached') THEN 2 ELSE 0 END
                """)),
    ]

    /// An answer about completed handshakes.
    static func ofHandshakes(_ answer: String) -> String {
        "CASE WHEN e.tls = 'ok' THEN \(answer) \(unfinished) ELSE 3 END"
    }

    /// Our own limits say nothing about the target; a passing failure, or no visit yet, leaves the question open.
    private static let unfinished = """
        WHEN e.final_class = 'L' THEN 3 WHEN e.final_class = 'T' OR e.final_class IS NULL THEN 2
        """
}
