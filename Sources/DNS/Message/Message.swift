// SPDX-License-Identifier: Apache-2.0

public import Observations

/// A DNS message (RFC 1035 §4.1): header, question, and the records of three sections as RRsets.
///
/// Records of classes other than IN are left out. EDNS (RFC 6891) is taken apart: its OPT record is not among the
/// additional ones.
public struct Message: Sendable {
    /// Chosen by who asks, repeated by who answers.
    public var id: UInt16
    /// QR.
    public var isResponse: Bool
    /// AA.
    public var authoritative: Bool
    /// TC: the rest did not fit; what is here is what came before the cut.
    public var isTruncated: Bool
    /// AD: the resolver says that it has validated the answer (RFC 4035 §3.2.3).
    public var authenticatedData: Bool
    /// RCODE with the upper bits of EDNS (RFC 6891 §6.1.3): 0...4095.
    public var rcode: Int
    /// The only question; nil where the message has none, as an error may.
    public var question: Question?
    /// What was asked for, and the aliases on the way.
    public var answer: [RRset]
    /// Where authority lies, and the proofs of absence.
    public var authority: [RRset]
    /// What may help.
    public var additional: [RRset]
    /// Whether the message has an OPT record.
    public var hasEDNS: Bool
    /// Extended DNS Errors, in order (RFC 8914).
    public var extendedErrors: [ExtendedDNSError]

    /// A response made of parts.
    public init(
        question: Question?, rcode: Int = 0, answer: [RRset] = [], authority: [RRset] = [], additional: [RRset] = []
    ) {
        id = 0
        isResponse = true
        authoritative = false
        isTruncated = false
        authenticatedData = false
        self.rcode = rcode
        self.question = question
        self.answer = answer
        self.authority = authority
        self.additional = additional
        hasEDNS = true
        extendedErrors = []
    }

    /// Reads a whole message. A truncated one (TC) may end anywhere behind its question. Octets behind the last record
    /// are ignored, as resolvers do.
    public init(parsing bytes: [UInt8]) throws(MessageError) {
        var reader = WireReader(bytes)
        id = try reader.readUInt16()
        let flags = try reader.readUInt16()
        isResponse = flags & 0x8000 != 0
        authoritative = flags & 0x0400 != 0
        isTruncated = flags & 0x0200 != 0
        authenticatedData = flags & 0x0020 != 0
        rcode = Int(flags & 0x000F)
        let questions = try reader.readUInt16()
        var counts: [UInt16] = []
        for _ in 0..<3 { counts.append(try reader.readUInt16()) }
        guard questions <= 1 else { throw .badQuestion }
        question = questions == 1 ? try reader.readQuestion() : nil
        var records = RecordsReader(reader)
        do throws(MessageError) {
            for (section, count) in counts.enumerated() {
                for _ in 0..<count { try records.readRecord(section: section) }
            }
        } catch {
            guard isTruncated, error == .truncated else { throw error }
        }
        hasEDNS = records.extendedRcode != nil
        rcode |= (records.extendedRcode ?? 0) << 4
        extendedErrors = records.extendedErrors
        (answer, authority, additional) = records.finish()
    }
}

extension WireReader {
    fileprivate mutating func readQuestion() throws(MessageError) -> Question {
        let name = try readName()
        let type = RecordType(rawValue: try readUInt16())
        guard try readUInt16() == 1 else { throw .badQuestion }
        return Question(name: name, type: type)
    }
}
