// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import mxcensus

/// What is proposed in the place of broken SPF, DMARC and TLS-RPT records: the record to copy, to the letter, and at whose
/// name.
struct TextPolicyAdviceTests {
    @Test(arguments: [
        (["v=spf1 a:x mx moo ?all"], #"Without it and `moo`: `mail.example.com. TXT "v=spf1 mx ?all"`"#),
        (["v=spf1 ipv4:192.0.2.1 mx -all"], #"Right: `mail.example.com. TXT "v=spf1 ip4:192.0.2.1 mx -all"`"#),
        (
            ["v=spf1 ipv4:192.0.2.1 moo mx ?all"],
            #"Without `moo`: `mail.example.com. TXT "v=spf1 ip4:192.0.2.1 mx ?all"`"#
        ),
        (["v=spf1 mx \u{2013}all"], #"Right: `mail.example.com. TXT "v=spf1 mx -all"`"#),
        (["v=spf1 mx ~al"], "Right: what was meant in its place, or a record without it"),
        (["v=spf1 mx moo -all"], "Right: what was meant in its place, or a record without it"),
        (
            ["v=spf1 redirect=a.example redirect=a.example"],
            "Right: what was meant in its place, or a record without it"
        ),
        (["v=spf1 include:gone.example mx -all"], #"Without it: `mail.example.com. TXT "v=spf1 mx -all"`"#),
        (["v=spf1 include:gone.example"], "Right: a sound SPF record there, or none included"),
        (
            ["v=spf1 include:gone.example include:far.example mx -all"],
            "Right: a sound SPF record there, or none included"
        ),
        (["v=spf1 mx -all", "v=spf1 redirect=a.example"], "Right: all terms in one record"),
        (["v=spf1 mx -all", "v=spf1 a -all"], #"Right: `mail.example.com. TXT "v=spf1 mx a -all"`"#),
        (["v=spf1 mx -all", "v=spf1 a moo -all"], "Right: all terms in one record"),
    ])
    func spf(records: [String], right: String) async throws {
        let line = try await AdvisedDomain(texts: ["@": records]).line()
        #expect(line.hasSuffix(right), "\(line)")
        #expect(line.contains("`permerror`"))
    }

    /// A text that may have been cut where it was kept is nobody's record, and a long one is several strings.
    @Test func longRecords() async throws {
        let networks = (0..<40).map { "ip4:192.0.2.\($0)" }.joined(separator: " ")
        let line = try await AdvisedDomain(texts: ["@": ["v=spf1 moo=%{x} \(networks) -all"]]).line()
        let proposed = try #require(Proposal.records(in: line).first)
        #expect(proposed.text == "v=spf1 \(networks) -all" && proposed.strings.map(\.utf8.count).max() == 255)
        let more = (0..<255).map { "ip4:192.0.2.\($0)" }.joined(separator: " ")
        let cut = try await AdvisedDomain(texts: ["@": ["v=spf1 moo=%{x} \(more) -all"]]).line()
        #expect(cut.hasSuffix("Right: what was meant in its place, or a record without it"), "\(cut)")
        let mail = String(repeating: "a", count: 2_100)
        let reports = AdvisedDomain(texts: ["_smtp._tls": ["v=TLSRPTv1; rua=mailto:\(mail)@x.example;;"]])
        #expect(try await reports.line().hasSuffix("Right: one record of `name=value` fields, with a `rua`"))
    }

    /// A receiver stops where no answer comes: nothing behind that is a permanent error, nor anything to mend.
    @Test func temporaryErrors() async throws {
        let record = "v=spf1 include:slow.example include:g1.example include:g2.example include:g3.example -all"
        let domain = AdvisedDomain(texts: ["@": [record]], failing: ["slow.example"])
        #expect(try await domain.advice() == [])
        let lines = PolicyLines(try await domain.report()).lines(colours: false)
        #expect(
            lines.contains { $0.hasPrefix("SPF: dns_tempfail") && $0.contains("temperror at `include:slow.example`") })
    }

    @Test(arguments: [
        (
            "v=TLSRPTv1; rua=mailto:tls@x.example;;",
            #"Right: `_smtp._tls.mail.example.com. TXT "v=TLSRPTv1; rua=mailto:tls@x.example"`"#
        ),
        ("v=TLSRPTv1;", #"TXT "v=TLSRPTv1; rua=mailto:tlsrpt@mail.example.com"`, or another mailbox of yours"#),
    ])
    func tlsReporting(record: String, right: String) async throws {
        let line = try await AdvisedDomain(texts: ["_smtp._tls": [record]]).line()
        #expect(line.hasSuffix(right), "\(line)")
    }

    @Test(arguments: [
        (
            "v=DMARC1; p=reject; sp=quarantine; adkim=s;; rua=mailto:d@mail.example.com",
            "v=DMARC1; p=reject; sp=quarantine; adkim=s; rua=mailto:d@mail.example.com"
        ),
        ("v=DMARC1; p=reject; t=y; fo=x", "v=DMARC1; p=reject; t=y"),
        ("v=DMARC1; sp=reject; aspf=s", "v=DMARC1; p=none; sp=reject; aspf=s"),
    ])
    func dmarc(record: String, right: String) async throws {
        let line = try await AdvisedDomain(texts: ["_dmarc": [record]]).line()
        #expect(line.contains(#"Right: `_dmarc.mail.example.com. TXT "\#(right)"`, alone"#), "\(line)")
    }

    /// A fault that is inherited is mended where it is.
    @Test func inheritedFaults() async throws {
        let record = "v=DMARC1; p=reject; sp=none; fo=x"
        let line = try await AdvisedDomain(elsewhere: ["_dmarc.example.com": [record]]).line()
        #expect(
            line.contains(
                "at `_dmarc.example.com.`, which holds for mail.example.com, too; receivers take it as `p=none`"))
        #expect(line.contains(#"Right: `_dmarc.example.com. TXT "v=DMARC1; p=reject; sp=none"`"#), "\(line)")
        // Here the domain's own records are at fault, and another one steps in.
        let own = AdvisedDomain(
            texts: ["_dmarc": ["v=DMARC1; p=none", "v=DMARC1; p=reject; rua=mailto:a@mail.example.com"]],
            elsewhere: ["_dmarc.example.com": ["v=DMARC1; p=reject; rua=mailto:far@far.example"]])
        let several = try await own.line()
        #expect(
            several.contains("receivers go by the record above it, as `p=reject`") && !several.contains("far.example"))
        #expect(
            several.contains(#"`_dmarc.mail.example.com. TXT "v=DMARC1; p=none; rua=mailto:a@mail.example.com"`"#),
            "\(several)")
    }

    /// Each domain that has to consent, by its own name.
    @Test func reportsThatNobodyWants() async throws {
        let addresses = "mailto:a@one.example?subject=x@y.example,mailto:b@two.example,mailto:c@one.example"
        let line = try await AdvisedDomain(texts: ["_dmarc": ["v=DMARC1; p=none; rua=\(addresses)"]]).line()
        #expect(
            Proposal.records(in: line).map(\.name) == [
                "mail.example.com._report._dmarc.one.example.", "mail.example.com._report._dmarc.two.example.",
            ], "\(line)")
    }
}
