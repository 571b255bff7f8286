// SPDX-License-Identifier: Apache-2.0
import Store

/// What is wrong with a domain's MTA-STS (RFC 8461): the broken part, what the RFC says of it, what a sender does, and
/// the record or file that would be right.
extension Advice {
    static func mtaSTS(_ report: DomainReport) -> [String] {
        guard let row = report.mtaSTS else { return [] }
        let domain = report.domain["domain"] ?? ""
        if let fault = records[row["record"] ?? ""] {
            return ["\(fault); senders act as if there were no policy. Right: \(record(domain, report))"]
        }
        if let fault = fetches[row["fetch"] ?? ""] {
            return [
                "the MTA-STS policy at \(address(domain)) \(fault.text) (RFC 8461 §3.3); senders without a cached policy "
                    + "deliver as if there were none, and report `\(fault.report)`. Right: "
                    + mended(fault.part, domain, report)
            ]
        }
        var lines: [String] = []
        if row["fetch"] == "content_type_not_text_plain" {
            lines.append(
                "the MTA-STS policy must be served as `Content-Type: text/plain` (RFC 8461 §3.2): some senders ignore it"
            )
        }
        if let fault = policies[row["policy"] ?? ""] {
            lines.append(
                "the MTA-STS policy \(fault); senders ignore all of it and report `sts-policy-invalid`. Right: "
                    + file(report))
        }
        let uncovered = report.hosts.filter { $0.link["sts_match"] == "no_match" }.compactMap { $0.link["mx_host"] }
        if !uncovered.isEmpty {
            let what =
                row["mode"] == "enforce"
                ? "senders deliver no mail to them (RFC 8461 §5)" : "senders report it (RFC 8461 §5)"
            lines.append(
                "the MTA-STS policy does not name \(uncovered.joined(separator: ", ")), as §4.1 wants, where `*` stands for "
                    + "one label: \(what). Right: " + file(report))
        }
        return lines
    }

    private static func address(_ domain: String) -> String { "https://mta-sts.\(domain)/.well-known/mta-sts.txt" }

    /// A record with an `id` that is new.
    private static func record(_ domain: String, _ report: DomainReport) -> String {
        let moment = (report.domain["measured_at"] ?? "").filter { $0.isASCII && ($0.isNumber || $0.isLetter) }
        return "`_mta-sts.\(domain). TXT \"v=STSv1; id=\(moment);\"`"
    }

    /// A policy that names the hosts that there are. Its mode is the published one, and `testing` where that is unclear:
    /// who enforces before every host passes loses mail.
    private static func file(_ report: DomainReport) -> String {
        let mode = report.mtaSTS?["mode"] ?? "testing"
        let hosts = report.hosts.compactMap { $0.link["mx_host"] }.map { "mx: \($0)" }
        let lines = ["version: STSv1", "mode: \(mode)"] + hosts + ["max_age: 604800"]
        return "this file, and a new `id` in the record:" + lines.map { "\n        \($0)" }.joined()
    }

    private static let records = [
        "multiple": "there is more than one MTA-STS record, which counts as none (RFC 8461 §3.1)",
        "bad_version": "the MTA-STS record does not begin with `v=STSv1;` and is discarded (RFC 8461 §3.1)",
        "missing_id": "the MTA-STS record has no `id` (RFC 8461 §3.1)",
        "bad_id": "the `id` of the MTA-STS record is not 1 to 32 letters and digits (RFC 8461 §3.1)",
        "syntax": "the MTA-STS record is not a list of `name=value` fields (RFC 8461 §3.1)",
        "dns_bogus": "the answer for the MTA-STS record fails DNSSEC validation",
    ]

    /// The part of the way to the file that is broken.
    private enum Part {
        case address, certificate, response
    }

    private static func mended(_ part: Part, _ domain: String, _ report: DomainReport) -> String {
        switch part {
        case .address: "an A or AAAA record at `mta-sts.\(domain).`, or a CNAME to a hoster that serves this name"
        case .certificate:
            "a certificate from a public CA, with its intermediates, whose DNS names include `mta-sts.\(domain)`"
        case .response: "status 200, `Content-Type: text/plain`, no redirect, and " + file(report)
        }
    }

    private static let fetches: [String: (part: Part, text: String, report: String)] = [
        "host_nxdomain": (.address, "is on a host that does not exist", "sts-policy-fetch-error"),
        "host_nodata": (.address, "is on a host without an address", "sts-policy-fetch-error"),
        "tls_handshake": (.certificate, "is on a host with which TLS fails", "sts-policy-fetch-error"),
        "cert_expired": (.certificate, "is on a host whose certificate is out of date", "sts-webpki-invalid"),
        "cert_untrusted": (
            .certificate, "is on a host whose certificate no public CA stands behind", "sts-webpki-invalid"
        ),
        "cert_name_mismatch": (
            .certificate, "is on a host whose certificate is for other names", "sts-webpki-invalid"
        ),
        "http_3xx": (.response, "is a redirect, which senders must not follow", "sts-policy-fetch-error"),
        "http_404": (.response, "is not there: status 404 and not 200", "sts-policy-fetch-error"),
        "http_4xx": (.response, "is refused: the status is not 200", "sts-policy-fetch-error"),
        "http_other_2xx": (.response, "comes with a status other than 200", "sts-policy-fetch-error"),
        "too_large": (.response, "has more than 64 KiB, of which senders read no more", "sts-policy-fetch-error"),
    ]

    private static let policies = [
        "no_version": "has no `version` (RFC 8461 §3.2)",
        "bad_version": "has a `version` other than `STSv1` (RFC 8461 §3.2)",
        "no_mode": "has no `mode` (RFC 8461 §3.2)",
        "bad_mode": "has a `mode` that is none of `enforce`, `testing`, `none` (RFC 8461 §3.2)",
        "no_max_age": "has no `max_age` (RFC 8461 §3.2)",
        "bad_max_age": "has a `max_age` that is no number of seconds from 0 to 31557600 (RFC 8461 §3.2)",
        "no_mx": "names no `mx` (RFC 8461 §3.2)",
        "bad_mx_pattern": "has an `mx` that is neither a host name nor `*.` and one (RFC 8461 §3.2)",
        "bad_line": "has a line that is no `key: value` (RFC 8461 §3.2)",
        "not_text": "is no text (RFC 8461 §3.2)",
    ]
}
