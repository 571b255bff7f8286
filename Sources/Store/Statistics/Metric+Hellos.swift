// SPDX-License-Identifier: Apache-2.0

/// What raw hellos tell: versions, groups, features. A conclusive answer is a yes or a no; whatever else came, or was not
/// asked, is unknown. The row of `full` is `p`, those of the hellos are `pq`, `tls12`, `tls11`, `tls10`, `legacy`, `ssl3`,
/// `preference`.
extension Metric {
    /// The raw hellos that the metrics of an endpoint are drawn from, by the name of their join.
    static let hellos = [
        "pq": "pq", "tls12": "tls12", "tls11": "tls11", "tls10": "tls10", "legacy": "legacy", "ssl3": "deep_ssl3",
        "preference": "deep_groups",
    ]

    static let helloMetrics: [Metric] =
        [("1.3", supports13), ("1.2", supports12), ("1.1", supports11), ("1.0", supports10)].map { version, answer in
            Metric(
                id: "tls.supports{\(version)}", title: "TLS \(version) accepted", unit: .endpoint, denominator: "E6",
                answer: ofHandshakes(answer))
        } + [
            Metric(
                id: "tls.supports{SSLv3}", title: "SSLv3 accepted", unit: .endpoint, denominator: "E6, asked",
                answer: ofHandshakes("CASE WHEN ssl3.outcome IS NULL THEN 3 ELSE \(said("ssl3")) END")),
            Metric(
                id: "tls.legacy_accepted", title: "TLS 1.1 or older accepted", unit: .endpoint, denominator: "E6",
                answer: ofHandshakes(legacyAccepted)),
            Metric(
                id: "tls.legacy_only", title: "TLS 1.1 at most", unit: .endpoint, denominator: "E6",
                answer: ofHandshakes("p.version < 'TLSv1.2'")),
            // Alert 40 is the only no (RFC 8446 §4.1.1); and who has no TLS 1.3 has no groups of it.
            Metric(
                id: "tls.pq_supported", title: "X25519MLKEM768 accepted", unit: .endpoint, denominator: "E6",
                answer: ofHandshakes(
                    """
                    CASE WHEN pq.outcome = 'ok' THEN 1 WHEN pq.outcome = 'alert_handshake_failure' THEN 0
                    WHEN p.version < 'TLSv1.3' THEN 0 ELSE 2 END
                    """)),
            // Offered last, so that who takes it prefers it; asked only where it is accepted and something else too.
            Metric(
                id: "tls.pq_preferred", title: "X25519MLKEM768 preferred", unit: .endpoint, denominator: "E6, asked",
                answer: ofHandshakes(
                    """
                    CASE WHEN preference.outcome IS NULL THEN 3 WHEN \(said("preference")) <> 1 THEN 2
                    ELSE preference."group" LIKE '%MLKEM%' END
                    """)),
            Metric(
                id: "tls.forward_secrecy", title: "Forward secrecy", unit: .endpoint, denominator: "E6",
                answer: ofHandshakes(
                    """
                    CASE WHEN p.version = 'TLSv1.3' OR p.cipher LIKE 'TLS_ECDHE_%' OR p.cipher LIKE 'TLS_DHE_%' THEN 1
                    WHEN p.cipher IS NULL THEN 2 ELSE 0 END
                    """)),
        ]
        + [
            ("tls.ems", "Extended master secret", "ems"),
            ("tls.secure_reneg", "Secure renegotiation", "secure_reneg"),
            ("tls.kex_sha1", "Key exchange signed with SHA-1", "sig_scheme LIKE '%sha1'"),
        ].map { id, title, feature in
            Metric(
                id: id, title: title, unit: .endpoint, denominator: "TLS 1.2",
                answer: ofHandshakes(
                    """
                    CASE WHEN p.version = 'TLSv1.2' THEN coalesce(p.\(feature), 2)
                    WHEN p.version < 'TLSv1.2' OR \(said("tls12")) = 0 THEN 3 ELSE coalesce(tls12.\(feature), 2) END
                    """))
        }

    /// 1, 0 or 2, as a hello's answer says.
    private static func said(_ hello: String) -> String {
        """
        CASE WHEN \(hello).outcome = 'ok' THEN 1
        WHEN \(hello).outcome IS NULL OR \(hello).outcome IN
            (\(ScanProgress.inconclusive("tls")), 'not_reached', 'not_measured') THEN 2 ELSE 0 END
        """
    }

    /// The broad hello offers 1.3, and a server takes the highest that it has (RFC 8446 §4.2.1).
    private static let supports13 = "p.version = 'TLSv1.3'"
    private static let supports12 =
        "CASE p.version WHEN 'TLSv1.3' THEN \(said("tls12")) WHEN 'TLSv1.2' THEN 1 ELSE 0 END"

    /// Of 1.1 and 1.0 together a server takes the higher one.
    private static let supports11 = """
        CASE WHEN p.version = 'TLSv1.1' OR tls11.outcome = 'ok' OR legacy.outcome = 'ok' AND legacy.version = 'TLSv1.1'
            THEN 1
        WHEN p.version = 'TLSv1.0' OR legacy.outcome = 'ok' OR \(said("tls11")) = 0 OR \(said("legacy")) = 0 THEN 0
        ELSE 2 END
        """
    private static let supports10 = """
        CASE WHEN p.version = 'TLSv1.0' OR tls10.outcome = 'ok' OR legacy.outcome = 'ok' AND legacy.version = 'TLSv1.0'
            THEN 1
        WHEN \(said("tls10")) = 0 OR \(said("legacy")) = 0 THEN 0 ELSE 2 END
        """

    /// Whether the hellos were about both versions; SSLv3 counts where it was asked.
    private static let legacyAccepted = """
        CASE WHEN p.version < 'TLSv1.2' OR 'ok' IN
            (coalesce(legacy.outcome, ''), coalesce(tls11.outcome, ''), coalesce(tls10.outcome, ''),
            coalesce(ssl3.outcome, '')) THEN 1
        WHEN ssl3.outcome IS NOT NULL AND \(said("ssl3")) = 2 THEN 2
        WHEN \(said("legacy")) = 0 OR \(said("tls11")) = 0 AND \(said("tls10")) = 0 THEN 0 ELSE 2 END
        """

    /// Handshakes that could have been inferred, and were measured all the same.
    static let inference = Metric(
        id: "tls.inference_disagrees", title: "Inferred handshake is wrong", unit: .endpoint,
        denominator: "1 % control",
        answer: "CASE e.inference_check WHEN 'disagrees' THEN 1 WHEN 'agrees' THEN 0 WHEN 'unknown' THEN 2 ELSE 3 END")
}
