// SPDX-License-Identifier: Apache-2.0
import Observations
import Policies
import Store

/// What is wrong with the TXT policies beside MTA-STS, with the record that would be right as far as it follows from what
/// is there: what was sound in it stays. Nothing follows from a text that is too long to have been kept whole.
extension Advice {
    static func textPolicies(_ report: DomainReport) -> [String] {
        tlsReporting(report) + senderPolicy(report) + ownerPolicy(report)
    }

    private static func tlsReporting(_ report: DomainReport) -> [String] {
        guard let fault = tlsrpt[report.textPolicy("tlsrpt")?["outcome"] ?? ""] else { return [] }
        let domain = report.domain["domain"] ?? ""
        let repair = published("tlsrpt", report).map { TLSRPTRepair($0, domain: domain) }
        let right = repair?.record.map { ZoneFileLine.txt(at: "_smtp._tls.\(domain)", $0) }
        let mailbox = repair?.isMailboxExample == true ? ", or another mailbox of yours" : ""
        return [
            "\(fault); nobody reports TLS failures. Right: "
                + "\(right.map { $0 + mailbox } ?? "one record of `name=value` fields, with a `rua`")"
        ]
    }

    /// The records of a kind, as published.
    static func published(_ kind: String, _ report: DomainReport) -> [[UInt8]]? {
        report.textPolicy(kind)?["raw"].flatMap(PolicyText.records)
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
        let right = mended(row, domain, term: owner.isEmpty ? place?.part : nil)
        return ["\(fault.what)\(term); receivers answer `permerror`. \(right ?? "Right: \(fault.right)")"]
    }

    /// The SPF record without the terms that are wrong, or with what they mean, or several as one; nil where a person has to
    /// decide.
    private static func mended(_ row: DomainReport.Record, _ domain: String, term: String?) -> String? {
        guard let raw = row["raw"], let record = PolicyText.octets(of: raw) else { return nil }
        let repair: SPFRepair
        switch row["outcome"] {
        case "multiple": repair = SPFRepair(joining: PolicyText.records(of: raw) ?? [])
        case "syntax": repair = SPFRepair(withoutBrokenTermsOf: record)
        case "include_error", "loop":
            guard let term else { return nil }
            repair = SPFRepair(record, without: term)
        default: return nil
        }
        guard let right = repair.record.map({ ZoneFileLine.txt(at: domain, $0) }) else { return nil }
        // The term that has been named need not be left out where what it means is clear.
        let named = repair.removed.contains { $0 == term } ? ["it"] : []
        let left = named + repair.removed.filter { $0 != term }.map { "`\($0)`" }
        return left.isEmpty ? "Right: \(right)" : "Without \(left.joined(separator: " and ")): \(right)"
    }

    private static func ownerPolicy(_ report: DomainReport) -> [String] {
        guard let row = report.textPolicy("dmarc"), let fault = dmarc[row["outcome"] ?? ""] else { return [] }
        let domain = report.domain["domain"] ?? ""
        let place = report.policyFaults["dmarc"]
        let owner = place?.domain ?? domain
        let record = published("dmarc", report).flatMap { DMARCRepair($0).record }
        let right =
            row["outcome"] == "external_rua_unauthorised"
            ? consent(to: place?.part ?? "", of: owner)
            : record.map { ZoneFileLine.txt(at: "_dmarc.\(owner)", $0) + ", alone at its name" }
                ?? "one record of `name=value` tags at `_dmarc.\(owner).`"
        let whose = owner == domain ? "" : ", at `_dmarc.\(owner).`, which holds for \(domain), too"
        let isFromAbove = owner == domain && row["found_at"] == "org"
        let what =
            row["effective"].map {
                isFromAbove ? "receivers go by the record above it, as `p=\($0)`" : "receivers take it as `p=\($0)`"
            } ?? "receivers apply no DMARC"
        return ["\(fault)\(whose)\(place?.part.map { ": `\($0)`" } ?? ""); \(what). Right: \(right)"]
    }

    /// What the domains of report addresses have to publish (RFC 9990 §4), as far as there is a name for it.
    private static func consent(to addresses: String, of owner: String) -> String {
        let hosts = addresses.split(separator: ",").compactMap { address in
            address.prefix { $0 != "?" }.split(separator: "@").last.flatMap { try? DomainName($0) }
        }
        let lines = Set(hosts).sorted { "\($0)" < "\($1)" }.compactMap { host -> String? in
            let name = "\(owner)._report._dmarc.\(host)"
            guard (try? DomainName(name)) != nil else { return nil }
            return ZoneFileLine.txt(at: name, "v=DMARC1;") + ", which \(host) has to publish"
        }
        return lines.isEmpty ? "addresses at \(owner)" : lines.joined(separator: ", and ")
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
        "syntax": (
            "the SPF record has a term that is none (RFC 7208 §4.6)",
            "what was meant in its place, or a record without it"
        ),
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
