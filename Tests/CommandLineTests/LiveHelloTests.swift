// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Raw hellos, depth and inference against the lab's real servers.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LiveHelloTests {
    /// `wildhost.beta` has a wildcard address, so that any number of names live on one server.
    private func survey(names count: Int, _ lab: Lab, _ scratch: Scratch, name: String, extra: [String] = []) throws
        -> String
    {
        let list = try scratch.write(name + ".txt", (1...count).map { "n\($0).wildhost.beta\n" }.joined())
        return try lab.survey(list: list, into: scratch, name: name, extra: extra)
    }

    @Test func noEndpointHasMoreConnectionsThanThePlan() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let export = try lab.survey(into: scratch)
        let endpoints = try CSVTable(file: export + "/endpoints.csv").rows
        let probes = Dictionary(
            grouping: try CSVTable(file: export + "/tls_probes.csv").rows,
            by: { "\($0["mx_host"] ?? "") \($0["ip"] ?? "")" })
        let attempts = Dictionary(
            grouping: try CSVTable(file: export + "/attempts.csv").rows,
            by: { "\($0["mx_host"] ?? "") \($0["ip"] ?? "")" })
        for endpoint in endpoints {
            let key = "\(endpoint["mx_host"] ?? "") \(endpoint["ip"] ?? "")"
            let used = try #require(Int(endpoint["connections_used"] ?? ""), "\(key)")
            #expect((1...4).contains(used) && used == attempts[key]?.count, "\(key)")
            if endpoint["tls"] == "not_reached" { #expect(probes[key] == nil, "\(key)") }
        }
        // Raw hellos were sent once to each address.
        let measured = probes.values.joined().filter { $0["source"] == "measured" && $0["hello_profile"] != "full" }
        let keys = measured.map { "\($0["ip"] ?? "") \($0["port"] ?? "") \($0["hello_profile"] ?? "")" }
        #expect(keys.count == Set(keys).count && keys.count > 100)
    }

    @Test func manyNamesOnOneServerShareItsHandshake() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let export = try survey(names: 200, lab, scratch, name: "shared")
        let full = try CSVTable(file: export + "/tls_probes.csv").rows.filter { $0["hello_profile"] == "full" }
        let inferred = full.filter { $0["source"] == "inferred" }
        #expect(full.count == 200 && inferred.count > 180 && inferred.count < 198)
        #expect(
            inferred.allSatisfy { $0["outcome"] == "ok" && $0["pkix"] == "valid" && $0["name_match_mx"] == "mismatch" })
        #expect(Set(inferred.map { $0["inferred_from"] }).count == 1)
        let endpoints = try CSVTable(file: export + "/endpoints.csv").rows
        let used = endpoints.compactMap { Int($0["connections_used"] ?? "") }.reduce(0, +)
        // One hello for TLS 1.1 and one for 1.0, beside the handshakes that were measured.
        #expect(used == 200 - inferred.count + 2)
        #expect(endpoints.allSatisfy { $0["tls"] == "ok" && $0["final_class"] == "C" })
    }

    /// The names of a large provider share the few connections that its address may have: what the server speaks is
    /// still asked, and who was to be visited as a control is inferred like the others.
    @Test func manyNamesLeaveTheirAddressConnectionsForItsVersions() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let scopes = ["endpoint", "host", "prefix", "provider"].map { "\($0) none\n" }.joined()
        let pace = try scratch.write("pace.txt", scopes + "address concurrent=1 per_scan=8\nretry scale=0\n")
        let export = try survey(names: 200, lab, scratch, name: "crowd", extra: ["--pace", pace])
        let endpoints = try CSVTable(file: export + "/endpoints.csv").rows
        #expect(endpoints.count == 200 && endpoints.allSatisfy { $0["tcp"] == "open" && $0["tls"] == "ok" })
        #expect(endpoints.compactMap { Int($0["connections_used"] ?? "") }.reduce(0, +) <= 8)
        let probes = try CSVTable(file: export + "/tls_probes.csv").rows
        for profile in ["tls11", "tls10"] {
            let answers = probes.filter { $0["hello_profile"] == profile }
            #expect(
                answers.count == 200 && answers.allSatisfy { $0["outcome"] == "alert_protocol_version" }, "\(profile)")
        }
    }

    @Test func withoutInferenceEverybodyIsAsked() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let export = try survey(names: 12, lab, scratch, name: "all", extra: ["--no-inference"])
        let full = try CSVTable(file: export + "/tls_probes.csv").rows.filter { $0["hello_profile"] == "full" }
        #expect(full.count == 12 && full.allSatisfy { $0["source"] == "measured" })
    }

    /// A scan in two runs shows what one run shows.
    @Test func aSurveyInDepthKnowsGroupsSuitesAndCertificates() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "everytls.alpha\n")
        let export = try lab.survey(list: list, into: scratch, extra: ["--deep"])
        let probes = try CSVTable(file: export + "/tls_probes.csv").rows
        func word(_ profile: String, _ column: String = "outcome") -> String? {
            probes.first { $0["hello_profile"] == profile }?[column]
        }
        #expect(word("deep_ssl3") == "alert_handshake_failure" && word("tls10") == "ok" && word("legacy") == "ok")
        #expect(word("deep_group_0x001D") == "ok" && word("deep_group_0x0017", "group") == "secp256r1")
        #expect(word("deep_group_0x11EB") == "alert_handshake_failure")
        #expect(word("deep_rsa") == "ok" && word("deep_ecdsa") == "alert_handshake_failure")
        #expect(word("deep_rsa", "dane") == "match_ee" && word("deep_rsa", "pkix") == "valid")
        #expect(word("deep_suites_TLSv1.3") == "ok")
        let suites = try CSVTable(file: export + "/tls_suites.csv").rows.filter { $0["version"] == "TLSv1.3" }
        #expect(
            Set(suites.compactMap { $0["cipher"] }) == [
                "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256",
            ])
        let used = try CSVTable(file: export + "/endpoints.csv").rows.compactMap { Int($0["connections_used"] ?? "") }
        #expect(used.allSatisfy { $0 <= 40 })
    }
}
