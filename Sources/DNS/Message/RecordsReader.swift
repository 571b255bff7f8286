// SPDX-License-Identifier: Apache-2.0

import Observations

/// Reads the records of the three sections, one after the other, and keeps what EDNS says apart.
struct RecordsReader {
    private var reader: WireReader
    private var sections = [RRsetCollector(), RRsetCollector(), RRsetCollector()]
    /// Upper eight bits of RCODE; nil until an OPT record was seen.
    private(set) var extendedRcode: Int?
    private(set) var extendedErrors: [ExtendedDNSError] = []

    init(_ reader: WireReader) {
        self.reader = reader
    }

    mutating func readRecord(section: Int) throws(MessageError) {
        let owner = try reader.readName()
        let type = RecordType(rawValue: try reader.readUInt16())
        let recordClass = try reader.readUInt16()
        // RFC 2181 §8: a TTL with the top bit set counts as zero.
        let rawTTL = try reader.readUInt32()
        let ttl = rawTTL > 0x7FFF_FFFF ? 0 : rawTTL
        let length = Int(try reader.readUInt16())
        guard type != .opt else {
            guard section == 2, owner.isRoot, extendedRcode == nil else { throw .badOption }
            extendedRcode = Int(rawTTL >> 24)
            try readOptions(length)
            return
        }
        guard recordClass == 1 else {
            _ = try reader.readBytes(length)
            return
        }
        let rdata = try reader.readRData(type, length: length)
        if type == .rrsig {
            guard let signature = RRSIG(rdata: rdata, ttl: ttl) else { throw .badRecordData }
            sections[section].add(signature: signature, owner: owner, ttl: ttl, rdata: rdata)
        } else {
            sections[section].add(owner: owner, type: type, ttl: ttl, rdata: rdata)
        }
    }

    /// RFC 6891 §6.1.2: code, length, data; RFC 8914 §2: INFO-CODE, EXTRA-TEXT.
    private mutating func readOptions(_ length: Int) throws(MessageError) {
        let errors = try reader.within(length) { (reader) throws(MessageError) in
            var errors: [ExtendedDNSError] = []
            while reader.at < reader.end {
                let code = try reader.readUInt16()
                var data = try reader.readBytes(Int(try reader.readUInt16()))
                guard code == 15, data.count >= 2 else { continue }
                let infoCode = Int(data[0]) << 8 | Int(data[1])
                data.removeFirst(2)
                if data.last == 0 { data.removeLast() }
                // Whatever a stranger wrote there is shown to people: nothing in it may steer a terminal.
                let text = String(
                    String.UnicodeScalarView(
                        String(decoding: data, as: UTF8.self).unicodeScalars.map {
                            $0.properties.generalCategory == .control ? "\u{FFFD}" : $0
                        }))
                errors.append(ExtendedDNSError(code: infoCode, text: text))
            }
            return errors
        }
        extendedErrors += errors
    }

    consuming func finish() -> (answer: [RRset], authority: [RRset], additional: [RRset]) {
        (sections[0].finish(), sections[1].finish(), sections[2].finish())
    }
}
