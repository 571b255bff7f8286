// SPDX-License-Identifier: Apache-2.0

import Observations

/// RDATA as a zone file writes it (RFC 1035 §5.1), for people; types without a form here in that of RFC 3597 §5.
extension RRset {
    /// One text for each record, in the order of the message; names end in a dot.
    public var presentation: [String] {
        rdatas.map { rdata in Self.text(rdata, type) ?? Self.generic(rdata) }
    }

    private static func text(_ rdata: [UInt8], _ type: RecordType) -> String? {
        switch type {
        case .a, .aaaa: IPAddress(octets: rdata)?.description
        case .cname, .dname, .ns, .ptr: name(rdata[...])
        case .mx: rdata.count > 2 ? name(rdata[2...]).map { "\(number(rdata[0..<2])) \($0)" } : nil
        case .txt, .spf: strings(rdata)
        case .tlsa, .ds: fields(rdata, type)
        case .caa: property(rdata)
        default: nil
        }
    }

    private static func name(_ wire: ArraySlice<UInt8>) -> String? {
        guard let name = try? DomainName(wire: wire) else { return nil }
        return name.isRoot ? "." : "\(name)."
    }

    private static func number(_ octets: ArraySlice<UInt8>) -> Int {
        octets.reduce(0) { $0 << 8 | Int($1) }
    }

    private static func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func fields(_ rdata: [UInt8], _ type: RecordType) -> String? {
        if type == .tlsa {
            return rdata.count < 3 ? nil : "\(rdata[0]) \(rdata[1]) \(rdata[2]) \(hexadecimal(rdata[3...]))"
        }
        return rdata.count < 4 ? nil : "\(number(rdata[0..<2])) \(rdata[2]) \(rdata[3]) \(hexadecimal(rdata[4...]))"
    }

    private static func strings(_ rdata: [UInt8]) -> String? {
        var texts: [String] = []
        var at = 0
        while at < rdata.count {
            let end = at + 1 + Int(rdata[at])
            guard end <= rdata.count else { return nil }
            texts.append(quoted(rdata[(at + 1)..<end]))
            at = end
        }
        return texts.joined(separator: " ")
    }

    /// CAA (RFC 8659 §4.1): flags, tag and value.
    private static func property(_ rdata: [UInt8]) -> String? {
        guard rdata.count >= 2, rdata.count >= 2 + Int(rdata[1]) else { return nil }
        let value = 2 + Int(rdata[1])
        return "\(rdata[0]) \(escaped(rdata[2..<value])) \(quoted(rdata[value...]))"
    }

    private static func quoted(_ octets: ArraySlice<UInt8>) -> String { "\"\(escaped(octets))\"" }

    private static func escaped(_ octets: ArraySlice<UInt8>) -> String {
        var text = ""
        for octet in octets {
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += "\\" + String(UnicodeScalar(octet))
            case 0x20...0x7E: text += String(UnicodeScalar(octet))
            default: text += "\\" + String("00\(octet)".suffix(3))
            }
        }
        return text
    }

    private static func generic(_ rdata: [UInt8]) -> String {
        rdata.isEmpty ? "\\# 0" : "\\# \(rdata.count) \(hexadecimal(rdata))"
    }
}
