// SPDX-License-Identifier: Apache-2.0
import Testing

/// What `check` says of hosts with TLSA records. That the verdicts are right is told by the cells of the whole lab, and
/// by Postfix in `Tests/Lab/peers`.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LiveDANETests {
    @Test func whatMatchesIsShownWithItsRecords() throws {
        let lab = try Lab.required()
        let result = try Program.run(["check", "good.alpha"] + lab.options)
        #expect(result.output.contains("DANE: match_ee, 3 1 1 at _25._tcp.mx1.good.alpha"), "\(result.transcript)")
        #expect(result.output.contains("DANE at the primary hosts: valid"), "\(result.transcript)")
    }

    @Test func theOwnerIsToldWhatToMend() throws {
        let lab = try Lab.required()
        let result = try Program.run(
            ["check", "unknownca.alpha", "tlsabogus.beta", "clientonly.alpha"] + lab.options)
        let output = result.output
        #expect(output.contains("no TLSA record at _25._tcp.mx.unknownca.alpha matches"), "\(result.transcript)")
        #expect(output.contains("mx.tlsabogus.beta has broken DNSSEC at _25._tcp"), "\(result.transcript)")
        #expect(output.contains("mail senders can use none"), "\(result.transcript)")
    }

    @Test func aPrimaryHostThatIsNotToBeAskedLeavesTheDomainUnknown() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "good.alpha\n")
        let optOut = try scratch.write("optout.txt", "host:mx1.good.alpha\n")
        let export = try lab.survey(list: list, into: scratch, extra: ["--opt-out", optOut])
        #expect(try CSVTable(file: export + "/domains.csv").rows.map { $0["dane_domain"] } == ["unknown"])
    }

    /// A trust anchor has an end, the host's own key has none.
    @Test func anotherDateIsAnotherVerdict() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "good.alpha\n")
        _ = try lab.survey(list: list, into: scratch)
        let database = scratch.path("survey.sqlite")
        let roots = ["--ca-file", lab.folder + "/ca.pem"]
        func states() throws -> [String?] {
            let export = try lab.export(database, to: scratch.path("again"))
            return try CSVTable(file: export + "/mx_hosts.csv").rows.map { $0["dane_state"] }
        }
        #expect(try states() == ["match_ee", "match_ta"])
        #expect(try Program.run(["judge", database, "--at", "2060-01-01T00:00:00Z"] + roots).status == 0)
        #expect(try states() == ["match_ee", "ta_chain_absent_or_expired"])
        #expect(try Program.run(["judge", database] + roots).status == 0)
        #expect(try states() == ["match_ee", "match_ta"])
    }
}
