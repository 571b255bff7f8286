// SPDX-License-Identifier: Apache-2.0
import Store

/// What is wrong with the TXT policies beside MTA-STS.
extension Advice {
    static func textPolicies(_ report: DomainReport) -> [String] {
        let domain = report.domain["domain"] ?? ""
        let word = { (kind: String) in report.textPolicy(kind)?["outcome"] ?? "" }
        var lines: [String] = []
        if let fault = tlsrpt[word("tlsrpt")] {
            lines.append(
                "\(fault); nobody reports TLS failures. Right: `_smtp._tls.\(domain). TXT "
                    + "\"v=TLSRPTv1; rua=mailto:tlsrpt@\(domain)\"`")
        }
        if let fault = spf[word("spf")] { lines.append("\(fault): receivers answer `permerror`") }
        if report.textPolicy("spf")?["effective"] == "+", word("spf") == "valid" {
            lines.append(
                "the SPF record ends with `+all`, which lets everybody send (RFC 7208 §5.1): end it with `-all`")
        }
        if let fault = dmarc[word("dmarc")] {
            let policy = report.textPolicy("dmarc")?["effective"]
            lines.append("\(fault); \(policy.map { "receivers take it as `p=\($0)`" } ?? "receivers apply no DMARC")")
        }
        return lines
    }

    private static let tlsrpt = [
        "multiple": "there is more than one TLS-RPT record, which counts as none (RFC 8460 §3)",
        "no_rua": "the TLS-RPT record has no `rua` (RFC 8460 §3)",
        "bad_rua_scheme": "the TLS-RPT record wants reports in a way other than mailto: and https: (RFC 8460 §3)",
        "syntax": "the TLS-RPT record breaks the grammar (RFC 8460 §3)",
    ]

    private static let spf = [
        "multiple": "there is more than one SPF record (RFC 7208 §4.5); put them together in one",
        "syntax": "the SPF record has a term that is none (RFC 7208 §4.6)",
        "too_many_lookups":
            "the SPF record needs more than 10 look-ups (RFC 7208 §4.6.4); name addresses, or include less",
        "void_lookups": "more than two names of the SPF record lead to nothing (RFC 7208 §4.6.4); remove them",
        "include_error": "the SPF record includes a domain that has no usable SPF record (RFC 7208 §5.2); remove it",
        "redirect_error": "the SPF record redirects to a domain that has no usable SPF record (RFC 7208 §6.1)",
        "loop": "the SPF record leads back to itself",
    ]

    private static let dmarc = [
        "multiple": "there is more than one DMARC record: all are discarded (RFC 9989 §4.10)",
        "syntax": "the DMARC record breaks the grammar (RFC 9989 §4.8)",
        "no_p": "the DMARC record has no `p` (RFC 9989 §4.7)",
        "bad_p": "the DMARC record has a `p`, `sp` or `np` other than none, quarantine and reject (RFC 9989 §4.7)",
        "external_rua_unauthorised":
            "DMARC reports go to a domain that does not say that it wants them at "
            + "`<domain>._report._dmarc` (RFC 9990 §4)",
    ]
}
