// SPDX-License-Identifier: Apache-2.0
import Foundation
import Store

/// One domain on paper: where its mail goes, what each host offers, the verdicts, and what to mend.
struct DomainPage {
    private let report: DomainReport

    init(_ report: DomainReport) {
        self.report = report
    }

    func text(colours: Bool) -> String {
        let domain = report.domain
        var lines = [Tone.strong.paint(title, colours: colours)]
        lines.append("  MX: \(mailRoute)")
        if let reason = domain["dnssec_reason"] { lines.append("      \(reason)") }
        for host in report.hosts {
            let preference = host.link["is_implicit"] == "true" ? "implicit" : host.link["preference"] ?? ""
            lines += HostPage(host, label: "\(preference) ").lines(colours: colours).map { "  " + $0 }
        }
        lines += PolicyLines(report).lines(colours: colours).map { "  " + $0 }
        if !report.hosts.isEmpty { lines += verdicts(colours: colours).map { "  " + $0 } }
        lines += Self.toMend(Advice.lines(for: report)).map { "  " + $0 }
        return lines.joined(separator: "\n")
    }

    /// Nothing where there is nothing to mend.
    static func toMend(_ advice: [String]) -> [String] {
        advice.isEmpty ? [] : ["to mend:"] + advice.map { "  - \($0)" }
    }

    private var title: String {
        let name = report.domain["domain"] ?? ""
        return report.domain["domain_unicode"].map { "\(name) (\($0))" } ?? name
    }

    private var mailRoute: String {
        let domain = report.domain
        let flags = (domain["mx_flags"] ?? "").filter { !"[]\"".contains($0) }.split(separator: ",").map { ", \($0)" }
            .joined()
        return [domain["mx_shape"], domain["dns_mx_outcome"], domain["dns_mx_dnssec"]].compactMap(\.self)
            .joined(separator: ", ") + flags
    }

    private func verdicts(colours: Bool) -> [String] {
        [
            ("STARTTLS offered by every host", "starttls_all"), ("TLS works at every host", "tls_works_all"),
            ("a valid certificate for its name at every host", "pkix_mx_all"),
        ].map { title, column in
            let value = report.domain[column]
            let word = value == "true" ? "yes" : value == "false" ? "no" : "unknown"
            let tone: Tone = value == "true" ? .good : value == "false" ? .bad : .unknown
            return "\(title): \(tone.paint(word, colours: colours))"
        } + [dane(colours: colours)]
    }

    private func dane(colours: Bool) -> String {
        let word = report.domain["dane_domain"] ?? ""
        let tone: Tone = word == "valid" ? .good : word == "failed" ? .bad : .unknown
        let meaning = StageMeaning.text(word, stage: "dane_domain").map { ": \($0)" } ?? ""
        return "DANE at the primary hosts: \(tone.paint(word, colours: colours))\(meaning)"
    }
}

extension DomainPage {
    /// The report as a program reads it: the tables' columns, hosts below the domain.
    static func object(of report: DomainReport) -> [String: Any] {
        var object = Self.object(of: report.domain)
        object["hosts"] = report.hosts.map { Self.object(of: $0) }
        if let row = report.mtaSTS { object["mta_sts"] = Self.object(of: row) }
        object["txt_policies"] = report.textPolicies.map { Self.object(of: $0) }
        object["advice"] = Advice.lines(for: report)
        return object
    }

    static func object(of host: DomainReport.Host) -> [String: Any] {
        var object = Self.object(of: host.host).merging(Self.object(of: host.link)) { first, _ in first }
        object["tlsa"] = host.tlsa.map { Self.object(of: $0) }
        object["endpoints"] = host.endpoints.map { endpoint in
            var entry = Self.object(of: endpoint.endpoint)
            entry["tls_probes"] = endpoint.probes.map { probe in
                var row = Self.object(of: probe.probe)
                row["certificates"] = probe.certificates.map { Self.object(of: $0) }
                return row
            }
            return entry
        }
        return object
    }

    /// Numbers are numbers and arrays are arrays; null is where nothing was seen, and the words of the stages in the same
    /// object say why.
    private static func object(of record: DomainReport.Record) -> [String: Any] {
        Dictionary(record.columns.map { ($0.name, $0.value.map(JSONText.value) ?? NSNull()) }) { first, _ in first }
    }
}
