// SPDX-License-Identifier: Apache-2.0
import Store

/// What the owner of a domain can mend, one sentence for each fault that was found. Nothing is advised about what is
/// unknown.
enum Advice {
    static func lines(for report: DomainReport) -> [String] {
        var lines = domain(report.domain) + mtaSTS(report) + textPolicies(report)
        for host in report.hosts {
            let name = host.host["mx_host"] ?? ""
            lines += addresses(of: name, host)
            lines += dane(of: name, host)
            for endpoint in host.endpoints {
                let place = "\(name) [\(endpoint.endpoint["ip"] ?? "")]"
                if let sentence = contact(endpoint, at: place) { lines.append(sentence) }
                if let sentence = deprecated(endpoint, at: place) { lines.append(sentence) }
            }
        }
        return lines
    }

    private static func domain(_ row: DomainReport.Record) -> [String] {
        var lines: [String] = []
        if row["dns_mx_dnssec"] == "bogus" {
            lines.append(
                dnssec(of: "the MX records", reason: row["dnssec_reason"], code: row["ede_code"].flatMap { Int($0) }))
        }
        switch row["mx_shape"] {
        case "null_mx_nonzero_pref":
            lines.append("a null MX has preference 0 (RFC 7505 §3): publish `MX 0 .`")
        case "null_mx_mixed":
            lines.append("`MX 0 .` must stand alone (RFC 7505 §3): remove it, or the other MX records")
        case "all_targets_invalid":
            lines.append("no MX record names a host (RFC 5321 §5.1): an MX target is a host name, not an address")
        default: break
        }
        let flags = row["mx_flags"] ?? ""
        if flags.contains("no_null_mx_but_spf_-all") {
            lines.append("the domain sends no mail and has no MX: `MX 0 .` would say that it takes none (RFC 7505)")
        }
        if flags.contains("target_is_cname") {
            lines.append("an MX record names an alias (RFC 2181 §10.3): let it name the host itself")
        }
        return lines
    }

    private static func addresses(of name: String, _ host: DomainReport.Host) -> [String] {
        let outcomes = [host.host["address_v4_outcome"], host.host["address_v6_outcome"]]
        var lines: [String] = []
        if outcomes.allSatisfy({ $0 == "nodata" || $0 == "nxdomain" }) {
            lines.append("\(name) has no address: remove it from the MX records, or give it one")
        }
        if outcomes.contains("bogus") {
            lines.append(
                dnssec(
                    of: "the addresses of \(name)", reason: host.addressFault?.reason, code: host.addressFault?.code))
        }
        return lines
    }

    private static func contact(_ record: DomainReport.EndpointRecord, at place: String) -> String? {
        let row = record.endpoint
        if let sentence = starttls[row["starttls"] ?? ""] { return "\(place) \(sentence)" }
        guard row["tls"] == "ok" else {
            return row["final_class"] == "C" && row["starttls"] == "offered_220"
                ? "\(place) offers STARTTLS, but the handshake fails (\(row["tls"] ?? "")): opportunistic senders fall back to "
                    + "plain text, the others cannot deliver"
                : nil
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
    private static func deprecated(_ record: DomainReport.EndpointRecord, at place: String) -> String? {
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

    private static let starttls = [
        "not_offered": "does not offer STARTTLS: mail to it travels in clear",
        "not_offered_masked":
            "has its STARTTLS keyword overwritten, often by a firewall's SMTP inspection: switch that off",
        "offered_5xx": "offers STARTTLS and then refuses it: configure a certificate, or stop offering",
        "offered_malformed": "answers STARTTLS with something that is no SMTP reply",
        "offered_trailing_plaintext":
            "sends text in clear behind its answer to STARTTLS (response injection): update the mail server",
    ]

    private static let pkix = [
        "expired_leaf": "shows an expired certificate: renew it",
        "expired_issuer": "shows a chain with an expired intermediate certificate: install the current one",
        "not_yet_valid": "shows a certificate that is not valid yet: check the clock of whoever issued it",
        "self_signed_leaf": "shows a self-signed certificate: get one from a public CA, or protect it with DANE",
        "self_signed_in_chain": "shows a chain to a root that is not publicly trusted",
        "unknown_ca": "shows a certificate of an unknown CA: get one from a public CA, or protect it with DANE",
        "incomplete_chain": "does not send its intermediate certificate: install the full chain",
        "signature_bad": "shows a chain with a signature that does not verify",
        "weak_signature": "shows a chain signed with SHA-1 or MD5: have it issued again",
        "weak_key": "shows a key that is too small: use RSA 2048 bits or more, or P-256",
        "bad_purpose": "shows a certificate that is not for servers",
        "no_certificate": "shows no certificate",
    ]
}
