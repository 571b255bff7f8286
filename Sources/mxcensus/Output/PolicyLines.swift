// SPDX-License-Identifier: Apache-2.0
import Store

/// The policies of a domain on paper: a line for each standard.
struct PolicyLines {
    private let report: DomainReport

    init(_ report: DomainReport) {
        self.report = report
    }

    func lines(colours: Bool) -> [String] {
        guard let sts = report.mtaSTS else { return [] }
        let parts = [
            ("record", sts["record"]), ("fetch", sts["fetch"]), ("policy", sts["policy"]),
            ("hosts", sts["match_domain"]),
        ].compactMap { name, word in word.map { "\(name) \($0)" } }
        var lines = ["MTA-STS: \(tone(report.domain["sts_domain"], colours)) (\(parts.joined(separator: ", ")))"]
        for (kind, title) in [("tlsrpt", "TLS-RPT"), ("spf", "SPF"), ("dmarc", "DMARC"), ("dkim_hint", "DKIM")] {
            guard let row = report.textPolicy(kind) else { continue }
            let details = [
                row["effective"].map { kind == "spf" ? "ends with \($0)" : "policy \($0)" },
                row["lookups"].map { "\($0) look-ups" }, temporaryError(kind, row),
                row["found_at"].map { "found at \($0)" }, row["dnssec"],
            ].compactMap(\.self)
            lines.append("\(title): \(tone(row["outcome"], colours)), \(details.joined(separator: ", "))")
            if let raw = row["raw"] { lines.append("    \(raw)") }
        }
        return lines
    }

    /// Where a receiver of mail stops for want of an answer (RFC 7208 §2.6.6).
    private func temporaryError(_ kind: String, _ row: DomainReport.Record) -> String? {
        guard kind == "spf", row["outcome"] == "dns_tempfail" else { return nil }
        return "receivers answer temperror" + (report.policyFaults[kind]?.part.map { " at `\($0)`" } ?? "")
    }

    private func tone(_ word: String?, _ colours: Bool) -> String {
        let word = word ?? ""
        let good: Set = ["valid", "valid_enforce", "ent_present"]
        let unknown: Set = [
            "absent", "none", "unknown", "dns_tempfail", "not_measured", "not_reached", "nodata_wildcard",
        ]
        let tone: Tone = good.contains(word) ? .good : unknown.contains(word) || word == "nxdomain" ? .unknown : .bad
        return tone.paint(word, colours: colours)
    }
}
