// SPDX-License-Identifier: Apache-2.0

import Mutations
import Observations
import Testing

@testable import Policies

/// Whatever is published and broken: what is proposed in its place is valid to our own readers, and to the grammars of the
/// RFCs, and nothing is lost of which a reader says that it is sound.
struct RepairFuzzTests {
    private static let count = 2_000

    /// Records as they come out of the database.
    private func kept(_ texts: [[UInt8]]) throws -> [[UInt8]] {
        try #require(PolicyText.records(of: PolicyText(records: texts).text))
    }

    private func octets(_ text: String?) -> [UInt8] { Array((text ?? "").utf8) }

    @Test func tlsReporting() throws {
        var proposed = 0
        for text in Mutations(
            of: TextPolicyFuzzTests.reports, words: TextPolicyFuzzTests.reportWords, count: Self.count, seed: 1)
        {
            let seen = TLSRPTRecord.observe(.texts([text]))
            let repair = TLSRPTRepair(try kept([text]), domain: "example.com")
            let record = try #require(repair.record, "\(PolicyText(text).text)")
            let again = TLSRPTRecord.observe(.texts([octets(record)]))
            #expect(again.outcome == .valid && Grammar.matches(octets(record), Grammar.tlsrptRecord), "\(record)")
            guard seen.outcome == .valid else {
                proposed += 1
                continue
            }
            #expect(Set(seen.reportURIs.map(\.text)) == Set(again.reportURIs.map(\.text)), "\(PolicyText(text).text)")
        }
        #expect(proposed > 250)
    }

    @Test func ownerPolicy() throws {
        var proposed = 0
        for text in Mutations(
            of: TextPolicyFuzzTests.owners, words: TextPolicyFuzzTests.ownerWords, count: Self.count, seed: 2)
        {
            let record = try #require(DMARCRepair(try kept([text])).record, "\(PolicyText(text).text)")
            let again = DMARCRecord(octets(record), rules: .rfc9989)
            #expect(again.outcome == .valid && Grammar.matches(octets(record), Grammar.tagList), "\(record)")
            guard !DMARCRecord.select([text]).isEmpty else { continue }
            let seen = DMARCRecord(text, rules: .rfc9989)
            proposed += seen.outcome == .valid ? 0 : 1
            guard !seen.hasDuplicate, seen.isTagList else { continue }
            #expect(seen.policy == nil || again.policy == seen.policy, "\(PolicyText(text).text)")
            #expect(seen.subdomainPolicy == nil || again.subdomainPolicy == seen.subdomainPolicy)
            #expect(seen.nonexistentPolicy == nil || again.nonexistentPolicy == seen.nonexistentPolicy)
            #expect(!seen.isTesting || again.isTesting, "\(PolicyText(text).text)")
            #expect(seen.publicSuffix == .unsaid || again.publicSuffix == seen.publicSuffix)
            #expect(Set(seen.aggregate.map(\.text)).isSubset(of: again.aggregate.map(\.text)), "\(record)")
        }
        #expect(proposed > 250)
    }

    @Test func senderPolicy() throws {
        var proposed = 0
        var last = octets("v=spf1 mx -all")
        for text in Mutations(
            of: TextPolicyFuzzTests.senders, words: TextPolicyFuzzTests.senderWords, count: Self.count, seed: 3)
        {
            guard !SPFRecord.select([text]).isEmpty else { continue }
            let stored = try #require(PolicyText.octets(of: PolicyText(text).text))
            let terms = SPFRecord.terms(of: text).map(\.text)
            let repairs =
                [SPFRepair(withoutBrokenTermsOf: stored), SPFRepair(joining: try kept([last, text]))]
                + terms.prefix(3).map { SPFRepair(stored, without: $0) }
            for record in repairs.compactMap(\.record) {
                proposed += 1
                #expect(SPFRecord.select([octets(record)]).count == 1 && (try? SPFRecord(octets(record))) != nil)
                let isSound = Grammar.matches(octets(record), Grammar.spfRecord) && Grammar.hasEachOnce(octets(record))
                #expect(isSound, "\(record)")
            }
            // What the reader takes, stays as it is.
            if let sound = try? SPFRecord(text), repairs[0].record != nil {
                #expect(try SPFRecord(octets(repairs[0].record)).directives == sound.directives)
            }
            last = text
        }
        #expect(proposed > 250)
    }

    @Test func stsRecords() throws {
        for text in Mutations(of: STSFuzzTests.records, words: STSFuzzTests.recordWords, count: Self.count, seed: 4) {
            let record = try #require(STSRecordRepair(try kept([text]), newID: "new").record)
            let again = STSRecord.observe(.texts([octets(record)]))
            #expect(again.outcome == .valid && Grammar.matches(octets(record), Grammar.stsRecord), "\(record)")
            guard let id = STSRecord.observe(.texts([text])).id else { continue }
            #expect(again.id == id, "\(PolicyText(text).text)")
        }
    }

    @Test func policyFiles() throws {
        let hosts = try ["mail.example.com", "mx_1.example.net"].map { try DomainName($0) }
        for body in Mutations(of: STSFuzzTests.policies, words: STSFuzzTests.policyWords, count: Self.count, seed: 5) {
            let seen = STSPolicy.read(body)
            for published in [PolicyText.octets(of: PolicyText(body).text), nil] {
                let lines = try #require(STSPolicyRepair(published, seen: seen, hosts: hosts).lines)
                let again = STSPolicy.read(octets(lines.joined(separator: "\n")))
                #expect(again.outcome.rawValue.hasPrefix("valid_"), "\(lines)")
                #expect(Set(seen.patterns).isSubset(of: again.patterns), "\(PolicyText(body).text)")
                #expect(seen.mode == nil || again.mode == seen.mode, "\(PolicyText(body).text)")
                #expect(![.some, .none].contains(STSSummary.matches(hosts, policy: again).domain))
                #expect(again.flags.allSatisfy { $0 == .unknownKey }, "\(lines)")
            }
        }
    }

    /// A text that was cut is the text of nobody: nothing is made of it.
    @Test(arguments: [2_044, 2_045, 2_048, 2_049, 10_000])
    func textsThatMayHaveBeenCut(count: Int) {
        let kept = PolicyText([UInt8](repeating: 0x61, count: count)).text
        #expect((PolicyText.octets(of: kept) != nil) == (count <= 2_044))
    }

    /// More than is ever kept takes no more than linear time.
    @Test(arguments: [";", "a=b;", "rua=a@b.c,", "p=x ", "=", " ", "mx:a.b\n", "a:b\n", "redirect=a.b ", "v=1 "])
    func everyTextHasAnEnd(unit: String) throws {
        let text = octets(String(repeating: unit, count: 8_000 / unit.utf8.count))
        #expect(TLSRPTRepair([text, text], domain: "example.com").record != nil)
        #expect(DMARCRepair([text, text]).record != nil)
        #expect(STSRecordRepair([text, text], newID: "a").record != nil)
        #expect(SPFRepair(withoutBrokenTermsOf: octets("v=spf1 ") + text).removed.count <= text.count)
        #expect(STSPolicyRepair(text, seen: nil, hosts: [try DomainName("mx.example.com")]).lines?.isEmpty != true)
    }
}
