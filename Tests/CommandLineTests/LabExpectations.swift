// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// One cell of the dataset that the lab's description states.
struct ExpectedCell: CustomStringConvertible {
    let table: String
    let key: [String: String]
    let column: String
    let value: String
    /// The row is there only where the plan came to ask for it; what it says, if it is there, is stated all the same.
    var isOptional = false

    var description: String { "\(table) \(key.sorted { $0.key < $1.key }.map(\.value)) \(column) = '\(value)'" }
}

/// The description's expectations as cells. A host that no listed domain leads to is not scanned, so nothing is expected.
struct LabExpectations {
    let cells: [ExpectedCell]
    let listedDomains: Set<String>

    init(_ description: [String: Any]) {
        let domains = description["domains"] as? [String: [String: Any]] ?? [:]
        let hosts = description["hosts"] as? [String: [String: Any]] ?? [:]
        let listed = domains.filter { $0.value["listed"] as? Bool != false }
        listedDomains = Set(listed.keys)
        var cells: [ExpectedCell] = []
        var reached: Set<String> = []
        for (domain, facts) in listed {
            cells += Self.cells("domains", ["domain": domain], facts["expect"])
            for exchange in facts["mx"] as? [[Any]] ?? [] { reached.insert(exchange.last as? String ?? "") }
        }
        for (host, facts) in hosts where reached.contains(host) || listedDomains.contains(host) {
            cells += Self.cells(host: host, facts)
        }
        self.cells = cells
    }

    /// Listed domains with at least one host, all of whose hosts are Postfix, Exim or nginx.
    static func domainsOfRealServers(_ description: [String: Any]) -> [String] {
        let hosts = description["hosts"] as? [String: [String: Any]] ?? [:]
        let listed = (description["domains"] as? [String: [String: Any]] ?? [:]).filter {
            $0.value["listed"] as? Bool != false
        }
        return listed.compactMap { domain, facts in
            let servers = (facts["mx"] as? [[Any]] ?? []).map { hosts[$0.last as? String ?? ""]?["server"] as? String }
            return !servers.isEmpty && servers.allSatisfy({ ["postfix", "exim", "nginx"].contains($0) }) ? domain : nil
        }
    }

    private static func cells(host: String, _ facts: [String: Any]) -> [ExpectedCell] {
        let expect = facts["expect"] as? [String: Any] ?? [:]
        var cells = cells("mx_hosts", ["mx_host": host], expect["mx_hosts"])
        let own = (facts["v4"] as? [String] ?? []) + (facts["v6"] as? [String] ?? [])
        // An alias has no address of its own: its cells are keyed by those of the host that it stands for.
        for address in Set(own + keyed(expect["endpoints"]) + keyed(expect["tls_probes"])).sorted() {
            let key = ["mx_host": host, "ip": address]
            cells += Self.cells("endpoints", key, perAddress(expect["endpoints"], address))
            let probe = key.merging(["hello_profile": "full"]) { first, _ in first }
            cells += Self.cells("tls_probes", probe, perAddress(expect["tls_probes"], address))
            cells += hellos(key, expect["hellos"])
        }
        return cells
    }

    /// What the raw hellos come to, by profile. Which of them are sent is the plan's business.
    private static func hellos(_ key: [String: String], _ expected: Any?) -> [ExpectedCell] {
        (expected as? [String: Any] ?? [:]).flatMap { profile, stated in
            cells("tls_probes", key.merging(["hello_profile": profile]) { first, _ in first }, stated).map { cell in
                var cell = cell
                cell.isOptional = true
                return cell
            }
        }
    }

    private static func keyed(_ expected: Any?) -> [String] {
        (expected as? [String: Any] ?? [:]).filter { $0.value is [String: Any] }.map(\.key)
    }

    /// One map for all addresses, or a map keyed by address.
    private static func perAddress(_ expected: Any?, _ address: String) -> Any? {
        guard let map = expected as? [String: Any] else { return nil }
        return map.values.allSatisfy { $0 is [String: Any] } && !map.isEmpty ? map[address] : map
    }

    static func cells(_ table: String, _ key: [String: String], _ expected: Any?) -> [ExpectedCell] {
        (expected as? [String: Any] ?? [:]).map { column, value in
            ExpectedCell(table: table, key: key, column: column, value: text(value))
        }
    }

    /// As the CSV writes it.
    private static func text(_ value: Any) -> String {
        switch value {
        case let text as String: return text
        case let number as NSNumber where isBoolean(number): return number.boolValue ? "true" : "false"
        case let number as NSNumber: return number.stringValue
        case let list as [String]:
            return "[" + list.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        default: return ""
        }
    }

    /// `JSONSerialization` gives booleans as numbers of type `c`.
    private static func isBoolean(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c"
    }
}
