// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

struct IPAddressTests {
    /// The examples of RFC 5952 (sections 1, 2, 4 and 5) and of RFC 4291 §2.2, with the one canonical text.
    @Test(arguments: [
        ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:0:1::1", "2001:db8::1:0:0:1"), ("2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"),
        ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"),
        ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("2001:db8::0:1", "2001:db8::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
        ("FF01:0:0:0:0:0:0:101", "ff01::101"), ("0:0:0:0:0:0:0:1", "::1"), ("0:0:0:0:0:0:0:0", "::"), ("::", "::"),
        ("1::", "1::"), ("1:0:0:0:0:0:0:0", "1::"), ("::ffff:129.144.52.38", "::ffff:129.144.52.38"),
        ("::FFFF:8190:3426", "::ffff:129.144.52.38"), ("0:0:0:0:0:0:13.1.68.3", "::d01:4403"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
    ])
    func text_IsCanonical(_ text: String, _ canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(IPAddress(octets: address.octets) == address)
    }

    @Test(arguments: [
        "", ".", ":", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "01.2.3.4", "1.2.3.", ".1.2.3", "1..2.3",
        "1.2.3.4 ", " 1.2.3.4", "+1.2.3.4", "1.2.3.-4", "0x1.2.3.4", "1.2.3.0000", "١.2.3.4",
        ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:", "12345::", "::g", "::1%eth0", "[::1]", "::+1", "::-1", "1.2.3.4::", "::1.2.3.4:5", "::1.2.3",
        "::1.2.3.256", "1:2:3:4:5:6:7:1.2.3.4", "::1:2:3:4:5:6:1.2.3.4:7", ":::1", "1:::2", "::1:", ":1::",
        "1:2:3:4:5:6:7:8:",
    ])
    func otherText_IsNoAddress(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func octets_AreFourOrSixteen() {
        for count in 0...20 {
            #expect((IPAddress(octets: [UInt8](repeating: 1, count: count)) != nil) == [4, 16].contains(count))
        }
        #expect(IPAddress(octets: [192, 0, 2, 1])?.family == .v4)
        #expect(IPAddress("::1")?.family == .v6)
    }

    /// Every pattern of zero groups: the text leads back to the octets, and has at most one gap, the longest (RFC 5952
    /// §4.2.3).
    @Test func everyPatternOfZeroGroups() throws {
        for pattern in 0..<256 {
            let octets = (0..<8).flatMap { group -> [UInt8] in pattern >> group & 1 == 1 ? [0x0A, 0xBC] : [0, 0] }
            let text = try #require(IPAddress(octets: octets)).description
            #expect(IPAddress(text)?.octets == octets, "\(text)")
            let runs = (0..<8).map { start in (start..<8).prefix { pattern >> $0 & 1 == 0 }.count }
            let longest = runs.max() ?? 0
            #expect(text.contains("::") == (longest >= 2), "\(text)")
            let groups = text.split(separator: ":" as Character, omittingEmptySubsequences: true).count
            #expect(groups == (longest >= 2 ? 8 - longest : 8), "\(text)")
        }
    }
}

struct IPPrefixTests {
    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false),
        ("192.0.2.77/24", "192.0.2.1", true),
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("0.0.0.0/0", "255.1.2.3", true),
        ("10.0.0.0/9", "10.127.255.255", true), ("10.0.0.0/9", "10.128.0.0", false),
        ("192.0.2.1/32", "192.0.2.1", true),
        ("192.0.2.2/31", "192.0.2.3", true), ("192.0.2.2/31", "192.0.2.4", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false), ("::/0", "ffff::", true),
        ("2001:db8::/47", "2001:db8:1::", true), ("2001:db8::/47", "2001:db8:2::", false),
        ("::/0", "192.0.2.1", false), ("0.0.0.0/0", "::1", false), ("2001:db8::1/128", "2001:db8::1", true),
    ])
    func contains(_ prefix: String, _ address: String, _ expected: Bool) throws {
        #expect(try #require(IPPrefix(prefix)).contains(try #require(IPAddress(address))) == expected)
    }

    @Test(arguments: [
        "", "/", "/24", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/-0", "192.0.2.0/+8", "192.0.2.0/24/8",
        "192.0.2/24", "2001:db8::/129", "2001:db8::/x", "192.0.2.0 /24", "192.0.2.0/ 24", "192.0.2.0/0024",
    ])
    func otherText_IsNoPrefix(_ text: String) {
        #expect(IPPrefix(text) == nil)
    }
}
