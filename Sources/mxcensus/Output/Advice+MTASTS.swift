// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observations
import Policies
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
        if let fault = unansweredRecords[row["record"] ?? ""] {
            return [
                "\(fault) (RFC 8461 §3.1). Right: name servers that answer TXT for `_mta-sts.\(domain).`, with signatures that "
                    + "hold where the zone is signed"
            ]
        }
        if let fault = PolicyFetchFault.faults[row["fetch"] ?? ""] {
            // It may be gone when it is looked at again.
            let isPassing =
                row["fetch"].flatMap(STSFetchOutcome.init)?.outcomeClass(status: row["http_status"].flatMap { Int($0) })
                == .transient
            return [
                "the MTA-STS policy at https://mta-sts.\(domain)/.well-known/mta-sts.txt \(fault.text)"
                    + "\(status(row)) (RFC 8461 §3.3)\(isPassing ? ", at the moment of this check" : ""); senders without a "
                    + "cached policy deliver as if there were none, and report `\(fault.report)`. Right: "
                    + mended(fault.part, domain, isPassing ? nil : file(report))
            ]
        }
        return fileLines(report, row)
    }

    /// The file was read: how it was served, what is wrong in it, whom it leaves out.
    private static func fileLines(_ report: DomainReport, _ row: DomainReport.Record) -> [String] {
        var lines: [String] = []
        if row["fetch"] == "content_type_not_text_plain" {
            let type = report.policyFaults["fetch"]?.part.map { "as `\($0)`" } ?? "without a media type"
            lines.append(
                "the MTA-STS policy is served \(type): senders should ignore what is not text/plain (RFC 8461 §3.2), and some "
                    + "do. Right: `Content-Type: text/plain`")
        }
        if let fault = policies[row["policy"] ?? ""] {
            let place = report.policyFaults["policy"]?.part.map { ", in \($0)" } ?? ""
            let ends = (row["flags"] ?? "").contains("cr_only") ? "; its lines end with CR alone, which ends none" : ""
            lines.append(
                "the MTA-STS policy \(fault) (RFC 8461 §3.2)\(place)\(ends); senders ignore all of it and report "
                    + "`sts-policy-invalid`. Right: " + file(report))
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
        return lines + remarks(report, row)
    }

    /// What a valid policy could do better.
    private static func remarks(_ report: DomainReport, _ row: DomainReport.Record) -> [String] {
        guard row["policy"]?.hasPrefix("valid_") == true else { return [] }
        let flags = row["flags"] ?? ""
        var lines: [String] = []
        if flags.contains("dup_key_ignored") {
            lines.append(
                "the MTA-STS policy has a key twice: senders take the first (RFC 8461 §3.2), and some of them the last. Right: "
                    + file(report))
        }
        if flags.contains("max_age_short") {
            lines.append(
                "the MTA-STS policy has a `max_age` of \(row["max_age"] ?? "") seconds, where weeks are expected (RFC 8461 §3.2): "
                    + "senders forget it within a day, and whoever keeps them from fetching it is rid of it. Right: "
                    + file(report))
        }
        return lines
    }

    private static func status(_ row: DomainReport.Record) -> String {
        guard let status = row["http_status"], status != "200" else { return "" }
        return ": status \(status)"
    }

    /// The record, with the moment as its `id` where it has none.
    private static func record(_ domain: String, _ report: DomainReport) -> String {
        let moment = (report.domain["measured_at"] ?? "").filter { $0.isASCII && ($0.isNumber || $0.isLetter) }
        let right = published("mta_sts", report).flatMap { STSRecordRepair($0, newID: moment).record }
        return right.map { ZoneFileLine.txt(at: "_mta-sts.\(domain)", $0) }
            ?? "one record that begins `v=STSv1; id=`, with 1 to 32 letters and digits"
    }

    /// The policy file.
    private static func file(_ report: DomainReport) -> String {
        let hosts = report.hosts.compactMap { $0.link["mx_host"].flatMap { try? DomainName($0) } }
        let published = report.policyFile.flatMap(PolicyText.octets)
        guard let lines = STSPolicyRepair(published, seen: report.mtaSTS.map(policy), hosts: hosts).lines else {
            return "a file as RFC 8461 §3.2 has it, with an `mx` for every mail host, and a new `id` in the record"
        }
        return "this file, and a new `id` in the record:" + lines.map { "\n        \($0)" }.joined()
    }

    /// What was seen in the file.
    private static func policy(_ row: DomainReport.Record) -> STSPolicyObservation {
        let patterns = row["mx_patterns"].flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }
        return STSPolicyObservation(
            outcome: row["policy"].flatMap(STSPolicyOutcome.init) ?? .notReached,
            mode: row["mode"].flatMap(STSPolicyObservation.Mode.init), maxAge: row["max_age"].flatMap { Int($0) },
            patterns: patterns ?? [])
    }

    /// What would be right about a part of the way; `file` where nobody knows of a file that is.
    private static func mended(_ part: PolicyFetchFault.Part, _ domain: String, _ file: String?) -> String {
        switch part {
        case .address: "an A or AAAA record at `mta-sts.\(domain).`, or a CNAME to a hoster that serves this name"
        case .nameServers:
            "name servers that answer A and AAAA for `mta-sts.\(domain).`, with signatures that hold where the zone is signed"
        case .server: "a web server on port 443 at every address of `mta-sts.\(domain).`"
        case .handshake:
            "TLS 1.2 or later for the server name `mta-sts.\(domain)`, with a certificate from a public CA for it"
        case .certificate:
            "a certificate from a public CA, with its intermediates, whose DNS names include `mta-sts.\(domain)`"
        case .response:
            "status 200, `Content-Type: text/plain`, no redirect, and the policy file"
                + (file.map { " or, where there is none yet, " + $0 } ?? "")
        }
    }

    private static let records = [
        "multiple": "there is more than one MTA-STS record, which counts as none (RFC 8461 §3.1)",
        "bad_version": "the MTA-STS record does not begin with `v=STSv1;` and is discarded (RFC 8461 §3.1)",
        "missing_id": "the MTA-STS record has no `id` (RFC 8461 §3.1)",
        "bad_id": "the `id` of the MTA-STS record is not 1 to 32 letters and digits (RFC 8461 §3.1)",
        "syntax": "the MTA-STS record is not a list of `name=value` fields (RFC 8461 §3.1)",
    ]

    private static let unansweredRecords = [
        "dns_bogus":
            "the answer for the MTA-STS record fails DNSSEC validation: senders that validate see no record, and act as if "
            + "there were no policy",
        "dns_tempfail":
            "whether there is an MTA-STS record could not be told at the moment of this check: senders see none then, and those "
            + "without a cached policy deliver as if there were none",
    ]

    private static let policies = [
        "no_version": "has no `version`", "bad_version": "has a `version` other than `STSv1`",
        "no_mode": "has no `mode`", "bad_mode": "has a `mode` that is none of `enforce`, `testing`, `none`",
        "no_max_age": "has no `max_age`",
        "bad_max_age": "has a `max_age` that is no number of seconds from 0 to 31557600",
        "no_mx": "names no `mx`", "bad_mx_pattern": "has an `mx` that is neither a host name nor `*.` and one",
        "bad_line": "has a line that is no `key: value`", "not_text": "is no text",
    ]
}
