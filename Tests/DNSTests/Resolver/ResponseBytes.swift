// SPDX-License-Identifier: Apache-2.0

import DNS
import Observations

/// A response on the wire, written without the code under test.
struct ResponseBytes {
    struct Record {
        var owner: String
        var type: RecordType
        var ttl: UInt32 = 300
        var rdata: [UInt8]

        static func a(_ owner: String, _ address: String, ttl: UInt32 = 300) -> Record {
            Record(owner: owner, type: .a, ttl: ttl, rdata: IPAddress(address)?.octets ?? [])
        }

        static func cname(_ owner: String, _ target: String, ttl: UInt32 = 300) -> Record {
            Record(owner: owner, type: .cname, ttl: ttl, rdata: name(target))
        }

        static func ns(_ owner: String, _ target: String) -> Record {
            Record(owner: owner, type: .ns, rdata: name(target))
        }

        static func soa(_ owner: String, ttl: UInt32, minimum: UInt32) -> Record {
            let numbers = [1, 7_200, 3_600, 1_209_600, minimum].flatMap(octets)
            return Record(
                owner: owner, type: .soa, ttl: ttl, rdata: name("ns." + owner) + name("root." + owner) + numbers)
        }
    }

    var rcode = 0
    var answer: [Record] = []
    var authority: [Record] = []
    var isTruncated = false
    var isAuthenticated = false
    var extendedError: Int?

    func bytes(to question: Question?) -> [UInt8] {
        var bytes: [UInt8] = [0, 0, 0x81 | (isTruncated ? 0x02 : 0)]
        bytes.append(0x80 | (isAuthenticated ? 0x20 : 0) | UInt8(rcode & 0x0F))
        for count in [question == nil ? 0 : 1, answer.count, authority.count, 1] { bytes += [0, UInt8(count)] }
        if let question { bytes += question.name.wire + Self.octets(question.type.rawValue) + [0, 1] }
        for record in answer + authority {
            bytes += Self.name(record.owner) + Self.octets(record.type.rawValue) + [0, 1] + Self.octets(record.ttl)
            bytes += Self.octets(UInt16(record.rdata.count)) + record.rdata
        }
        let option = extendedError.map { [0, 15, 0, 2] + Self.octets(UInt16($0)) } ?? []
        return bytes + [0, 0, 41, 4, 208, UInt8(rcode >> 4), 0, 0, 0] + Self.octets(UInt16(option.count)) + option
    }

    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + $0.utf8 } + [0]
    }

    static func octets<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        stride(from: Number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> Number($0)) }
    }
}

extension Question {
    init(_ name: String, _ type: RecordType) {
        self.init(name: (try? DomainName(name)) ?? .root, type: type)
    }
}
