// SPDX-License-Identifier: Apache-2.0

import CLDNS
import Mutations
import Observations
import Testing

@testable import DNS

/// Bytes that somebody sends to hurt: none may crash the reader, none may keep it busy.
@Suite("Hostile messages")
struct HostileMessageTests {
    private let header: [UInt8] = [0, 0, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0]

    private func question(_ name: [UInt8]) -> [UInt8] { header + name + [0, 1, 0, 1] }

    @Test(
        arguments: [
            [0xC0, 0x0C], [0xC0, 0x0D, 0xC0, 0x0C], [1, 0x61, 0xC0, 0x0C], [0xC0, 0x00, 0x00], [0xC0], [0x40, 1],
            [0x80, 1],
            [0xC0, 0x20], [0xFF, 0xFF], [63], [5, 0x61],
        ] as [[UInt8]])
    func namesThatLeadNowhere(name: [UInt8]) {
        #expect(throws: MessageError.self) { try Message(parsing: question(name)) }
    }

    @Test func namesEndAt255Octets() throws {
        let label = [UInt8(63)] + [UInt8](repeating: 0x61, count: 63)
        let longest = label + label + label + [61] + [UInt8](repeating: 0x61, count: 61) + [0]
        #expect(try Message(parsing: question(longest)).question?.name.wire.count == 255)
        let tooLong = label + label + label + [62] + [UInt8](repeating: 0x61, count: 62) + [0]
        #expect(throws: MessageError.badName) { try Message(parsing: question(tooLong)) }
    }

    /// Each record points to the one before: 5,000 pointers, each of which is legal.
    @Test func chainsOfPointersEnd() throws {
        var bytes = question([1, 0x61, 0])
        bytes[7] = 200
        var last = 12
        for _ in 0..<200 {
            let here = bytes.count
            bytes += [0xC0 | UInt8(last >> 8), UInt8(last & 0xFF), 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 1]
            last = here
        }
        #expect(try Message(parsing: bytes).answer.map(\.rdatas.count) == [1])
    }

    /// A message full of the smallest records: 60 kB, read in one go.
    @Test func manySmallRecords() throws {
        var sets = question([0])
        sets[6] = 0x13
        sets[7] = 0x88
        var one = sets
        for index in 0..<5_000 {
            let number = [UInt8(index >> 8), UInt8(index & 0xFF)]
            sets += [0] + [0x80 | number[0], number[1], 0, 1, 0, 0, 0, 0, 0, 0]
            one += [0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 2] + number
        }
        let message = try Message(parsing: sets)
        #expect(message.answer.count == 5_000)
        #expect(try Message(parsing: one).answer.map(\.rdatas.count) == [5_000])
    }

    private static func realAnswers() -> [[UInt8]] {
        let signer = TestSignatureBytes()
        var mail = MessageBuilder("a.test", .mx)
        mail.record("a.test", .mx, [0, 10, 4] + Array("mail".utf8) + [0xC0, 0x0C])
        mail.record("a.test", .rrsig, signer.rdata(covering: .mx))
        mail.record("a.test", .soa, [0xC0, 0x0C, 0xC0, 0x0C] + [UInt8](repeating: 1, count: 20), section: 1)
        mail.record("a.test", .nsec, [0, 0, 7, 1, 2, 3, 4, 5, 6, 7], section: 1)
        mail.record("a.test", .nsec3, [1, 0, 0, 1, 1, 9, 20] + [UInt8](repeating: 7, count: 20), section: 1)
        mail.record("a.test", RecordType(rawValue: 35), [0, 1, 0, 2, 1, 0x53, 0, 1, 0x21, 0xC0, 0x0C], section: 2)
        mail.record(".", .opt, [0, 15, 0, 3, 0, 6, 0x61], recordClass: 1232, section: 2)
        return [mail.bytes]
    }

    private func readAll(_ message: Message) {
        for rrset in message.answer + message.authority + message.additional {
            _ = (rrset.mailExchanges, rrset.addresses, rrset.aliasTarget, rrset.texts, rrset.tlsaRecords)
            _ = (rrset.negativeTTL, rrset.delegationSigners, rrset.keys, rrset.nsec, rrset.nsec3)
            if let signature = rrset.signatures.first { _ = CanonicalForm(rrset).octets(for: signature) }
        }
    }

    @Test func everyTruncationIsAnError() throws {
        for whole in Self.realAnswers() {
            readAll(try Message(parsing: whole))
            for end in whole.indices {
                #expect(throws: MessageError.self) { try Message(parsing: Array(whole[..<end])) }
            }
        }
    }

    @Test func mutationsAreReadOrRefused() throws {
        var random = SeededGenerator(seed: 20_260_101)
        var accepted = 0
        for whole in Self.realAnswers() {
            for _ in 0..<6_000 {
                var bytes = whole
                for _ in 0...random.below(6) {
                    switch random.below(4) {
                    case 0: bytes[random.below(bytes.count)] = UInt8(random.below(256))
                    case 1: bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
                    case 2: bytes.removeSubrange(random.below(bytes.count)..<bytes.count)
                    default: bytes.insert(UInt8(random.below(256)), at: random.below(bytes.count + 1))
                    }
                    if bytes.isEmpty { bytes = [0] }
                }
                guard let message = try? Message(parsing: bytes) else { continue }
                accepted += 1
                readAll(message)
            }
        }
        #expect(accepted > 100)
    }

    /// What we read, ldns reads likewise: the same records in the same sections.
    @Test func ldnsReadsTheSame() throws {
        var random = SeededGenerator(seed: 7)
        var compared = 0
        for whole in Self.realAnswers() {
            for round in 0..<3_000 {
                var bytes = whole
                if round > 0 { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
                guard let message = try? Message(parsing: bytes), !message.isTruncated, message.question != nil else {
                    continue
                }
                var packet: UnsafeMutablePointer<ldns_pkt>?
                guard ldns_wire2pkt(&packet, bytes, bytes.count) == LDNS_STATUS_OK else { continue }
                defer { ldns_pkt_free(packet) }
                compared += 1
                let theirs = ldns_pkt_answer(packet).map { Self.records($0) } ?? []
                let ours = message.answer.flatMap { set in
                    set.rdatas.map { "\(set.owner) \(set.type.rawValue) \($0)" }
                        + set.signatures.map { _ in "\(set.owner) 46" }
                }
                #expect(Set(ours.map(Self.shortened)) == Set(theirs.map(Self.shortened)), "round \(round)")
            }
        }
        #expect(compared > 500)
    }

    private static func shortened(_ text: String) -> String {
        text.contains(" 46") ? String(text.prefix { $0 != "[" }).trimmingSpaces : text
    }

    private static func records(_ list: UnsafeMutablePointer<ldns_rr_list>) -> [String] {
        (0..<ldns_rr_list_rr_count(list)).compactMap { index in
            guard let record = ldns_rr_list_rr(list, index), ldns_rr_get_class(record) == LDNS_RR_CLASS_IN else {
                return nil
            }
            var wire: UnsafeMutablePointer<UInt8>?
            var size = 0
            guard ldns_rr2wire(&wire, record, Int32(LDNS_SECTION_ANSWER.rawValue), &size) == LDNS_STATUS_OK else {
                return nil
            }
            defer { free(wire) }
            var reader = WireReader(Array(UnsafeBufferPointer(start: wire, count: size)))
            guard let owner = try? reader.readName(), let type = try? reader.readUInt16(),
                (try? reader.readBytes(8)) != nil
            else { return nil }
            return "\(owner) \(type) \(reader.readRest())"
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}

/// RDATA of a signature that signs nothing.
private struct TestSignatureBytes {
    func rdata(covering type: RecordType) -> [UInt8] {
        [0, UInt8(type.rawValue), 15, 2, 0, 0, 0, 60, 0, 0, 0, 2, 0, 0, 0, 1, 0, 7] + [4] + Array("test".utf8)
            + [0] + [UInt8](repeating: 3, count: 64)
    }
}
