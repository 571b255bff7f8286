// SPDX-License-Identifier: Apache-2.0
import SMTP
import Testing

struct EHLONameTests {
    @Test(arguments: [
        ("probe.example.org", "probe.example.org"), ("Probe.Example.ORG.", "probe.example.org"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"), ("[192.0.2.1]", "[192.0.2.1]"),
        ("[IPv6:2001:DB8::1]", "[IPv6:2001:db8::1]"), ("[ipv6:::1]", "[IPv6:::1]"),
    ])
    func aName_IsSentAs(_ text: String, _ sent: String) throws {
        #expect(try EHLOName(text).description == sent)
    }

    @Test(
        arguments: [
            ("", .notAHostName), (".", .notAHostName), ("localhost", .notFullyQualified),
            ("a_b.example", .notAHostName),
            ("-a.example", .notAHostName), ("a..example", .notAHostName), ("a.example\r\nMAIL FROM:<>", .notAHostName),
            ("a b.example", .notAHostName), ("münchen.example", .notAHostName), ("192.0.2.1", .badAddressLiteral),
            ("2001:db8::1", .badAddressLiteral), ("[2001:db8::1]", .badAddressLiteral),
            ("[IPv6:192.0.2.1]", .badAddressLiteral), ("[192.0.2.1", .badAddressLiteral), ("[]", .badAddressLiteral),
            ("[", .badAddressLiteral),
        ] as [(String, EHLOName.Malformed)])
    func anythingElse_IsRefused(_ text: String, _ reason: EHLOName.Malformed) {
        #expect(throws: reason) { try EHLOName(text) }
    }
}
