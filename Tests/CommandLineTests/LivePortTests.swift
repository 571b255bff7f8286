// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// STARTTLS and implicit TLS elsewhere than on port 25, and what programs read of it.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LivePortTests {
    private func probe(_ arguments: [String]) throws -> [String: Any] {
        let lab = try Lab.required()
        let result = try Program.run(["probe"] + arguments + ["--format", "json"] + lab.options)
        #expect(result.status == 0, "\(result.transcript)")
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
    }

    private func endpoint(_ host: [String: Any]) throws -> [String: Any] {
        try #require((host["endpoints"] as? [[String: Any]])?.first)
    }

    @Test func starttlsOnPort587HasItsOwnTLSARecords() throws {
        let host = try probe(["mx.requiretls.alpha", "--port", "587"])
        let seen = try endpoint(host)
        #expect(seen["port"] as? Int == 587 && seen["starttls"] as? String == "offered_220")
        #expect(seen["tls"] as? String == "ok" && seen["requiretls"] as? Bool == true)
        #expect(seen["ehlo_extensions_tls"] as? [String] == ["PIPELINING", "SIZE 10240000", "8BITMIME", "REQUIRETLS"])
        #expect(host["dane_state"] as? String == "match_ee" && host["tlsa_base"] as? String == "mx.requiretls.alpha")
    }

    @Test(arguments: [["--port", "465"], ["--implicit-tls", "--port", "465"]])
    func tlsComesFirstOnPort465(arguments: [String]) throws {
        let host = try probe(["mx.requiretls.alpha"] + arguments)
        let seen = try endpoint(host)
        #expect(
            seen["tls"] as? String == "ok" && seen["greeting"] as? String == "220" && seen["ehlo"] as? String == "250")
        #expect(seen["starttls"] as? String == "not_reached" && seen["starttls_code"] is NSNull)
        #expect(seen["ehlo_extensions"] is NSNull && seen["final_class"] as? String == "C")
        #expect(host["dane_state"] as? String == "mismatch")
    }

    @Test func whoSpeaksInClearOnATLSPortHasNoTLS() throws {
        let seen = try endpoint(try probe(["mx.requiretls.alpha", "--implicit-tls", "--port", "587"]))
        #expect(seen["tls"] as? String == "not_tls" && seen["greeting"] as? String == "not_reached")
    }

    @Test func aScanOfThreePortsJudgesByMails() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "requiretls.alpha\nnexthop.alpha\n")
        let export = try lab.survey(list: list, into: scratch, extra: ["--ports", "587,25,465,25"])
        let probes = try CSVTable(file: export + "/tls_probes.csv").rows.filter {
            $0["mx_host"] == "mx.requiretls.alpha" && $0["hello_profile"] == "full"
        }
        #expect(probes.compactMap { $0["port"] }.sorted() == ["25", "465", "587"])
        let dane = Dictionary(uniqueKeysWithValues: probes.map { ($0["port"] ?? "", $0["dane"] ?? "") })
        #expect(dane == ["25": "absent_secure", "465": "mismatch", "587": "match_ee"])
        let hosts = try CSVTable(file: export + "/mx_hosts.csv").rows
        #expect(hosts.first { $0["mx_host"] == "mx.requiretls.alpha" }?["dane_state"] == "absent_secure")
        let links = try CSVTable(file: export + "/domain_mx.csv").rows
        #expect(links.first { $0["domain"] == "nexthop.alpha" }?["name_match_domain"] == "match_exact")
        #expect(links.first { $0["domain"] == "requiretls.alpha" }?["name_match_domain"] == "mismatch")
        let domains = try CSVTable(file: export + "/domains.csv").rows
        #expect(domains.first { $0["domain"] == "requiretls.alpha" }?["starttls_all"] == "true")
    }
}
