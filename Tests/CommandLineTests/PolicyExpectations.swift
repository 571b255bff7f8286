// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What the lab's `policies.yaml` states of each domain, as cells of the dataset.
struct PolicyExpectations {
    let cells: [ExpectedCell]

    init(_ description: [String: Any]) {
        let policies = description["policies"] as? [String: [String: Any]] ?? [:]
        cells = policies.sorted { $0.key < $1.key }.flatMap { Self.cells(of: $0.key, $0.value) }
    }

    private static func cells(of domain: String, _ expect: [String: Any]) -> [ExpectedCell] {
        var cells = LabExpectations.cells("mta_sts", ["domain": domain], expect["mta_sts"])
        cells += LabExpectations.cells("domains", ["domain": domain], expect["domains"])
        if let flags = expect["flags"] {
            cells += LabExpectations.cells("mta_sts", ["domain": domain], ["flags": flags])
        }
        if let summary = expect["sts_domain"] {
            cells += LabExpectations.cells("domains", ["domain": domain], ["sts_domain": summary])
        }
        for (host, match) in expect["sts_match"] as? [String: String] ?? [:] {
            cells += LabExpectations.cells("domain_mx", ["domain": domain, "mx_host": host], ["sts_match": match])
        }
        for kind in ["spf", "dmarc", "tlsrpt", "dkim_hint"] {
            cells += LabExpectations.cells("txt_policies", ["domain": domain, "kind": kind], expect[kind])
        }
        return cells
    }
}
