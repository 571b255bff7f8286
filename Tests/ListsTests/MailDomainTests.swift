// SPDX-License-Identifier: Apache-2.0
import Lists
import Observations
import Testing

struct MailDomainTests {
    @Test(arguments: [
        ("example.nl", "example.nl"), ("EXAMPLE.nl.", "example.nl"), (" example.nl\t", "example.nl"),
        ("info@example.nl", "example.nl"), ("Jan <info@example.nl>", "example.nl"),
        ("mailto:info@example.nl?subject=x", "example.nl"), ("a/b@example.nl", "example.nl"),
        ("https://example.nl", "example.nl"), ("https://user:pw@www.example.nl:8443/a?b@c#d", "www.example.nl"),
        ("example.nl/path", "example.nl"), ("example.nl:25", "example.nl"), ("_dmarc.example.nl", "_dmarc.example.nl"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
    ])
    func whatPeopleWrite_IsReducedToTheDomain(_ text: String, _ name: String) throws {
        #expect(try MailDomain(text).name.description == name)
    }

    /// Known pairs: RFC 5891's rules, UTS #46 §4 for the mapping, and names that exist.
    @Test(
        arguments: [
            ("münchen.example", "xn--mnchen-3ya.example", "münchen.example"),
            ("MÜNCHEN.example", "xn--mnchen-3ya.example", "münchen.example"),
            ("mu\u{308}nchen.example", "xn--mnchen-3ya.example", "münchen.example"),
            ("faß.example", "xn--fa-hia.example", "faß.example"),
            ("βόλος.example", "xn--nxasmm1c.example", "βόλος.example"),
            ("例え。テスト", "xn--r8jz45g.xn--zckzah", "例え.テスト"),
            ("ＥＸＡＭＰＬＥ.nl", "example.nl", nil),
            ("пример@пример.рф", "xn--e1afmkfd.xn--p1ai", "пример.рф"),
        ] as [(String, String, String?)])
    func uLabels_BecomeALabels(_ text: String, _ name: String, _ unicode: String?) throws {
        let domain = try MailDomain(text)
        #expect(domain.name.description == name)
        #expect(domain.unicode == unicode)
    }

    @Test func anALabelThatDoesNotDecode_IsStillAName() throws {
        // Such names are registered (here: an emoji, which IDNA2008 forbids) and answer in DNS.
        let domain = try MailDomain("xn--ls8h.example")
        #expect(domain.name.description == "xn--ls8h.example" && domain.unicode == nil)
    }

    @Test(
        arguments: [
            ("", .missingDomain), (".", .missingDomain), ("@", .missingDomain), ("https:///x", .missingDomain),
            ("１２７.0.0.1", .ipAddress), ("192.0.2.1:25", .ipAddress), ("192.0.2.0/24", .ipAddress), ("::1", .ipAddress),
            ("1.2.3", .ipAddress), ("a\\.b.example", .badCharacter), ("a_b", .singleLabel),
            (String(repeating: "ü", count: 60) + ".example", .labelTooLong),
            ("\u{300}a.example", .notIDNA), ("a\u{202E}b.example", .notIDNA), ("☃.example", .notIDNA),
        ] as [(String, InvalidReason)])
    func whatIsNoDomain_IsToldWhy(_ text: String, _ reason: InvalidReason) {
        #expect(throws: reason) { try MailDomain(text) }
    }

    /// `resolve` once asked for the UTF-8 of a U-label, and proved that there is no such name.
    @Test func namesInAnyScriptAreALabelsWithTheirUnderscores() throws {
        #expect(try DomainName(anyScript: "_25._tcp.bücher.beta").description == "_25._tcp.xn--bcher-kva.beta")
        #expect(try DomainName(anyScript: "BÜCHER.beta") == DomainName("xn--bcher-kva.beta"))
        #expect(try DomainName(anyScript: "_dmarc.example.org.") == DomainName("_dmarc.example.org"))
        #expect(try DomainName(anyScript: ".").isRoot)
        #expect(throws: InvalidReason.self) { try DomainName(anyScript: "a..b") }
    }
}
