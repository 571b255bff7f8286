// SPDX-License-Identifier: Apache-2.0

import Observations

@testable import DNS

/// Puts bytes of a response together, right or wrong; owners are written without compression.
struct MessageBuilder {
    private var head: [UInt8]
    private var counts: [UInt16] = [0, 0, 0]
    private var sections: [[UInt8]] = [[], [], []]

    init(_ name: String, _ type: RecordType, flags: UInt16 = 0x8180) {
        head = Message.query(Question(name: (try? DomainName(name)) ?? .root, type: type), id: 0).dropLast(11)
        head[2] = UInt8(flags >> 8)
        head[3] = UInt8(flags & 0xFF)
    }

    mutating func record(
        _ owner: String, _ type: RecordType, _ rdata: [UInt8], ttl: UInt32 = 300, recordClass: UInt16 = 1,
        section: Int = 0
    ) {
        counts[section] += 1
        sections[section] += (try? DomainName(owner))?.wire ?? [0]
        for number in [type.rawValue, recordClass, UInt16(ttl >> 16), UInt16(ttl & 0xFFFF), UInt16(rdata.count)] {
            sections[section] += [UInt8(number >> 8), UInt8(number & 0xFF)]
        }
        sections[section] += rdata
    }

    var bytes: [UInt8] {
        var head = head
        for (index, count) in counts.enumerated() {
            head[6 + 2 * index] = UInt8(count >> 8)
            head[7 + 2 * index] = UInt8(count & 0xFF)
        }
        return head + sections.joined()
    }
}
