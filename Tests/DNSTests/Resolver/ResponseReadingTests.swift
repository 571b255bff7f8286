// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite struct ResponseReadingTests {
    private let question = Question("example.org", .mx)

    private func status(_ response: ResponseBytes) -> LookupStatus? {
        guard case .failure(let status) = Response(response.bytes(to: question), to: question) else { return nil }
        return status
    }

    @Test(arguments: [
        (1, DNSOutcome.formerr), (2, .servfail), (4, .notimp), (5, .refused), (6, .servfail), (9, .servfail),
        (16, .servfail), (23, .servfail),
    ])
    func anRCODEThatIsNoAnswerHasItsWordAndKeepsItsNumber(rcode: Int, word: DNSOutcome) {
        let status = status(ResponseBytes(rcode: rcode))
        #expect(status?.outcome == word)
        #expect(status?.rcode == rcode)
        #expect(status?.security == .indeterminate)
    }

    @Test(arguments: [0, 3]) func noErrorAndNXDOMAINAreMessages(rcode: Int) {
        #expect(status(ResponseBytes(rcode: rcode)) == nil)
    }

    /// RFC 6672 §2.2.
    @Test func anAliasThatGrewTooLongIsAMessage() {
        let dname = ResponseBytes.Record(owner: "org", type: .dname, rdata: [0])
        #expect(status(ResponseBytes(rcode: 6, answer: [dname])) == nil)
    }

    @Test func theExtendedErrorIsKept() {
        #expect(status(ResponseBytes(rcode: 2, extendedError: 22))?.extendedError?.code == 22)
    }

    @Test(arguments: [4, 15, 16, 17, 18]) func whatTheResolverForgedOrFilteredSaysNothingOfTheName(code: Int) {
        for rcode in [0, 3, 5] {
            let status = status(
                ResponseBytes(rcode: rcode, answer: [.a("example.org", "192.0.2.9")], extendedError: code))
            #expect(status?.outcome == .localError)
            #expect(status?.extendedError?.code == code)
            #expect(status?.rcode == rcode)
        }
    }

    @Test(arguments: [3, 19]) func aStaleAnswerStandsWhereAFailureWould(code: Int) {
        #expect(status(ResponseBytes(rcode: code == 19 ? 3 : 0, extendedError: code))?.outcome == .servfail)
    }

    @Test(arguments: [0, 1, 2, 5, 6, 27, 29]) func otherErrorCodesLeaveTheAnswerStanding(code: Int) {
        #expect(status(ResponseBytes(extendedError: code)) == nil)
    }

    @Test func truncationIsNoAnswer() {
        let bytes = ResponseBytes(answer: [.a("example.org", "192.0.2.9")], isTruncated: true).bytes(to: question)
        for length in [bytes.count, 40, 29, 12] {
            guard case .truncated = Response(Array(bytes.prefix(length)), to: question) else {
                Issue.record("not truncated at \(length)")
                return
            }
        }
    }

    @Test func aReferralIsNotNODATA() {
        #expect(status(ResponseBytes(authority: [.ns("org", "a0.org")]))?.outcome == .servfail)
        let nodata = ResponseBytes(authority: [
            .ns("example.org", "ns.example.org"), .soa("example.org", ttl: 60, minimum: 60),
        ])
        #expect(status(nodata) == nil)
    }

    @Test func anotherQuestionNoneAndGarbageAreFailures() {
        for bytes in [
            ResponseBytes().bytes(to: Question("example.net", .mx)),
            ResponseBytes().bytes(to: Question("example.org", .a)),
            ResponseBytes().bytes(to: nil), [1, 2, 3], [UInt8](repeating: 0x80, count: 40),
        ] {
            guard case .failure(let status) = Response(bytes, to: question) else {
                Issue.record("taken for an answer")
                continue
            }
            #expect(status.outcome.outcomeClass == .transient)
            #expect(status.reason != nil)
        }
    }

    @Test func aMessageLivesAsLongAsItsShortestRecord() throws {
        let both = ResponseBytes(answer: [
            .cname("example.org", "www.example.org", ttl: 30), .a("www.example.org", "192.0.2.9", ttl: 70),
        ])
        let message = try Message(parsing: both.bytes(to: Question("example.org", .a)))
        #expect(message.lifetime == 30)
    }

    @Test func aDenialLivesAsRFC2308Says() throws {
        func lifetime(_ ttl: UInt32, _ minimum: UInt32, rcode: Int) throws -> UInt32? {
            let response = ResponseBytes(rcode: rcode, authority: [.soa("example.org", ttl: ttl, minimum: minimum)])
            return try Message(parsing: response.bytes(to: question)).lifetime
        }
        #expect(try lifetime(3_600, 300, rcode: 0) == 300)
        #expect(try lifetime(60, 300, rcode: 3) == 60)
        #expect(
            try Message(parsing: ResponseBytes(rcode: 3).bytes(to: question)).lifetime == nil, "without SOA not kept")
    }
}
