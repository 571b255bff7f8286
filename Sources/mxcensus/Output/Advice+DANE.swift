// SPDX-License-Identifier: Apache-2.0
import Store

/// What is wrong with the DANE of a host (RFC 7671, 7672). Senders that use DANE keep mail back where it fails.
extension Advice {
    static func dane(of name: String, _ host: DomainReport.Host) -> [String] {
        var lines: [String] = []
        if let sentence = state(host.host, port: mailPort(host)) { lines.append("\(name) \(sentence)") }
        let passedOver = host.tlsa.filter { $0["usable"] != "usable" }
        if host.host["dane_state"] != "unusable", !passedOver.isEmpty {
            let records = passedOver.map { "`\(fields($0))`, \($0["usable"] ?? "")" }.joined(separator: "; ")
            lines.append("\(name) has TLSA records that mail senders pass over (\(records)): remove them")
        }
        if host.host["rollover"] == "duplicate_only" {
            lines.append(
                "all TLSA records of \(name) are about the key in use: publish the next key's before the key changes "
                    + "(RFC 7671 §8)")
        }
        return lines
    }

    /// The port that the host's records are about: 25 or, where nobody asked there, the lowest.
    static func mailPort(_ host: DomainReport.Host) -> String {
        let ports = host.endpoints.compactMap { $0.endpoint["port"].flatMap { Int($0) } }
        return String(ports.contains(25) ? 25 : ports.min() ?? 25)
    }

    private static func state(_ row: DomainReport.Record, port: String) -> String? {
        let base = row["tlsa_base"] ?? row["mx_host"] ?? ""
        return switch row["dane_state"] {
        case "mismatch":
            "shows a certificate that no TLSA record at _\(port)._tcp.\(base) matches: publish its key (`3 1 1`), "
                + "or install the certificate that the records are about"
        case "ta_name_mismatch":
            "has a DANE-TA record that matches, but its certificate does not name \(base): "
                + "have it issued for that name (RFC 7672 §3.2)"
        case "ta_chain_absent_or_expired":
            "has a DANE-TA record for an authority that it does not send, or whose chain does not hold: "
                + "install the full chain with current certificates (RFC 7672 §3.1.2)"
        case "no_starttls":
            "has TLSA records and does not offer STARTTLS: offer it, or remove the records"
        case "tls_failed":
            "has TLSA records, but TLS fails: mend TLS, or remove the records"
        case "unusable":
            "has TLSA records of which mail senders can use none: publish `3 1 1` with the digest of its key "
                + "(RFC 7672 §3.1)"
        case "tlsa_insecure":
            "has TLSA records that DNSSEC does not protect, so that they count for nothing: sign \(base)"
        case "tempfail" where row["tlsa_outcome"] == "bogus" || row["tlsa_dnssec"] == "bogus":
            "has broken DNSSEC at _\(port)._tcp: senders that use DANE cannot deliver; sign the zone again, "
                + "and see that its name servers prove what is not there"
        default: nil
        }
    }

    private static func fields(_ record: DomainReport.Record) -> String {
        [record["usage"], record["selector"], record["mtype"]].compactMap(\.self).joined(separator: " ")
    }
}
