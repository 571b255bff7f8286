// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite("Trust anchors")
struct TrustAnchorTests {
    @Test func theRootHasTwoKeys() {
        let tags = TrustAnchor.root.map { anchor in
            if case .ds(let ds) = anchor.form { Int(ds.keyTag) } else { 0 }
        }
        #expect(tags == [20_326, 38_696])
        #expect(TrustAnchor.root.allSatisfy { $0.zone.isRoot })
    }

    @Test func readsDSAndDNSKEYInAllTheirForms() throws {
        let zone = TestZone("example.org", seed: 3)
        let key = "uwmvz8gXrTp3yKKg+1hP6iJ8Sbmn3N5FkXQJXQ0jYQA="
        let text = """
            ; the root's
            . IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
            example.org. 3600 IN DNSKEY ( 257 3 15
                \(key.prefix(20)) ; a comment
                \(key.dropFirst(20)) )

            example.net DS 1 15 1 \(String(repeating: "0a ", count: 20))
            """
        let anchors = try TrustAnchor.parse(text)
        #expect(anchors.map(\.zone.description) == [".", "example.org", "example.net"])
        #expect(anchors[0] == TrustAnchor.root[0])
        guard case .dnskey(let dnskey) = anchors[1].form else {
            Issue.record("no key")
            return
        }
        #expect(dnskey.publicKey.count == 32)
        #expect(dnskey.algorithm == 15)
        #expect(zone.anchor?.zone == anchors[1].zone)
    }

    @Test(arguments: [
        ("", 1, "no DS or DNSKEY"), ("; nothing\n\n", 1, "no DS or DNSKEY"), (". A 192.0.2.1", 1, "three numbers"),
        (". DS 1 8 2 00ff", 1, "32 octets"), ("\n. DS 1 8 2 xyz", 2, "hexadecimal"),
        (". DS 1 8 2", 1, "hexadecimal"), (". DS 70000 8 2 00", 1, "numbers"),
        (". DNSKEY 257 3 8 ***", 1, "base64"), (". DNSKEY 1 3 8 AwEAAQ==", 1, "zone key"),
        ("a..b DS 1 8 2 00", 1, "domain name"), ("\n. DNSKEY ( 257 3 8\nAwEAAQ==\n", 2, "never closed"),
        (". DS 1 ) 8", 1, "closes"),
    ])
    func errorsNameTheLine(text: String, line: Int, words: String) {
        let error = #expect(throws: TrustAnchor.ParseError.self) { try TrustAnchor.parse(text) }
        #expect(error?.line == line)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    /// An anchor below the root begins its own island (RFC 4033 §2).
    @Test func theClosestAnchorCounts() async {
        let world = TestWorld()
        let validator = Validator(
            anchors: [world.signed.anchor, TestZone(".", seed: 99).anchor].compactMap { $0 }, source: world.records,
            now: { testTime })
        let question = Question(name: name("www.signed.test"), type: .a)
        let message = Message(question: question, answer: [world.signed.a("www.signed.test")])
        #expect(await validator.validate(message, for: question).status.security == .secure)
        let other = Question(name: name("www.plain.test"), type: .a)
        #expect(await validator.validate(Message(question: other), for: other).status.security == .bogus)
    }
}
