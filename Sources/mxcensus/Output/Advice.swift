// SPDX-License-Identifier: Apache-2.0
import Store

/// What the owner of a domain can mend, one sentence for each fault that was found. Nothing is advised about what is
/// unknown.
enum Advice {
    static func lines(for report: DomainReport) -> [String] {
        var lines = domain(report.domain) + mtaSTS(report) + textPolicies(report)
        for host in report.hosts { lines += self.lines(for: host) }
        return lines
    }

    /// What is about one mail host.
    static func lines(for host: DomainReport.Host) -> [String] {
        let name = host.host["mx_host"] ?? ""
        var lines = addresses(of: name, host) + dane(of: name, host)
        for endpoint in host.endpoints {
            let place = "\(name) [\(endpoint.endpoint["ip"] ?? "")]"
            lines += [contact(endpoint, at: place), deprecated(endpoint, at: place)].compactMap(\.self)
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
}
