// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

struct TLSRPTRecordTests {
    @Test(arguments: [
        ("v=TLSRPTv1; rua=mailto:tlsrpt@mox.example;", ["mailto"]),
        ("v=TLSRPTv1;rua=mailto:a@x.example , \t\t https://mox.example/tlsrpt  ", ["mailto", "https"]),
        ("v=TLSRPTv1; rua=mailto:a@x.example; ext=yes", ["mailto"]),
        ("v=TLSRPTv1; 1ext=foo; rua=https://x.example/", ["https"]),
        ("v=TLSRPTv1; rua=mailto:a@x.example; rua=mailto:b@x.example", ["mailto", "mailto"]),
        // RFC 8460 §3: field-delim = *WSP ";" *WSP; the rule about the first octets is for several records.
        ("v=TLSRPTv1 ; rua=mailto:x@x.example", ["mailto"]), ("v=TLSRPTv1\t;rua=mailto:x@x.example", ["mailto"]),
        ("v=TLSRPTv1; rua=MAILTO:a%2Cb@x.example?subject=tls", ["mailto"]),
        ("v=TLSRPTv1; rua=ftp://x.example/,https://x.example:8443/a?b#c", ["other", "https"]),
    ])
    func valid(text: String, kinds: [String]) {
        let seen = TLSRPTRecord.observe(.texts(text))
        #expect(seen.outcome == .valid)
        #expect(seen.reportURIs.map(\.kind.rawValue) == kinds)
    }

    @Test(arguments: [
        ("v=TLSRPTv1;", TLSRPTOutcome.noRUA), ("v=TLSRPTv1", .noRUA), ("v=TLSRPTv1; ext=1", .noRUA),
        ("v=TLSRPTv1; rua=", .noRUA),
        ("v=TLSRPTv1; RUA=mailto:a@x.example", .noRUA),
        ("v=TLSRPTv1; rua=http://x.example/", .badRUAScheme), ("v=TLSRPTv1; rua=xhttps://x.example/", .badRUAScheme),
        ("v=TLSRPTv1; rua=noscheme", .syntax), ("v=TLSRPTv1; rua=tls@x.example", .syntax),
        ("v=TLSRPTv1; rua=,, ,", .syntax),
        ("v=TLSRPTv1; rua=mailto:x", .syntax), ("v=TLSRPTv1; rua=mailto:@x.example", .syntax),
        ("v=TLSRPTv1; rua=https:x", .syntax),
        ("v=TLSRPTv1; rua=mailto:a@x.example!10m", .syntax), ("v=TLSRPTv1; rua=mailto:a@x.example other", .syntax),
        ("v=TLSRPTv1; rua=https://bad/%", .syntax), ("v=TLSRPTv1; rua=https://a/#b#c", .syntax),
        ("v=TLSRPTv1; rua=mailto:x@x.example; more=", .syntax), ("v=TLSRPTv1; rua=mailto:x@x.example;;", .syntax),
        ("v=TLSRPTv1; rua=mailto:x@x.example; 1%=a", .syntax), ("v=TLSRPTv1; rua=mailto:x@x.example; test==", .syntax),
        ("v=TLSRPTv1; rua =mailto:x@x.example", .syntax),
        ("v=TLSRPTv1; rua= mailto:x@x.example", .syntax), ("v = TLSRPTv1; rua=mailto:x@x.example", .syntax),
        ("v=TLSRPTv2; rua=mailto:x@x.example", .syntax), ("v=TLSRPTv10; rua=mailto:x@x.example", .syntax),
        ("v=tlsrptv1; rua=mailto:x@x.example", .syntax), ("v=spf1 -all", .absent), ("", .absent),
    ])
    func notValid(text: String, outcome: TLSRPTOutcome) {
        #expect(TLSRPTRecord.observe(.texts(text)).outcome == outcome)
    }

    @Test func severalRecords() {
        let one = "v=TLSRPTv1; rua=mailto:a@x.example"
        #expect(TLSRPTRecord.observe(.texts(one, one + ";")).outcome == .multiple)
        #expect(TLSRPTRecord.observe(.texts("v=TLSRPTv1extra; junk", "token", one)).outcome == .valid)
        #expect(TLSRPTRecord.observe(.texts("v=TLSRPTv1 ; rua=mailto:a@x.example", "token")).outcome == .syntax)
        #expect(TLSRPTRecord.observe(.texts("v=TLSRPTv1 ; rua=mailto:b@x.example", one)).outcome == .valid)
    }

    @Test(arguments: [
        (DNSOutcome.nxdomain, TLSRPTOutcome.absent), (.noerrorNodata, .absent), (.timeout, .dnsTempfail),
        (.bogus, .dnsTempfail),
    ])
    func withoutRecords(answer: DNSOutcome, outcome: TLSRPTOutcome) {
        #expect(TLSRPTRecord.observe(.nothing(answer)).outcome == outcome)
    }
}
