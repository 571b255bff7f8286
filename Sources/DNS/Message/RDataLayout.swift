// SPDX-License-Identifier: Apache-2.0

/// Where names stand inside RDATA: they can be compressed there (RFC 3597 §4), and they are folded to lower case in
/// canonical form (RFC 4034 §6.2, without NSEC: RFC 6840 §5.1). Types that are not listed are opaque octets.
enum RDataLayout {
    /// Octets before the first name, number of names in a row, octets behind them (nil: any number).
    case names(after: Int, count: Int, tail: Int?)
    /// Four octets, three character-strings, then one name (NAPTR, RFC 3403).
    case namingAuthorityPointer
    /// No name that compression or canonical form cares for.
    case opaque

    init(_ type: RecordType) {
        switch type.rawValue {
        // NS MD MF CNAME MB MG MR PTR DNAME
        case 2, 3, 4, 5, 7, 8, 9, 12, 39: self = .names(after: 0, count: 1, tail: 0)
        case 6: self = .names(after: 0, count: 2, tail: 20)  // SOA
        case 14, 17: self = .names(after: 0, count: 2, tail: 0)  // MINFO RP
        case 15, 18, 21, 36: self = .names(after: 2, count: 1, tail: 0)  // MX AFSDB RT KX
        case 26: self = .names(after: 2, count: 2, tail: 0)  // PX
        case 33: self = .names(after: 6, count: 1, tail: 0)  // SRV
        case 24, 46: self = .names(after: 18, count: 1, tail: nil)  // SIG RRSIG
        case 30: self = .names(after: 0, count: 1, tail: nil)  // NXT
        case 35: self = .namingAuthorityPointer
        default: self = .opaque
        }
    }
}

extension WireReader {
    /// RDATA of `length` octets without compression, checked as far as its layout goes.
    mutating func readRData(_ type: RecordType, length: Int) throws(MessageError) -> [UInt8] {
        switch RDataLayout(type) {
        case .opaque:
            try readBytes(length)
        case .names(let before, let count, let tail):
            try within(length) { (reader) throws(MessageError) in
                var rdata = try reader.readBytes(before)
                for _ in 0..<count { rdata += try reader.readNameOctets() }
                guard tail == nil || tail == reader.end - reader.at else { throw .badRecordData }
                return rdata + reader.readRest()
            }
        case .namingAuthorityPointer:
            try within(length) { (reader) throws(MessageError) in
                var rdata = try reader.readBytes(4)
                for _ in 0..<3 {
                    let count = try reader.readUInt8()
                    rdata.append(count)
                    rdata += try reader.readBytes(Int(count))
                }
                return rdata + (try reader.readNameOctets())
            }
        }
    }
}
