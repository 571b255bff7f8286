// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The commands that people type, on real servers.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LiveCommandTests {
    @Test(arguments: [
        ("good.alpha", "MX", "secure"), ("exim.beta", "MX", "secure"), ("sigexpired.alpha", "MX", "bogus"),
        ("wrongds.beta", "MX", "bogus"), ("expired.gamma", "MX", "insecure"),
    ]) func lastWordOfResolveIsTheSecurity(name: String, type: String, security: String) throws {
        let lab = try Lab.required()
        let result = try Program.run(["resolve", name, type] + lab.options)
        #expect(result.status == 0, "\(result.transcript)")
        #expect(result.output.split { $0.isWhitespace }.last.map(String.init) == security, "\(result.transcript)")
    }

    @Test func resolveSpeaksJSON() throws {
        let lab = try Lab.required()
        let result = try Program.run(["resolve", "good.alpha", "MX", "--format", "json"] + lab.options)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        #expect(object?["security"] as? String == "secure")
        #expect((object?["records"] as? [String])?.sorted() == ["10 mx1.good.alpha.", "20 mx2.good.alpha."])
    }

    @Test func checkExplainsAGoodDomain() throws {
        let lab = try Lab.required()
        let result = try Program.run(["check", "good.alpha"] + lab.options)
        #expect(result.status == 0)
        #expect(result.output.contains("TLS works at every host: yes"), "\(result.transcript)")
        #expect(!result.output.contains("\u{1B}"), "colours only on a terminal")
    }

    @Test func checkTellsTheOwnerWhatToMend() throws {
        let lab = try Lab.required()
        let result = try Program.run(["check", "expired.gamma", "sigexpired.alpha"] + lab.options)
        #expect(result.output.contains("expired certificate: renew it"), "\(result.transcript)")
        #expect(result.output.contains("DNSSEC of the MX records is broken"), "\(result.transcript)")
    }

    @Test func checkTellsTheOwnerOfABrokenZoneWhatToMend() throws {
        let lab = try Lab.required()
        let remedies: KeyValuePairs = [
            "sigexpired.alpha": "sign the zone again, and let that happen by itself",
            "sigfuture.beta": "set the clock of the machine that signs",
            "wrongds.beta": "correct the DS record at the parent",
            "stripped.beta": "or remove it if the zone is signed no more",
            "altered.beta": "sign the zone again, and change nothing in it afterwards",
            "missingrrsig.alpha": "sign the zone again, all of it",
            "missingnsec.beta": "with the NSEC or NSEC3 records that prove what is not there",
        ]
        let result = try Program.run(["check"] + remedies.map(\.key) + ["--format", "json"] + lab.options)
        let reports = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
        #expect(reports.count == remedies.count, "\(result.transcript)")
        for (domain, remedy) in remedies {
            let report = reports.first { $0["domain"] as? String == domain }
            let advice = report?["advice"] as? [String] ?? []
            #expect(advice.count == 1, "\(domain) \(advice)")
            #expect(advice.first?.contains("DNSSEC of the MX records is broken") == true, "\(domain)")
            #expect(advice.first?.contains(remedy) == true, "\(domain) \(advice)")
        }
    }

    @Test func checkTellsWhyTheAddressesOfAHostCannotBeBelieved() throws {
        let lab = try Lab.required()
        let result = try Program.run(["check", "bogushost.alpha", "alteredhost.beta"] + lab.options)
        for (host, fault, remedy) in [
            (
                "mx.sigexpired.alpha", "the signature over sigexpired.alpha DNSKEY by key",
                "sign the zone again, and let that happen by itself"
            ),
            (
                "mx.alteredhost.beta", "the signature over mx.alteredhost.beta A by key",
                "sign the zone again, and change nothing in it afterwards"
            ),
        ] {
            let lines = result.output.split(separator: "\n").filter {
                $0.contains("DNSSEC of the addresses of \(host) is broken")
            }
            #expect(lines.count == 1, "\(result.transcript)")
            #expect(lines.first?.contains(fault) == true, "\(result.transcript)")
            #expect(lines.first?.contains(remedy) == true, "\(result.transcript)")
        }
    }

    @Test func checkSpeaksJSON() throws {
        let lab = try Lab.required()
        let result = try Program.run(["check", "good.alpha", "--format", "json"] + lab.options)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
        #expect(object?.first?["mx_shape"] as? String == "explicit")
    }

    @Test func probeShowsOneHost() throws {
        let lab = try Lab.required()
        let result = try Program.run(["probe", "mx1.good.alpha"] + lab.options)
        #expect(result.status == 0)
        #expect(result.output.contains("127.0.1.1:25") && result.output.contains("TLSv1.3"), "\(result.transcript)")
    }
}
