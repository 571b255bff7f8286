// SPDX-License-Identifier: Apache-2.0
import Store

/// Which versions of TLS an endpoint accepts, and whether it agrees on keys that a quantum computer cannot recover: a line
/// for a person, from what all hellos together have shown.
struct VersionLine {
    private let probes: [String: DomainReport.Record]
    private let newest: String?

    /// Nil where no handshake came so far as to choose a version.
    init?(_ record: DomainReport.EndpointRecord) {
        probes = Dictionary(
            record.probes.map { ($0.probe["hello_profile"] ?? "", $0.probe) }, uniquingKeysWith: { first, _ in first })
        newest = probes["full"]?["version"]
        guard newest != nil || probes.values.contains(where: { $0["version"] != nil }) else { return nil }
    }

    /// Where a version stands.
    enum Answer {
        case yes, no, unknown
    }

    var text: String {
        var parts: [String] = []
        func list(_ answer: Answer) -> String? {
            let names = Self.versions.filter { accepts($0) == answer }.map { $0.replacing("TLSv", with: "") }
            return names.isEmpty ? nil : names.joined(separator: ", ")
        }
        if let accepted = list(.yes) { parts.append("accepts TLS \(accepted)") }
        if let refused = list(.no) { parts.append("not \(refused)") }
        if let open = list(.unknown) { parts.append("\(open) unknown") }
        parts.append("post-quantum key exchange: \(postQuantum)")
        if let groups = acceptedGroups { parts.append("groups: \(groups)") }
        return parts.joined(separator: "; ")
    }

    private static let versions = ["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1.0", "SSLv3"]

    /// SSLv3 is only spoken of where it was asked.
    private func accepts(_ version: String) -> Answer? {
        if newest == version || version == "TLSv1.3" && answer("pq") == .yes { return .yes }
        if let newest, newest < version { return .no }
        let direct = Self.profiles[version].flatMap { answer($0) }
        guard version == "TLSv1.1" || version == "TLSv1.0" else {
            return direct ?? (version == "SSLv3" ? nil : .unknown)
        }
        if let direct, direct != .unknown { return direct }
        guard answer("legacy") == .yes, let chosen = probes["legacy"]?["version"] else {
            return answer("legacy") ?? .unknown
        }
        return chosen == version ? .yes : chosen < version ? .no : .unknown
    }

    private static let profiles = ["TLSv1.2": "tls12", "TLSv1.1": "tls11", "TLSv1.0": "tls10", "SSLv3": "deep_ssl3"]

    /// What a hello was answered; nil where it was not sent.
    private func answer(_ profile: String) -> Answer? {
        guard let outcome = probes[profile]?["outcome"] else { return nil }
        switch outcome {
        case "ok": return .yes
        case "timeout", "eof", "reset", "client_policy", "local_error", "not_reached", "not_measured": return .unknown
        default: return .no
        }
    }

    private var postQuantum: String {
        switch probes["pq"]?["outcome"] {
        case "ok": return "X25519MLKEM768"
        case "alert_handshake_failure": return "no"
        default: return newest.map { $0 < "TLSv1.3" } == true ? "no, it needs TLS 1.3" : "unknown"
        }
    }

    private var acceptedGroups: String? {
        let accepted = probes.filter { $0.key.hasPrefix("deep_group_") && $0.value["outcome"] == "ok" }
            .sorted { $0.key < $1.key }.compactMap { $0.value["group"] }
        return accepted.isEmpty ? nil : accepted.joined(separator: ", ")
    }
}
