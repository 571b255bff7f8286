// SPDX-License-Identifier: Apache-2.0
import Foundation
import Store

/// What an SPF record would be without the term that is wrong, or several records as one. Where neither mends it, a person
/// has to decide.
struct SPFRepair {
    /// The record, as a zone file has it, behind the words that lead to it; nil where it does not follow.
    let text: String?

    init(_ row: DomainReport.Record, domain: String, term: String?) {
        let records = (row["raw"] ?? "").components(separatedBy: " | ").map { $0.split(separator: " ").dropFirst() }
        var terms: [Substring]
        switch row["outcome"] {
        case "multiple":
            // The mildest `all` of them loses nobody's mail.
            let ends = records.compactMap { $0.last(where: Self.isAll) }
            let end = ["?all", "~all", "-all"].first { mild in ends.contains { $0.lowercased() == mild } }
            var seen: Set<Substring> = []
            terms = records.joined().filter { !Self.isAll($0) && seen.insert($0).inserted }
            terms += [Substring(end ?? "~all")]
        case "syntax", "include_error", "loop":
            guard let term else {
                text = nil
                return
            }
            terms = (records.first ?? []).filter { $0 != term }
        default:
            text = nil
            return
        }
        let record = "`\(domain). TXT \"v=spf1 \(terms.joined(separator: " "))\"`"
        text = (row["outcome"] == "multiple" ? "Right: " : "Without it: ") + record
    }

    private static func isAll(_ term: Substring) -> Bool {
        ["all", "+all", "-all", "~all", "?all"].contains(term.lowercased())
    }
}
