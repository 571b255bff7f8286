// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite("Messages")
struct MessageTests {
    private func name(_ text: String) throws -> DomainName { try DomainName(text) }

    @Test func aQueryReadsBack() throws {
        let question = Question(name: try name("Example.ORG"), type: .mx)
        let bytes = Message.query(question, id: 0xABCD)
        #expect(bytes.count == 12 + 13 + 4 + 11)
        let message = try Message(parsing: bytes)
        #expect(message.id == 0xABCD)
        #expect(message.question == question)
        #expect(!message.isResponse)
        #expect(message.hasEDNS)
        // RD and CD in the header, DO in the OPT record.
        #expect(bytes[2] == 1 && bytes[3] == 0x10)
        #expect(bytes.suffix(11) == [0, 0, 41, 0x04, 0xD0, 0, 0, 0x80, 0, 0, 0])
        let plain = Message.query(
            question, id: 1, udpPayloadSize: 4096, dnssecOK: false, checkingDisabled: false, recursionDesired: false)
        #expect(plain[2] == 0 && plain[3] == 0)
        #expect(plain.suffix(8).prefix(2) == [0x10, 0])
    }

    @Test func sectionsFlagsAndSets() throws {
        var builder = MessageBuilder("a.test", .mx, flags: 0x8580 | 0x0020)
        builder.record("a.test", .mx, [0, 10, 4] + Array("mail".utf8) + [0xC0, 0x0C])
        builder.record("A.TEST", .mx, [0, 20, 0], ttl: 60)
        builder.record("a.test", .mx, [0, 20, 0])
        builder.record("mail.a.test", .a, [192, 0, 2, 1], section: 2)
        builder.record("mail.a.test", .a, [192, 0, 2, 2], recordClass: 3, section: 2)
        let message = try Message(parsing: builder.bytes)
        #expect(message.isResponse && message.authoritative && message.authenticatedData && !message.isTruncated)
        #expect(message.answer.count == 1)
        #expect(message.answer[0].ttl == 60)
        #expect(
            message.answer[0].mailExchanges == [
                MailExchange(preference: 10, host: try name("mail.a.test")), MailExchange(preference: 20, host: .root),
            ])
        #expect(message.additional.map(\.rdatas) == [[[192, 0, 2, 1]]])
    }

    @Test func signaturesGoToTheirSets() throws {
        let rdata: [UInt8] =
            [0, 1, 15, 2, 0, 0, 0, 60, 0, 0, 0, 2, 0, 0, 0, 1, 0, 7] + [4] + Array("test".utf8) + [0, 1, 2, 3]
        var builder = MessageBuilder("a.test", .a)
        builder.record("a.test", .rrsig, rdata)
        builder.record("a.test", .a, [192, 0, 2, 1])
        builder.record("b.test", .rrsig, rdata)
        let message = try Message(parsing: builder.bytes)
        #expect(message.answer.count == 2)
        let signature = try #require(message.answer.first { $0.type == .a }?.signatures.first)
        #expect(signature.typeCovered == .a && signature.algorithm == 15 && signature.labels == 2)
        #expect(signature.originalTTL == 60 && signature.expiration == 2 && signature.inception == 1)
        #expect(try signature.keyTag == 7 && signature.signer == name("test") && signature.signature == [1, 2, 3])
        #expect(message.answer.contains { $0.type == .rrsig && $0.rdatas == [rdata] })
        for end in 0..<24 {
            var broken = MessageBuilder("a.test", .a)
            broken.record("a.test", .rrsig, Array(rdata.prefix(end)))
            #expect(throws: MessageError.self) { try Message(parsing: broken.bytes) }
        }
    }

    @Test func ednsCarriesRcodeAndErrors() throws {
        var builder = MessageBuilder("a.test", .a, flags: 0x8180 | 7)
        let option: [UInt8] = [0, 15, 0, 5, 0, 9, 0x61, 0x62, 0, 0, 12, 0, 1, 0, 0, 15, 0, 2, 0, 22]
        builder.record(".", .opt, option, ttl: 0x0100_8000, recordClass: 1232, section: 2)
        let message = try Message(parsing: builder.bytes)
        #expect(message.rcode == 23)
        #expect(message.extendedErrors.map(\.code) == [9, 22])
        #expect(message.extendedErrors.map(\.text) == ["ab", ""])
        #expect(message.additional.isEmpty)
        builder.record(".", .opt, [], recordClass: 1232, section: 2)
        #expect(throws: MessageError.badOption) { try Message(parsing: builder.bytes) }
    }

    @Test func aTruncatedMessageMayEndAnywhere() throws {
        var builder = MessageBuilder("a.test", .a, flags: 0x8380)
        builder.record("a.test", .a, [192, 0, 2, 1])
        builder.record("a.test", .a, [192, 0, 2, 2])
        let message = try Message(parsing: builder.bytes.dropLast(3))
        #expect(message.isTruncated)
        #expect(message.answer.first?.rdatas == [[192, 0, 2, 1]])
    }

    @Test func ttlsWithTheTopBitAreZero() throws {
        var builder = MessageBuilder("a.test", .a)
        builder.record("a.test", .a, [192, 0, 2, 1], ttl: 0x8000_0001)
        #expect(try Message(parsing: builder.bytes).answer[0].ttl == 0)
    }

    @Test func rdataReadersLookAtTheirOwnType() throws {
        let owner = try name("a.test")
        func set(_ type: RecordType, _ rdata: [UInt8]...) -> RRset {
            RRset(owner: owner, type: type, ttl: 1, rdatas: rdata)
        }
        #expect(set(.a, [1, 2, 3, 4], [1, 2, 3]).addresses.map(\.description) == ["1.2.3.4"])
        #expect(set(.aaaa, [UInt8](repeating: 0, count: 15) + [1]).addresses.map(\.description) == ["::1"])
        #expect(set(.mx, [1, 2, 3, 4]).addresses.isEmpty)
        #expect(set(.txt, [1, 0x61, 2, 0x62, 0x63], [5, 0x61], []).texts == [[0x61, 0x62, 0x63]])
        let tlsa = set(.tlsa, [3, 1, 2, 0xAA], [3, 1]).tlsaRecords
        #expect(tlsa.count == 1)
        #expect(tlsa[0].certificateUsage == 3 && tlsa[0].selector == 1 && tlsa[0].matchingType == 2)
        #expect(tlsa[0].associationData == [0xAA])
        #expect(try set(.cname, [1, 0x61, 0]).aliasTarget == name("a"))
        #expect(set(.cname, [1, 0x61, 0], [0]).aliasTarget == nil)
        let soa = RRset(
            owner: owner, type: .soa, ttl: 30, rdatas: [[0, 0] + [UInt8](repeating: 0, count: 18) + [1, 0]])
        #expect(soa.negativeTTL == 30)
        #expect(set(.ds, [0, 1, 8, 2, 9], [0, 1]).delegationSigners.map(\.keyTag) == [1])
    }

    @Test(arguments: [("MX", 15), ("aaaa", 28), ("TYPE52", 52), ("type65280", 65_280)])
    func mnemonics(text: String, number: Int) {
        #expect(RecordType(mnemonic: text)?.rawValue == UInt16(number))
    }

    @Test(arguments: ["", "TYPE", "TYPE70000", "TYPE-1", "TYPE+1", "NONSENSE", "TYPE1x"])
    func notMnemonics(text: String) {
        #expect(RecordType(mnemonic: text) == nil)
        #expect(RecordType(rawValue: 52).description == "TLSA")
        #expect(RecordType(rawValue: 4_711).description == "TYPE4711")
    }
}
