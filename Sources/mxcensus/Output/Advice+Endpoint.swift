// SPDX-License-Identifier: Apache-2.0
import Store

/// What is wrong with one address of a mail host: the first stage that fails, or what TLS showed there.
extension Advice {
    static func contact(_ record: DomainReport.EndpointRecord, at place: String) -> String? {
        let row = record.endpoint
        for (stage, sentences) in [("greeting", greeting), ("ehlo", ehlo), ("starttls", starttls)] {
            if let sentence = sentences[row[stage] ?? ""] { return "\(place) \(sentence)" }
        }
        guard row["tls"] == "ok" else {
            guard let word = row["tls"], let remedy = tls[word] else { return nil }
            return
                "\(place) fails at TLS (\(word)), so that opportunistic senders fall back to plain text and the others "
                + "cannot deliver: \(remedy)"
        }
        guard let probe = record.probes.first(where: { $0.probe["hello_profile"] == "full" })?.probe else { return nil }
        // DANE speaks for the certificate, whoever issued it, and whatever it is called.
        if probe["dane"]?.hasPrefix("match_") == true { return version(probe, at: place) }
        if let sentence = pkix[probe["pkix"] ?? ""] { return "\(place) \(sentence)" }
        switch probe["name_match_mx"] {
        case "mismatch", "no_names": return "\(place) shows a certificate for another name: it should name the MX host"
        case "cn_only":
            return
                "\(place) names itself only in the common name, which no longer counts (RFC 9525 §6.3): add a DNS name"
        default: break
        }
        return version(probe, at: place)
    }

    private static func version(_ probe: DomainReport.Record, at place: String) -> String? {
        probe["version"] == "TLSv1.0" || probe["version"] == "TLSv1.1"
            ? "\(place) has no TLS newer than \(probe["version"] ?? ""), which is deprecated (RFC 8996)" : nil
    }

    /// Said of what was seen to be accepted, whatever is chosen with a modern client.
    static func deprecated(_ record: DomainReport.EndpointRecord, at place: String) -> String? {
        let accepted = record.probes.filter {
            ["legacy", "tls11", "tls10", "deep_ssl3"].contains($0.probe["hello_profile"] ?? "")
                && $0.probe["outcome"] == "ok"
        }.compactMap { $0.probe["version"] }
        let newest = record.probes.first { $0.probe["hello_profile"] == "full" }?.probe["version"] ?? ""
        guard !accepted.isEmpty, newest >= "TLSv1.2" else { return nil }
        return
            "\(place) accepts \(Set(accepted).sorted().joined(separator: " and ")), which is deprecated (RFC 8996, RFC 7568): "
            + "senders that speak TLS 1.2 lose nothing when it is switched off"
    }

    private static let greeting = [
        "521": "takes no mail (RFC 7504): remove it from the MX records",
        "554": "offers no mail service: remove it from the MX records, or let it greet senders with 220",
        "not_smtp": "does not speak SMTP: let the MX records name a mail server, or move what answers there",
    ]

    private static let ehlo = [
        "helo_only": "knows only HELO and can offer no STARTTLS: mail to it travels in clear; update the mail server",
        "malformed": "answers EHLO with something that is no SMTP reply",
        "5xx": "refuses EHLO and HELO: let it greet every sender",
    ]

    private static let starttls = [
        "not_offered": "does not offer STARTTLS: mail to it travels in clear",
        "not_offered_masked":
            "has its STARTTLS keyword overwritten, often by a firewall's SMTP inspection: switch that off",
        "offered_5xx": "offers STARTTLS and then refuses it: configure a certificate, or stop offering",
        "offered_malformed": "answers STARTTLS with something that is no SMTP reply: update the mail server",
        "offered_trailing_plaintext":
            "sends text in clear behind its answer to STARTTLS (response injection): update the mail server",
    ]

    private static let tls = [
        "alert_handshake_failure":
            "allow the usual suites (ECDHE with AES-GCM), and see that its certificate and key are there",
        "alert_protocol_version": "switch TLS 1.2 and TLS 1.3 on",
        "alert_insufficient_security": "allow the usual suites (ECDHE with AES-GCM)",
        "alert_unrecognized_name": "let it answer with its certificate by default, whatever name it is asked for",
        "alert_internal_error": "look into its log: most often it can't read its certificate or its key",
        "alert_other": "look into its log for what it minds",
        "bad_record": "update its TLS library, or look for what rewrites the connection on the way",
        "not_tls": "look for a proxy or a firewall that answers in its place, and give the mail server a certificate",
        "client_cert_required": "ask senders for a certificate if you like, but don't require one",
    ]

    private static let pkix = [
        "expired_leaf": "shows an expired certificate: renew it",
        "expired_issuer": "shows a chain with an expired intermediate certificate: install the current one",
        "not_yet_valid": "shows a certificate that is not valid yet: check the clock of whoever issued it",
        "self_signed_leaf": "shows a self-signed certificate: get one from a public CA, or protect it with DANE",
        "self_signed_in_chain":
            "shows a chain to a root that is not publicly trusted: get a certificate from a public CA, or protect it with DANE",
        "unknown_ca": "shows a certificate of an unknown CA: get one from a public CA, or protect it with DANE",
        "incomplete_chain": "does not send its intermediate certificate: install the full chain",
        "signature_bad":
            "shows a chain with a signature that does not verify: install certificate and chain again as they were issued",
        "weak_signature": "shows a chain signed with SHA-1 or MD5: have it issued again",
        "weak_key": "shows a key that is too small: use RSA 2048 bits or more, or P-256",
        "bad_purpose": "shows a certificate that is not for servers: have one issued for TLS servers",
        "bad_extension": "shows a certificate with a critical extension that nobody understands: have it issued again",
        "name_constraint": "shows a certificate that its CA may not issue for this name: get one from another CA",
        "path_length":
            "shows a chain with more CAs in a row than one of them allows: get a certificate from another CA",
        "revoked": "shows a certificate that was revoked: replace it, and its key",
        "parse_error": "sends something that is no certificate: install its certificate and chain again",
        "no_certificate": "shows no certificate: install one",
    ]
}
