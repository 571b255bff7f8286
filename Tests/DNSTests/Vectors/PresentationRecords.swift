// SPDX-License-Identifier: Apache-2.0

import CLDNS
import Observations

@testable import DNS

/// Records in presentation form, read by ldns into wire form and from there by us.
struct PresentationRecord {
    let owner: DomainName
    let type: RecordType
    let ttl: UInt32
    let rdata: [UInt8]

    struct Unreadable: Error { let text: String }

    init(_ text: String) throws {
        var pointer: UnsafeMutablePointer<ldns_rr>?
        guard ldns_rr_new_frm_str(&pointer, text, 0, nil, nil) == LDNS_STATUS_OK, let pointer else {
            throw Unreadable(text: text)
        }
        defer { ldns_rr_free(pointer) }
        var wire: UnsafeMutablePointer<UInt8>?
        var size = 0
        guard ldns_rr2wire(&wire, pointer, Int32(LDNS_SECTION_ANSWER.rawValue), &size) == LDNS_STATUS_OK, let wire
        else {
            throw Unreadable(text: text)
        }
        defer { free(wire) }
        var reader = WireReader(Array(UnsafeBufferPointer(start: wire, count: size)))
        owner = try reader.readName()
        type = RecordType(rawValue: try reader.readUInt16())
        _ = try reader.readUInt16()
        ttl = try reader.readUInt32()
        rdata = try reader.readRData(type, length: Int(try reader.readUInt16()))
    }

    /// The set that the records make, with the signatures given.
    static func rrset(_ records: [String], signatures: [String]) throws -> RRset {
        var collector = RRsetCollector()
        for text in records + signatures {
            let record = try PresentationRecord(text)
            if record.type == .rrsig, let signature = RRSIG(rdata: record.rdata, ttl: record.ttl) {
                collector.add(signature: signature, owner: record.owner, ttl: record.ttl, rdata: record.rdata)
            } else {
                collector.add(owner: record.owner, type: record.type, ttl: record.ttl, rdata: record.rdata)
            }
        }
        let sets = collector.finish()
        guard sets.count == 1, let set = sets.first else { throw Unreadable(text: records.joined(separator: "\n")) }
        return set
    }
}
