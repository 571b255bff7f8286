// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

struct STSRecordTests {
    @Test(arguments: [
        ("v=STSv1; id=20160831085700Z;", "20160831085700Z"), ("v=STSv1;id=a", "a"),
        ("v=STSv1; \t id=20160831085700Z  \t;", "20160831085700Z"), ("v=STSv1; id=a   ", "a"),
        ("v=STSv1; id=a; more=a; ext=2", "a"), ("v=STSv1; x.y-z_1=!; id=a", "a"),
        ("v=STSv1; id=\(String(repeating: "a", count: 32))", String(repeating: "a", count: 32)),
        // RFC 8461 §3.2: of a field that appears twice the first counts.
        ("v=STSv1; id=foo; id=bar", "foo"), ("v=STSv1; id=foo; id=b-r", "foo"),
        // §3.1: sts-field-delim = *WSP ";" *WSP; the rule about the first octets is for several records.
        ("v=STSv1 ; id=a", "a"), ("v=STSv1 ;id=a", "a"), ("v=STSv1\t;id=a;", "a"),
    ])
    func valid(text: String, id: String) {
        let seen = STSRecord.observe(.texts(text))
        #expect(seen.outcome == .valid)
        #expect(seen.id == id)
        #expect(seen.raw?.text == text || text.contains("\t"))
    }

    @Test(arguments: [
        ("v=STSv1;", STSRecordOutcome.missingID), ("v=STSv1; ext=1", .missingID),
        ("v=STSv1; id=", .badID), ("v=STSv1; id=test-123", .badID), ("v=STSv1; id=a b", .badID),
        ("v=STSv1; id=\(String(repeating: "a", count: 33))", .badID),
        ("v=STSv1; id=a;;", .syntax), ("v=STSv1;; id=a", .syntax), ("v=STSv1; id", .syntax),
        ("v=STSv1; id =a", .syntax), ("v=STSv1; id=a; more=", .syntax), ("v=STSv1; id=a; 1%=a", .syntax),
        ("v=STSv1; id=a; test==", .syntax), ("v=STSv1; id=a; \(String(repeating: "a", count: 33))=1", .syntax),
        // A sole record of this version, of which nothing is discarded: what it lacks is the `id`.
        ("v=STSv1", .missingID), ("v=STSv1 ", .missingID), ("v=STSv1 ;", .missingID),
        ("v=STSv10; id=a", .badVersion), ("v=STSv2; id=a;", .badVersion), ("v=STSv1 id=a", .badVersion),
        ("V=STSv1; id=a", .badVersion), ("v= STSv1; id=a", .badVersion),
        ("v=stsv1; id=a", .badVersion), (" v=STSv1; id=a", .badVersion), ("id=1; v=STSv1;", .badVersion),
        ("v=spf1 include:hosts.example -all", .absent), ("azazaza;asdasdasdasd", .absent), ("", .absent),
    ])
    func notValid(text: String, outcome: STSRecordOutcome) {
        #expect(STSRecord.observe(.texts(text)).outcome == outcome)
    }

    @Test func otherTextsAreDiscarded() {
        #expect(STSRecord.observe(.texts("v=spf1 -all", "v=STSv1; id=a", "v=STSv10; id=b")).outcome == .valid)
        #expect(STSRecord.observe(.texts("v=STSv1; id=a", "v=STSv1; id=a;")).outcome == .multiple)
        // Both begin as the RFC says; that one is broken makes it no better.
        #expect(STSRecord.observe(.texts("v=STSv1; id=a", "v=STSv1;")).outcome == .multiple)
        // These do not begin so, and there are several.
        #expect(STSRecord.observe(.texts("v=STSv1 ; id=b", "v=STSv1; id=a")).id == "a")
        #expect(STSRecord.observe(.texts("v=STSv1 ; id=b", "token")).outcome == .badVersion)
        #expect(STSRecord.observe(.texts("v=STSv1", "token")).outcome == .badVersion)
    }

    @Test(arguments: [
        (DNSOutcome.nxdomain, STSRecordOutcome.absent), (.noerrorNodata, .absent), (.servfail, .dnsTempfail),
        (.timeout, .dnsTempfail), (.cnameLoop, .dnsTempfail), (.bogus, .dnsBogus),
    ])
    func withoutRecords(answer: DNSOutcome, outcome: STSRecordOutcome) {
        #expect(STSRecord.observe(.nothing(answer)).outcome == outcome)
    }

    @Test func aliasIsKept() throws {
        var answer = PolicyAnswer.texts("v=STSv1; id=a")
        answer.aliasTarget = try DomainName("sts.hoster.example")
        #expect(try STSRecord.observe(answer).aliasTarget == DomainName("sts.hoster.example"))
    }
}
