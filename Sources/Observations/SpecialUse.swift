// SPDX-License-Identifier: Apache-2.0

/// Addresses that no public mail host can have (RFC 6890 and the IANA special-purpose registries).
///
/// A domain's owner chooses what its MX resolves to, so an address of this kind is either a mistake or an attempt to
/// turn the survey against somebody's own network: it is never contacted outside a lab.
extension IPAddress {
    /// Whether the address, or an IPv4 address that it carries inside (v4-mapped, NAT64, 6to4), is special-use.
    public var isSpecialUse: Bool {
        Self.specialUse.contains { $0.contains(self) } || embeddedV4?.isSpecialUse == true
    }

    /// The IPv4 address carried by a v4-mapped, v4-compatible, NAT64 (RFC 6052) or 6to4 (RFC 3056) address.
    public var embeddedV4: IPAddress? {
        guard family == .v6 else { return nil }
        let mapped = octets.prefix(10).allSatisfy { $0 == 0 } && octets[10] == 0xFF && octets[11] == 0xFF
        let nat64 = octets.prefix(12).elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0])
        if mapped || nat64 { return IPAddress(octets: octets.suffix(4)) }
        if octets[0] == 0x20, octets[1] == 0x02 { return IPAddress(octets: octets[2..<6]) }
        return nil
    }

    private static let specialUse: [IPPrefix] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7",
        "fe80::/10", "fec0::/10", "ff00::/8", "::ffff:0:0/96",
    ].compactMap { IPPrefix($0) }
}
