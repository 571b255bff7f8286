// SPDX-License-Identifier: Apache-2.0

import Policies
import Testing

struct SPFRepairTests {
    private func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(
        arguments: [
            ("v=spf1 moo=%{x} mx foo=%{y} ~all", "v=spf1 mx ~all", ["moo=%{x}", "foo=%{y}"]),
            // A second term that is wrong goes with the first.
            ("v=spf1 a:x mx ip4:192.0.2 -all:x ?all", "v=spf1 mx ?all", ["a:x", "ip4:192.0.2", "-all:x"]),
            // Of what may stand once the first stays, also where both are the same.
            ("v=spf1 -all exp=a.example exp=a.example", "v=spf1 -all exp=a.example", ["exp=a.example"]),
            ("V=SPF1 MX\t-all", nil, ["MX\\009-all"]),
            // Whoever was meant by what is wrong would be refused.
            ("v=spf1 ip4:192.0.2.256 -all", nil, ["ip4:192.0.2.256"]),
            ("v=spf1 mx ip4:192.0.2.256 -all", nil, ["ip4:192.0.2.256"]),
            ("v=spf1 a:x mx ~all", nil, ["a:x"]),
            ("v=spf1 exists:%{x} exp=why.example ~ALL", nil, ["exists:%{x}"]),
            // What would say nothing is no proposal.
            ("v=spf1 include:x", nil, ["include:x"]), ("v=spf1 x=y moo", nil, ["moo"]),
            // Nor is what has lost its end.
            ("v=spf1 mx ~al", nil, ["~al"]), ("v=spf1 mx redirect=bad", nil, ["redirect=bad"]),
            ("v=spf1 redirect=bad mx", nil, ["redirect=bad"]), ("v=spf1 mx --all", nil, ["--all"]),
            // Nor is what a receiver would refuse again.
            (
                "v=spf1 moo " + String(repeating: "a ", count: 11) + "?all", nil, ["moo"]
            ),
            // Nobody has asked yet what an `include` or a `redirect` leads to.
            ("v=spf1 include:a.example foo=%{x} -all", nil, ["foo=%{x}"]),
            ("v=spf1 redirect=a.example redirect=a.example", nil, ["redirect=a.example"]),
            ("v=spf1 mx -all include:a.example foo=%{x}", "v=spf1 mx -all include:a.example", ["foo=%{x}"]),
        ] as [(String, String?, [String])])
    func brokenTerms(published: String, record: String?, removed: [String]) {
        let repair = SPFRepair(withoutBrokenTermsOf: octets(published))
        #expect(repair.record == record)
        #expect(repair.removed == removed)
    }

    /// What is clear, however it is spelt, is no loss.
    @Test(
        arguments: [
            ("ipv4:192.0.2.1 mx -all", "ip4:192.0.2.1 mx -all"),
            ("-IPv6:2001:db8::/32 ~all", "-ip6:2001:db8::/32 ~all"),
            ("ip4: 192.0.2.1 mx -all", "ip4:192.0.2.1 mx -all"), ("?ipv4: 192.0.2.0/24 -all", "?ip4:192.0.2.0/24 -all"),
            ("ip4: mx -all", nil), ("mx ip4: -all", nil), ("ip4: 192.0.2 -all", nil),
            ("ip4:2001:db8::1 -all", "ip6:2001:db8::1 -all"), ("ip6:192.0.2.1 -all", "ip4:192.0.2.1 -all"),
            ("ip4:192.0.2.1;ip4:192.0.2.2 -all", "ip4:192.0.2.1 ip4:192.0.2.2 -all"),
            ("mx; ip4:192.0.2.1; -all;", "mx ip4:192.0.2.1 -all"), ("mx;moo -all", nil),
            ("mx -all;", "mx -all"), ("mx ~All.", "mx ~All"), ("mx all,", "mx all"),
            ("mx \u{2013}all", "mx -all"), ("mx \u{2212}all.", "mx -all"), ("mx -al\u{2013}", nil),
        ] as [(String, String?)])
    func otherSpellings(terms: String, mended: String?) {
        let repair = SPFRepair(withoutBrokenTermsOf: octets("v=spf1 " + terms))
        #expect(repair.record == mended.map { "v=spf1 " + $0 })
        #expect(repair.removed.isEmpty == (mended != nil))
    }

    @Test(
        arguments: [
            ("v=spf1 include:gone.example mx -all", "include:gone.example", "v=spf1 mx -all"),
            ("v=spf1 include:gone.example -all", "include:gone.example", nil),
            // The same term in other letters, or with a qualifier.
            ("v=spf1 include:gone.example mx ?Include:GONE.example -all", "include:gone.example", "v=spf1 mx -all"),
            ("v=spf1 mx Redirect=self.example", "redirect=self.example", "v=spf1 mx"),
            // Of two that are gone the walk has met one.
            ("v=spf1 include:gone.example include:far.example mx -all", "include:gone.example", nil),
            ("v=spf1 include:self.example", "include:self.example", nil), ("v=spf1 mx -all", "include:x.example", nil),
        ] as [(String, String, String?)])
    func aTerm(published: String, term: String, record: String?) {
        #expect(SPFRepair(octets(published), without: term).record == record)
    }

    @Test(
        arguments: [
            (["v=spf1 -all", "v=spf1 mx -all"], "v=spf1 mx -all"),
            (["v=spf1 a -all", "v=spf1 a mx ~all"], "v=spf1 a mx ~all"),
            (["v=spf1 a -all", "v=spf1 mx ?all"], "v=spf1 a mx ?all"),
            // Who lets everybody send is not taken at his word, and not told to refuse mail.
            (["v=spf1 a +all", "v=spf1 mx -all"], "v=spf1 a mx ~all"), (["v=spf1 a", "v=spf1 mx"], "v=spf1 a mx"),
            // What an `include` or a `redirect` costs, nobody has counted yet.
            (["v=spf1 mx -all", "v=spf1 a redirect=_spf.example.net"], nil),
            (["v=spf1 mx", "v=spf1 redirect=_spf.example.net"], nil),
            (["v=spf1 include:a.example -all", "v=spf1 mx -all"], nil),
            // What never counted does not begin to.
            (["v=spf1 mx -all include:a.example redirect=b.example", "v=spf1 a -all"], "v=spf1 mx a -all"),
            (["v=spf1 a -all exp=x.example", "v=spf1 -all exp=y.example k=v"], "v=spf1 a -all exp=x.example k=v"),
            (["v=spf1 a ipv4:192.0.2.1 -all", "v=spf1 mx -all"], nil), (["v=spf1 mx -all", "token"], nil),
            (["v=spf1", "v=spf1"], nil),
        ] as [([String], String?)])
    func joining(published: [String], record: String?) {
        #expect(SPFRepair(joining: published.map(octets)).record == record)
    }
}
