// SPDX-License-Identifier: Apache-2.0

import DNS
import Observations
import Testing

@Suite struct CAALookupTests {
    private let issue: [UInt8] = [0, 5] + Array("issueca.example".utf8)

    private func lookUp(_ table: [String: ValidatedAnswer], outcome: AddressOutcome = .resolved) async throws
        -> (found: CAALookup, asked: [String])
    {
        let set = AddressSet(
            outcome: outcome, security: .secure, addresses: [],
            status: LookupStatus(outcome: .noerrorData, security: .secure))
        let host = try DomainName("mx.a.test")
        let addresses = MailHostAddresses(host: host, expandedName: host, v4: set, v6: set)
        let source = ScriptedAnswers(Dictionary(uniqueKeysWithValues: table.map { (Question($0, .caa), $1) }))
        let found = await MailRouting.caa(of: addresses, from: source)
        return (found, source.asked.map { "\($0.name)" })
    }

    private var record: ValidatedAnswer {
        ValidatedAnswer(
            status: LookupStatus(outcome: .noerrorData, security: .secure, rcode: 0),
            rrset: RRset(owner: .root, type: .caa, ttl: 60, rdatas: [issue]), canonicalName: .root)
    }

    @Test func theClosestNameThatHasRecordsCounts() async throws {
        let (found, asked) = try await lookUp(["mx.a.test": .none(.noerrorNodata), "a.test": record])
        #expect(found.records == [#"0 issue "ca.example""#])
        #expect(asked == ["mx.a.test", "a.test"])
    }

    @Test func nobodyIsAskedAboveTheTopLevelDomain() async throws {
        let none = ValidatedAnswer.none(.nxdomain)
        let (found, asked) = try await lookUp(["mx.a.test": none, "a.test": none, "test": none])
        #expect(found.records.isEmpty && found.status.outcome == .nxdomain)
        #expect(asked == ["mx.a.test", "a.test", "test"])
    }

    /// An error is no absence, and what stands above it need not count.
    @Test func anErrorEndsTheWalk() async throws {
        let (found, asked) = try await lookUp(["a.test": record])
        #expect(found.status.outcome == .servfail && found.records.isEmpty)
        #expect(asked == ["mx.a.test"])
    }

    @Test func aHostWithoutAnAddressNeedsNoCertificate() async throws {
        let (found, asked) = try await lookUp(["mx.a.test": record], outcome: .nodata)
        #expect(found == .notReached && asked.isEmpty)
    }
}
