// SPDX-License-Identifier: Apache-2.0
import Store

/// One mail host on paper: its addresses, and for each the stage at which it ended or what TLS showed.
struct HostPage {
    private let host: DomainReport.Host
    private let label: String

    init(_ host: DomainReport.Host, label: String = "") {
        self.host = host
        self.label = label
    }

    func lines(colours: Bool) -> [String] {
        let facts = host.host
        var lines = [label + Tone.strong.paint(facts["mx_host"] ?? "", colours: colours) + alias]
        lines.append(
            "   addresses: IPv4 \(family(facts["address_v4_outcome"], facts["addr_dnssec_v4"])), "
                + "IPv6 \(family(facts["address_v6_outcome"], facts["addr_dnssec_v6"]))")
        if let line = dane(colours: colours) { lines.append("   DANE: " + line) }
        if let line = nameOfDomain { lines.append("   certificate for mail to \(line)") }
        for endpoint in host.endpoints {
            lines.append("   " + line(endpoint, colours: colours))
            if let versions = VersionLine(endpoint) { lines.append("      " + versions.text) }
        }
        return lines
    }

    private var alias: String {
        guard let expanded = host.host["expanded_name"], expanded != host.host["mx_host"] else { return "" }
        return ", an alias of \(expanded)"
    }

    /// What a sender finds who looks for the domain's own name in the certificate; nothing where none was shown.
    private var nameOfDomain: String? {
        guard let domain = host.link["domain"], domain != host.host["mx_host"],
            let word = host.link["name_match_domain"], word != "not_measured", word != "not_reached"
        else { return nil }
        return "\(domain): name \(word)"
    }

    /// The records and what came of them; nothing where nobody asked.
    private func dane(colours: Bool) -> String? {
        guard let state = host.host["dane_state"], state != "not_measured", state != "not_reached" else { return nil }
        let tone: Tone =
            switch state {
            case "match_ee", "match_ta": .good
            case "mismatch", "ta_name_mismatch", "ta_chain_absent_or_expired", "no_starttls", "tls_failed": .bad
            default: .unknown
            }
        let records = host.tlsa.map { record in
            [record["usage"], record["selector"], record["mtype"]].compactMap(\.self).joined(separator: " ")
                + (record["usable"] == "usable" ? "" : " \(record["usable"] ?? "")")
                + (record["shadowed"] == "true" ? " shadowed" : "")
        }
        let owner = host.host["tlsa_base"].map { "_\(Advice.mailPort(host))._tcp.\($0)" }
        let place = owner.map { ", \(records.joined(separator: ", ")) at \($0)" } ?? ""
        let rollover = host.host["rollover"].flatMap { ["not_reached", "not_measured"].contains($0) ? nil : $0 }
        let meaning = StageMeaning.text(state, stage: "dane").map { ": \($0)" } ?? ""
        return tone.paint(state, colours: colours) + place + (rollover.map { ", rollover \($0)" } ?? "") + meaning
    }

    private func family(_ outcome: String?, _ security: String?) -> String {
        [outcome, security].compactMap(\.self).joined(separator: " ")
    }

    private func line(_ record: DomainReport.EndpointRecord, colours: Bool) -> String {
        let endpoint = record.endpoint
        let ip = endpoint["ip"] ?? ""
        let place = "\(endpoint["family"] == "6" ? "[\(ip)]" : ip):\(endpoint["port"] ?? "")"
        let (tone, words) = story(record)
        return "\(place)  \(tone.paint(words, colours: colours))"
    }

    /// The last stage that was reached tells the story.
    private func story(_ record: DomainReport.EndpointRecord) -> (Tone, String) {
        let endpoint = record.endpoint
        for stage in ["tls", "starttls", "ehlo", "greeting", "tcp"] {
            guard let word = endpoint[stage], word != "not_reached", word != "not_measured" else { continue }
            if stage == "tls", word == "ok" { return (.good, handshake(record)) }
            let code = endpoint["\(stage)_code"].map { " (\($0))" } ?? ""
            let tone: Tone = endpoint["final_class"] == "C" ? .bad : .unknown
            return (tone, "\(stage) \(word)\(code)" + (StageMeaning.text(word, stage: stage).map { ": \($0)" } ?? ""))
        }
        return (.unknown, "not contacted")
    }

    private func handshake(_ record: DomainReport.EndpointRecord) -> String {
        guard let probe = record.probes.first(where: { $0.probe["hello_profile"] == "full" })?.probe else {
            return "ok"
        }
        let parts: [String?] = [
            [probe["version"], probe["cipher"], probe["group"]].compactMap(\.self).joined(separator: " "),
            "certificate \(inWords(probe["pkix"], stage: "pkix", unless: "valid"))",
            "name \(inWords(probe["name_match_mx"], stage: "name", unless: "match_exact"))",
            probe["days_left"].map { "\($0) days left" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    /// A word, and what it says where all is not as it should be.
    private func inWords(_ word: String?, stage: String, unless good: String) -> String {
        guard let word, word != good, let meaning = StageMeaning.text(word, stage: stage) else { return word ?? "" }
        return "\(word) (\(meaning))"
    }
}
