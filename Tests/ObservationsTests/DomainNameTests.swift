// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

struct DomainNameTests {
    @Test(arguments: [
        ("example.nl", "example.nl"), ("Example.NL.", "example.nl"), (".", "."), ("nl", "nl"),
        ("_25._tcp.mx.example", "_25._tcp.mx.example"), ("a\\.b.example", "a\\.b.example"),
        ("a\\046b.example", "a\\.b.example"), ("\\065.example", "a.example"), ("a\\000b.example", "a\\000b.example"),
        ("*.example", "*.example"), ("a\\\\b.example", "a\\\\b.example"), ("a b.example", "a\\032b.example"),
        ("\\255\\127.example", "\\255\\127.example"), ("a\\@b.example", "a\\@b.example"),
    ])
    func text_IsReadAndWritten(_ text: String, _ written: String) throws {
        let name = try DomainName(text)
        #expect(name.description == written)
        #expect(try DomainName(written) == name)
        #expect(try DomainName(wire: name.wire) == name)
    }

    @Test func wireForm_IsThatOfRFC1035() throws {
        #expect(try DomainName("Mx.Example").wire == [2, 0x6D, 0x78, 7, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 0])
        #expect(DomainName.root.wire == [0])
        #expect(try DomainName(wire: [1, 0x41, 0]) == DomainName("a"))
    }

    @Test(
        arguments: [
            ("", .empty), ("a..b", .emptyLabel), (".a", .emptyLabel), ("..", .emptyLabel), ("a..", .emptyLabel),
            (String(repeating: "a", count: 64), .labelTooLong), ("a\\", .badEscape), ("a\\25", .badEscape),
            ("a\\256", .badEscape), ("a\\2x4", .badEscape),
            (String(repeating: "a.", count: 127) + "a", .nameTooLong),
        ] as [(String, DomainName.Malformed)])
    func badText_IsToldWhy(_ text: String, _ reason: DomainName.Malformed) {
        #expect(throws: reason) { try DomainName(text) }
    }

    @Test(
        arguments: [
            [], [1], [1, 0x61], [0, 0], [64], [0xC0, 0x0C], [2, 0x61, 0], [1, 0x61, 0, 1, 0x62, 0],
        ] as [[UInt8]])
    func badWire_IsRefused(_ wire: [UInt8]) {
        #expect(throws: DomainName.Malformed.badWire) { try DomainName(wire: wire) }
    }

    /// RFC 1035 §2.3.4: 63 octets a label, 255 on the wire, that is 253 characters of text.
    @Test func limits_AreExact() throws {
        let label = String(repeating: "a", count: 63)
        #expect(try DomainName(label).labelCount == 1)
        let longest = "\(label).\(label).\(label).\(label.dropLast(2))"
        #expect(longest.utf8.count == 253)
        let name = try DomainName(longest)
        #expect(name.wire.count == 255)
        #expect(try DomainName(longest + ".") == name)
        #expect(throws: DomainName.Malformed.nameTooLong) { try DomainName(longest + "a") }
        let many = String(repeating: "a.", count: 127)
        #expect(try DomainName(many).wire.count == 255)
        #expect(try DomainName(many).labelCount == 127)
    }

    /// Whatever octets a label has, its text leads back to it.
    @Test func everyOctet_SurvivesItsText() throws {
        for octet in UInt8.min...UInt8.max {
            let name = try DomainName(wire: [3, 0x61, octet, 0x62, 1, octet, 0])
            #expect(try DomainName(name.description) == name)
            #expect(name.description.utf8.allSatisfy { (0x21...0x7E).contains($0) })
        }
    }
}

struct DomainNameTreeTests {
    @Test func labels_AndParents() throws {
        let name = try DomainName("a.b.example")
        #expect(name.labelCount == 3)
        #expect(name.labels.map { String(decoding: $0, as: UTF8.self) } == ["a", "b", "example"])
        #expect(try name.parent == DomainName("b.example"))
        #expect(DomainName.root.parent == nil && DomainName.root.isRoot && DomainName.root.labels.isEmpty)
        #expect(try DomainName("example").parent == .root)
        #expect(try name.suffix(labels: 2) == DomainName("b.example"))
        #expect(name.suffix(labels: 0) == .root)
        #expect(name.suffix(labels: 3) == name && name.suffix(labels: 9) == name)
    }

    @Test(arguments: [
        ("a.example", "example", true), ("example", "example", true), ("a.b.example", "b.example", true),
        ("notexample", "example", false), ("example", "a.example", false), ("a.example", ".", true), (".", ".", true),
        ("b.example", "a.example", false), ("x.ample", "example", false),
    ])
    func below(_ name: String, _ ancestor: String, _ expected: Bool) throws {
        #expect(try DomainName(name).isEqualOrBelow(DomainName(ancestor)) == expected)
    }

    /// The octets of a longer label may end like the wire form of another name: only whole labels count.
    @Test func belowness_GoesByLabels() throws {
        let inner = try DomainName("example")
        let tricky = try DomainName(wire: [9, 0x78] + inner.wire.dropLast() + [0])
        #expect(!tricky.isEqualOrBelow(inner))
    }

    @Test func prepending() throws {
        let name = try DomainName("mx.example")
        #expect(try name.prepending("_25", "_TCP").description == "_25._tcp.mx.example")
        #expect(throws: DomainName.Malformed.emptyLabel) { try name.prepending("") }
        #expect(throws: DomainName.Malformed.labelTooLong) { try name.prepending(String(repeating: "a", count: 64)) }
        let long = try DomainName(String(repeating: "a.", count: 126))
        #expect(throws: DomainName.Malformed.nameTooLong) { try long.prepending("_25") }
    }

    @Test func order_IsThatOfTheText() throws {
        let names = try ["b.example", "a.example", "a-b.example", "a.b.example"].map { try DomainName($0) }
        #expect(names.sorted().map(\.description) == ["a-b.example", "a.b.example", "a.example", "b.example"])
    }
}

struct DomainNameHostNameTests {
    @Test(arguments: ["example.nl", "a_b.example", "1.example", "xn--bcher-kva.example", "a--b.example", "mx"])
    func hostNames(_ text: String) throws { #expect(try DomainName(text).hasHostNameSyntax) }

    @Test(arguments: [
        ".", "-a.example", "a-.example", "a b.example", "*.example", "a\\.b.example", "\\195\\188.example",
    ])
    func otherNames(_ text: String) throws { #expect(try !DomainName(text).hasHostNameSyntax) }

    @Test(arguments: [
        ("192.0.2.1", true), ("192.0.2.1.", true), ("1.2.3", false), ("256.0.0.1", false), ("1.2.3.4.5", false),
        ("192.0.2.example", false), (".", false),
    ])
    func addressLiterals(_ text: String, _ expected: Bool) throws {
        #expect(try DomainName(text).isAddressLiteral == expected)
    }

    @Test(arguments: [("localhost", true), ("a.LOCALHOST", true), ("localhost.example", false), (".", false)])
    func localhost(_ text: String, _ expected: Bool) throws { #expect(try DomainName(text).isLocalhost == expected) }
}
