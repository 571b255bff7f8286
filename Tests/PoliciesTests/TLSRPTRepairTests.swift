// SPDX-License-Identifier: Apache-2.0

import Policies
import Testing

struct TLSRPTRepairTests {
    @Test(arguments: [
        ("v=TLSRPTv1;; rua=mailto:a@x.example", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=TLSRPTv1; rua=mailto:a@x.example;; note=x", "v=TLSRPTv1; rua=mailto:a@x.example; note=x"),
        ("v=TLSRPTv1; rua=mailto:a@x.example; =x; 1%=a", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=TLSRPTv1; rua=a@x.example, https://x.example/r", "v=TLSRPTv1; rua=mailto:a@x.example,https://x.example/r"),
        ("v=TLSRPTv1; rua=mailto:a@x.example!10m", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=TLSRPTv1; rua = mailto:a@x.example", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=TLSRPTv1; RUA=mailto:a@x.example", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=TLSRPTv1 rua=mailto:a@x.example", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=tlsrptv1\\; rua=mailto:a@x.example\\;", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=TLSRPTv1; rua=; rua=mailto:a@x.example", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("rua=ftp://x.example/,https://x.example/; v=TLSRPTv1", "v=TLSRPTv1; rua=ftp://x.example/,https://x.example/"),
        // Separated, spelt or quoted as elsewhere.
        (
            "v=TLSRPTv1; rua=mailto:a@x.example mailto:b@x.example",
            "v=TLSRPTv1; rua=mailto:a@x.example,mailto:b@x.example"
        ),
        (
            "v=TLSRPTv1; rua=mailto:a@x.example;mailto:b@x.example; HTTPS://x.example/?a=b; k=v",
            "v=TLSRPTv1; rua=mailto:a@x.example,mailto:b@x.example,HTTPS://x.example/?a=b; k=v"
        ),
        ("v=TLSRPTv1; rua=; mailto:a@x.example\\;", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=TLSRPTv1; rua:mailto:a@x.example", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=TLSRPTv1 RUA:mailto:a@x.example?subject=b", "v=TLSRPTv1; rua=mailto:a@x.example?subject=b"),
        ("v=TLSRPTv1; rua=mailto: a@x.example", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=TLSRPTv1; rua=mailto:<a@x.example>", "v=TLSRPTv1; rua=mailto:a@x.example"),
        ("v=TLSRPTv1; rua=<mailto:a@x.example>,<b@x.example>", "v=TLSRPTv1; rua=mailto:a@x.example,mailto:b@x.example"),
    ])
    func addressesStay(published: String, record: String) {
        let repair = TLSRPTRepair([Array(published.utf8)], domain: "example.com")
        #expect(repair.record == record)
        #expect(!repair.isMailboxExample)
    }

    @Test(arguments: [
        ("v=TLSRPTv1", "v=TLSRPTv1; rua=mailto:tlsrpt@example.com"),
        ("v=TLSRPTv1; note=x", "v=TLSRPTv1; rua=mailto:tlsrpt@example.com; note=x"),
        ("v=TLSRPTv1; rua=ftp://x.example/", "v=TLSRPTv1; rua=mailto:tlsrpt@example.com"),
    ])
    func whereNoneIsThere(published: String, record: String) {
        let repair = TLSRPTRepair([Array(published.utf8)], domain: "example.com")
        #expect(repair.record == record)
        #expect(repair.isMailboxExample)
    }

    @Test func ofSeveralRecordsAllStay() {
        let published = [
            "v=TLSRPTv1; rua=mailto:a@x.example", "v=TLSRPTv1; rua=mailto:b@x.example,mailto:a@x.example; k=v",
        ]
        #expect(
            TLSRPTRepair(published.map { Array($0.utf8) }, domain: "example.com").record
                == "v=TLSRPTv1; rua=mailto:a@x.example,mailto:b@x.example; k=v")
    }

    @Test func aDomainThatIsNoMailDomainHasNoProposal() {
        #expect(TLSRPTRepair([Array("v=TLSRPTv1".utf8)], domain: "a\\032b.example").record == nil)
    }
}
