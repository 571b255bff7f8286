// SPDX-License-Identifier: Apache-2.0

/// The TYPE of a resource record (RFC 1035 §3.2.2 and the IANA registry): any 16-bit number is one, some have names.
public struct RecordType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt16

    /// Takes any number.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// An IPv4 address.
    public static let a = RecordType(rawValue: 1)
    /// A delegation, or the servers of a zone.
    public static let ns = RecordType(rawValue: 2)
    /// An alias of one name.
    public static let cname = RecordType(rawValue: 5)
    /// The start of a zone.
    public static let soa = RecordType(rawValue: 6)
    /// A pointer to another name.
    public static let ptr = RecordType(rawValue: 12)
    /// A mail exchange.
    public static let mx = RecordType(rawValue: 15)
    /// Text strings.
    public static let txt = RecordType(rawValue: 16)
    /// An IPv6 address (RFC 3596).
    public static let aaaa = RecordType(rawValue: 28)
    /// A service (RFC 2782).
    public static let srv = RecordType(rawValue: 33)
    /// An alias of a whole subtree (RFC 6672).
    public static let dname = RecordType(rawValue: 39)
    /// EDNS (RFC 6891): not data, a part of the message.
    public static let opt = RecordType(rawValue: 41)
    /// Delegation signer (RFC 4034 §5).
    public static let ds = RecordType(rawValue: 43)
    /// A signature (RFC 4034 §3).
    public static let rrsig = RecordType(rawValue: 46)
    /// Denial of existence by name (RFC 4034 §4).
    public static let nsec = RecordType(rawValue: 47)
    /// A zone key (RFC 4034 §2).
    public static let dnskey = RecordType(rawValue: 48)
    /// Denial of existence by hash (RFC 5155 §3).
    public static let nsec3 = RecordType(rawValue: 50)
    /// Parameters of NSEC3 (RFC 5155 §4).
    public static let nsec3param = RecordType(rawValue: 51)
    /// Certificate association (RFC 6698).
    public static let tlsa = RecordType(rawValue: 52)
    /// SPF's own type, obsolete (RFC 7208 §3.1).
    public static let spf = RecordType(rawValue: 99)
    /// Everything there is (RFC 8482).
    public static let any = RecordType(rawValue: 255)
    /// Who may issue certificates (RFC 8659).
    public static let caa = RecordType(rawValue: 257)

    private static let mnemonics: [UInt16: String] = [
        1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 13: "HINFO", 14: "MINFO", 15: "MX", 16: "TXT", 17: "RP",
        18: "AFSDB", 28: "AAAA", 29: "LOC", 33: "SRV", 35: "NAPTR", 36: "KX", 37: "CERT", 39: "DNAME", 41: "OPT",
        43: "DS", 44: "SSHFP", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA",
        53: "SMIMEA", 59: "CDS", 60: "CDNSKEY", 61: "OPENPGPKEY", 62: "CSYNC", 64: "SVCB", 65: "HTTPS", 99: "SPF",
        255: "ANY", 256: "URI", 257: "CAA",
    ]
    private static let numbers = Dictionary(uniqueKeysWithValues: mnemonics.map { ($1, $0) })

    /// Reads `MX` in any case, or `TYPE15` (RFC 3597 §5); nil for anything else.
    public init?(mnemonic: some StringProtocol) {
        let name = mnemonic.uppercased()
        if let number = Self.numbers[name] {
            rawValue = number
        } else if name.hasPrefix("TYPE"), name.utf8.dropFirst(4).allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt16(name.dropFirst(4))
        {
            rawValue = number
        } else {
            return nil
        }
    }
}

extension RecordType: CustomStringConvertible {
    /// The mnemonic, or `TYPE123`.
    public var description: String { Self.mnemonics[rawValue] ?? "TYPE\(rawValue)" }
}
