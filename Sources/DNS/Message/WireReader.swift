// SPDX-License-Identifier: Apache-2.0

import Observations

/// Reads the pieces of a message one after the other (RFC 1035 §4.1).
///
/// Names can be compressed: two bits set in a length octet make it a pointer to an earlier place (§4.1.4). Nothing in the
/// RFC keeps hostile pointers from going round, so each must point before the place where the labels that led to it
/// began; that ends after at most 255 octets of labels, whatever was sent.
struct WireReader {
    let bytes: [UInt8]
    private(set) var at: Int
    /// Where the readable part ends: the message, or the RDATA at hand.
    private(set) var end: Int
    private var lastName: (at: Int, name: DomainName)?

    init(_ bytes: [UInt8], at start: Int = 0) {
        self.bytes = bytes
        at = start
        end = bytes.count
    }

    mutating func readUInt8() throws(MessageError) -> UInt8 {
        guard at < end else { throw .truncated }
        defer { at += 1 }
        return bytes[at]
    }

    mutating func readUInt16() throws(MessageError) -> UInt16 {
        guard end - at >= 2 else { throw .truncated }
        defer { at += 2 }
        return UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1])
    }

    mutating func readUInt32() throws(MessageError) -> UInt32 {
        UInt32(try readUInt16()) << 16 | UInt32(try readUInt16())
    }

    mutating func readBytes(_ count: Int) throws(MessageError) -> [UInt8] {
        guard end - at >= count else { throw .truncated }
        defer { at += count }
        return Array(bytes[at..<at + count])
    }

    /// The rest of the readable part.
    mutating func readRest() -> [UInt8] {
        defer { at = end }
        return Array(bytes[at..<end])
    }

    /// An owner or question name. Most owners point to one place, the question: its name is kept.
    mutating func readName() throws(MessageError) -> DomainName {
        let isPointer = end - at >= 2 && bytes[at] >= 0xC0
        let place = isPointer ? Int(bytes[at] & 0x3F) << 8 | Int(bytes[at + 1]) : at
        if isPointer, let lastName, lastName.at == place {
            at += 2
            return lastName.name
        }
        let octets = try readNameOctets()
        guard let name = try? DomainName(wire: octets) else { throw .badName }
        lastName = (place, name)
        return name
    }

    /// A name without compression, in its own case.
    mutating func readNameOctets() throws(MessageError) -> [UInt8] {
        var octets: [UInt8] = []
        var place = at
        var runStart = at
        var limit = end
        var resumeAt: Int?
        while true {
            guard place < limit else { throw .truncated }
            let length = Int(bytes[place])
            switch length {
            case 0:
                octets.append(0)
                at = resumeAt ?? place + 1
                return octets
            case 1...63:
                guard place + 1 + length <= limit else { throw .truncated }
                guard octets.count + 1 + length < 255 else { throw .badName }
                octets.append(contentsOf: bytes[place...(place + length)])
                place += 1 + length
            case 0xC0...:
                guard place + 1 < limit else { throw .truncated }
                let target = (length & 0x3F) << 8 | Int(bytes[place + 1])
                guard target < runStart else { throw .badPointer }
                if resumeAt == nil { resumeAt = place + 2 }
                // Labels behind a pointer may end anywhere before it: they lie outside of this RDATA.
                limit = runStart
                place = target
                runStart = target
            default:
                throw .badName
            }
        }
    }

    /// Runs `body` with the readable part cut down to the next `length` bytes, then stands behind them.
    mutating func within<Result>(
        _ length: Int, _ body: (inout WireReader) throws(MessageError) -> Result
    ) throws(MessageError) -> Result {
        guard end - at >= length else { throw .truncated }
        let outer = end
        let inner = at + length
        end = inner
        let result = try body(&self)
        guard at == inner else { throw .badRecordData }
        end = outer
        return result
    }
}
