// SPDX-License-Identifier: Apache-2.0

/// Messages of a resolver that answers by a script, in the notation `name TYPE`.
enum DNSScript {
    /// What becomes of a question.
    enum Answer {
        /// One record, by its RDATA; a name in it may be `0xC0, 12`, the name asked for.
        case record([UInt8])
        case nodata
        case nxdomain
        case servfail
    }

    private static let types = ["1": "A", "2": "NS", "15": "MX", "16": "TXT", "28": "AAAA"]

    /// The question of a query; nil where it is about the root.
    static func question(of query: [UInt8]) -> String? {
        var labels: [String] = []
        var at = 12
        while query[at] > 0 {
            let length = Int(query[at])
            labels.append(String(decoding: query[(at + 1)...(at + length)], as: UTF8.self))
            at += length + 1
        }
        return labels.isEmpty
            ? nil : labels.joined(separator: ".") + " " + (types["\(query[at + 2])"] ?? "\(query[at + 2])")
    }

    /// The message with that answer, without EDNS, which is the last eleven octets of a query.
    static func response(to query: [UInt8], _ answer: Answer) -> [UInt8] {
        var response = Array(query.dropLast(11))
        response[2] |= 0x80
        response[11] = 0
        switch answer {
        case .record(let rdata):
            response[7] = 1
            let type = response[response.count - 3]
            return response + [0xC0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, UInt8(rdata.count)] + rdata
        case .nodata: return response
        case .nxdomain: response[3] |= 3
        case .servfail: response[3] |= 2
        }
        return response
    }

    /// The RDATA of an MX record for `mx` below the name asked for.
    static let exchange: [UInt8] = [0, 10, 2] + Array("mx".utf8) + [0xC0, 12]

    /// The RDATA of a TXT record of one string.
    static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }
}
