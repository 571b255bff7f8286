// SPDX-License-Identifier: Apache-2.0
import Store

/// What is wrong with the TXT policies beside MTA-STS, with the record that would be right as far as it follows from what
/// is there.
extension Advice {
    static func textPolicies(_ report: DomainReport) -> [String] {
        tlsReporting(report) + senderPolicy(report) + ownerPolicy(report)
    }

    private static func tlsReporting(_ report: DomainReport) -> [String] {
        guard let fault = tlsrpt[report.textPolicy("tlsrpt")?["outcome"] ?? ""] else { return [] }
        let domain = report.domain["domain"] ?? ""
        return [
            "\(fault); nobody reports TLS failures. Right: `_smtp._tls.\(domain). TXT "
                + "\"v=TLSRPTv1; rua=mailto:tlsrpt@\(domain)\"`"
        ]
    }

    private static func senderPolicy(_ report: DomainReport) -> [String] {
        guard let row = report.textPolicy("spf") else { return [] }
        let domain = report.domain["domain"] ?? ""
        guard let fault = spf[row["outcome"] ?? ""] else {
            guard row["outcome"] == "valid", row["effective"] == "+" else { return [] }
            return ["the SPF record ends with `+all`, which lets everybody send (RFC 7208 §5.1): end it with `-all`"]
        }
        let place = report.policyFaults["spf"]
        let owner = place?.domain.flatMap { $0 == domain ? nil : ", in the record of \($0)" } ?? ""
        let term = place?.part.map { ": `\($0)`\(owner)" } ?? ""
        let right = SPFRepair(row, domain: domain, term: owner.isEmpty ? place?.part : nil).text
        return ["\(fault.what)\(term); receivers answer `permerror`. \(right ?? "Right: \(fault.right)")"]
    }

    private static func ownerPolicy(_ report: DomainReport) -> [String] {
        guard let row = report.textPolicy("dmarc"), let fault = dmarc[row["outcome"] ?? ""] else { return [] }
        let domain = report.domain["domain"] ?? ""
        let effective = row["effective"]
        let place = report.policyFaults["dmarc"]
        let owner = place?.domain ?? domain
        let right: String
        if row["outcome"] == "external_rua_unauthorised" {
            let host = place?.part?.split(separator: "@").last.map { $0.prefix { $0 != "?" } } ?? ""
            right = "`\(owner)._report._dmarc.\(host). TXT \"v=DMARC1;\"`, which \(host) has to publish"
        } else {
            right = "`_dmarc.\(domain). TXT \"v=DMARC1; p=\(effective ?? "none")\"`, alone at its name"
        }
        let what = effective.map { "receivers take it as `p=\($0)`" } ?? "receivers apply no DMARC"
        return ["\(fault)\(place?.part.map { ": `\($0)`" } ?? ""); \(what). Right: \(right)"]
    }

    private static let tlsrpt = [
        "multiple": "there is more than one TLS-RPT record, which counts as none (RFC 8460 §3)",
        "no_rua": "the TLS-RPT record has no `rua` (RFC 8460 §3)",
        "bad_rua_scheme": "the TLS-RPT record wants reports in a way other than mailto: and https: (RFC 8460 §3)",
        "syntax": "the TLS-RPT record breaks the grammar (RFC 8460 §3)",
    ]

    /// What is wrong, and what would be right where no record follows from the wrong one.
    private static let spf: [String: (what: String, right: String)] = [
        "multiple": ("there is more than one SPF record (RFC 7208 §4.5)", "all terms in one record"),
        "syntax": ("the SPF record has a term that is none (RFC 7208 §4.6)", "a record without it"),
        "too_many_lookups": (
            "the SPF record needs more than 10 look-ups (RFC 7208 §4.6.4), beginning with the term",
            "addresses by themselves (`ip4:`, `ip6:`) for some of its names, or fewer of them"
        ),
        "void_lookups": (
            "more than two names of the SPF record lead to nothing (RFC 7208 §4.6.4), this one, too",
            "a record without names that do not exist"
        ),
        "include_error": (
            "the SPF record includes a domain that has no usable SPF record (RFC 7208 §5.2)",
            "a sound SPF record there, or none included"
        ),
        "redirect_error": (
            "the SPF record redirects to a domain that has no usable SPF record (RFC 7208 §6.1)",
            "a sound SPF record there, or `all` in place of the redirect"
        ),
        "loop": ("the SPF record leads back to itself (RFC 7208 §4.6.4)", "a record without that term"),
    ]

    private static let dmarc = [
        "multiple": "there is more than one DMARC record: all are discarded (RFC 9989 §4.10)",
        "syntax": "the DMARC record breaks the grammar (RFC 9989 §4.8)",
        "no_p": "the DMARC record has no `p` (RFC 9989 §4.7)",
        "bad_p": "the DMARC record has a `p`, `sp` or `np` other than none, quarantine and reject (RFC 9989 §4.7)",
        "external_rua_unauthorised":
            "DMARC reports go to a domain that does not say that it wants them (RFC 9990 §4), so that none are sent there",
    ]
}
