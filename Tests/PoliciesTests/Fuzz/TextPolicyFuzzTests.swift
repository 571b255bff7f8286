// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mutations
import Observations
import Testing

@testable import Policies

/// TLS-RPT, SPF and DMARC records near the right ones, against the grammars of their RFCs as regular expressions.
struct TextPolicyFuzzTests {
    static let reports = [
        "v=TLSRPTv1; rua=mailto:a@x.example , \t https://mox.example/tlsrpt", "v=TLSRPTv1;rua=mailto:a@x.example;",
        "v=TLSRPTv1; rua=mailto:a@x.example; rua=mailto:b%2Cc@x.example?subject=t; ext=yes",
        "v=TLSRPTv1 ; rua=https://x.example:8443/a?b#c; 1ext=!",
    ]
    static let reportWords = [
        "v=TLSRPTv1;", "rua=", "mailto:", "https://", "a@b.example", ",", "!10m", "%", "%2C", ";",
    ]

    /// What is taken has somewhere to send reports, in an order and number that the record has.
    @Test func tlsReporting() {
        var taken = 0
        for text in Mutations(of: Self.reports, words: Self.reportWords, count: 8_000, seed: 8_460) {
            let seen = TLSRPTRecord.observe(.texts([text]))
            guard seen.outcome == .valid else { continue }
            taken += 1
            #expect(Grammar.matches(text, Grammar.tlsrptRecord), "\(PolicyText(text).text)")
            #expect(seen.reportURIs.contains { $0.kind != .other })
            #expect(seen.reportURIs.allSatisfy { !$0.text.contains(",") && !$0.text.contains("!") })
        }
        #expect((800...7_200).contains(taken), "the inputs are too good or too bad: \(taken)")
    }

    static let senders = [
        "v=spf1 mx a:mail.example/24//64 include:_spf.example ~all", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all",
        "v=spf1 exists:%{ir}.%{v}._spf.%{d2} redirect=_spf.%{d} exp=why.%{d}", "V=SPF1 ptr ?a/0 +mx//128 moo=cow",
        "v=spf1 ptr:x.example exists:%%.%{l1r+-}.a-b.example. -all",
    ]
    static let senderWords = [
        "v=spf1", " ", "  ", ":", "/", "//", "=", "%{", "}", "%{d}", "%{c}", "%%", "%_", "all", "-", "+", "~", "?",
        "ip4:",
        "ip6:", "1.2.3.4", "::1", "33", "129", "redirect=", "exp=", "a.example", ".", "_", "00",
    ]

    @Test func senderPolicy() async throws {
        let domain = try DomainName("example.com")
        var taken = 0
        for text in Mutations(of: Self.senders, words: Self.senderWords, count: 8_000, seed: 7_208) {
            let source = OneText(text)
            let seen = await SPFEvaluation.evaluate(domain, from: source)
            guard !SPFRecord.select([text]).isEmpty else {
                #expect(seen.outcome == .absent)
                continue
            }
            let isSound = Grammar.matches(text, Grammar.spfRecord) && Grammar.hasEachOnce(text)
            #expect((seen.outcome != .syntax) == isSound, "\(PolicyText(text).text): \(seen.outcome)")
            // However it ends, what it costs is bounded.
            #expect(source.questions <= 2 * SPFEvaluation.countingLimit + 1)
            taken += isSound ? 1 : 0
        }
        #expect((800...7_200).contains(taken), "the inputs are too good or too bad: \(taken)")
    }

    static let owners = [
        "v=DMARC1; p=none; rua=mailto:a@example.com!10m,https://x.example/submit", "V = DMARC1 ; P = reject ;\tSP=none",
        "v=DMARC1;p=quarantine;np=reject;t=y;psd=n;fo=1:d:s;adkim=s;aspf=r;ruf=mailto:b@example.com;",
        "v=DMARC1; p=reject",
    ]
    static let ownerWords = [
        "v=DMARC1", ";", "; ", "=", "p=", "none", "reject", "sp=", "t=y", "psd=y", "rua=", "mailto:a@b.example", ",",
        "!",
    ]

    @Test(arguments: DMARCRuleSet.allCases) func ownerPolicy(rules: DMARCRuleSet) {
        let grammar = rules == .rfc9989 ? Grammar.tagList : Grammar.oldTagList
        var taken = 0
        for text in Mutations(of: Self.owners, words: Self.ownerWords, count: 8_000, seed: 9_989) {
            guard !DMARCRecord.select([text]).isEmpty else {
                #expect(!Grammar.matches(text, grammar), "\(PolicyText(text).text)")
                continue
            }
            let record = DMARCRecord(text, rules: rules)
            #expect(record.isTagList == Grammar.matches(text, grammar), "\(PolicyText(text).text)")
            #expect(record.isTagList || record.outcome != .valid)
            // A policy follows from a policy or from asking for reports, and from nothing else.
            #expect(record.effective(isOwn: true) == nil || record.policy != nil || !record.aggregate.isEmpty)
            taken += record.isTagList ? 1 : 0
        }
        #expect((800...7_200).contains(taken), "the inputs are too good or too bad: \(taken)")
    }

    /// Whatever TXT records hold, in whatever pieces: the text that is kept fits, and is text.
    @Test func anyOctets() {
        for octets in Mutations(
            of: Self.owners + ["é\u{1F600}ß", ""], words: ["\u{FFFD}", "\\", " | "], count: 5_000, seed: 1)
        {
            let kept = PolicyText(octets + octets)
            #expect(kept.text.utf8.count <= PolicyText.limit && !kept.isTruncated)
            #expect(kept.text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        }
    }
}

/// One TXT record everywhere, and an address for every name.
private final class OneText: PolicySource {
    private let text: [UInt8]
    private(set) var questions = 0

    init(_ text: [UInt8]) { self.text = text }

    func answer(to question: PolicyQuestion) async -> PolicyAnswer {
        questions += 1
        if case .texts = question { return .texts([text]) }
        return .records(1)
    }
}
