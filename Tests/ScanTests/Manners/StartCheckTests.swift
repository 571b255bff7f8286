// SPDX-License-Identifier: Apache-2.0
import DNS
import Observations
import Testing

@testable import Scan

/// Nobody is surveyed by somebody who has not said who they are.
@Suite @NetworkLoop struct StartCheckTests {
    /// A zone with one scanner; the PTR record of its second address is missing.
    private final class Zone: AnswerSource {
        var asked = 0

        func resolve(_ question: Question) async -> ValidatedAnswer {
            asked += 1
            let rdata: [UInt8]? =
                switch "\(question)" {
                case "scanner.example.org A": [5, 9, 0, 7]
                case "scanner.example.org AAAA": IPAddress("2a01:4f8::7")?.octets
                case "7.0.9.5.in-addr.arpa PTR": (try? DomainName("scanner.example.org"))?.wire
                default: nil
                }
            let status = LookupStatus(outcome: rdata == nil ? .nxdomain : .noerrorData, security: .insecure, rcode: 0)
            let rrset = rdata.map { RRset(owner: question.name, type: question.type, ttl: 60, rdatas: [$0]) }
            return ValidatedAnswer(status: status, rrset: rrset, canonicalName: question.name)
        }
    }

    private let whole = SurveyIdentity(
        ehloName: "scanner.example.org", contact: "survey@example.org", infoURL: "https://example.org/survey",
        optOutFile: "opt-out.txt")

    private func missing(
        _ identity: SurveyIdentity, own: [String] = ["5.9.0.7"], families: Set<IPAddress.Family> = [.v4, .v6],
        hasDryRun: Bool = true
    ) async -> [StartRefused.Missing] {
        let addresses = own.compactMap { IPAddress($0) }
        let check = StartCheck(identity, families: families, source: Zone()) { family in
            addresses.first { $0.family == family }
        }
        return await check.refusal(hasDryRun: hasDryRun)?.missing ?? []
    }

    @Test func whoHasEverythingMayBegin() async {
        #expect(await missing(whole) == [])
    }

    /// Everything at once, in one refusal, with a way to mend each.
    @Test func whoHasNothingIsToldEverything() async throws {
        let check = StartCheck(SurveyIdentity(), families: [.v4], source: Zone(), ownAddress: { _ in nil })
        let refusal = try #require(await check.refusal(hasDryRun: false))
        #expect(refusal.missing == [.name, .contact(nil), .infoPage(nil), .optOutFile, .dryRun])
        for option in ["--ehlo-name", "PTR", "--contact", "--info-url", "--opt-out", "--dry-run", "--lab"] {
            #expect(refusal.description.contains(option), "\(option)")
        }
    }

    @Test func eachThingIsMissedByItself() async {
        var identity = whole
        identity.contact = "somebody"
        #expect(await missing(identity) == [.contact("somebody")])
        identity = whole
        identity.infoURL = "ftp://example.org/"
        #expect(await missing(identity) == [.infoPage("ftp://example.org/")])
        identity = whole
        identity.optOutFile = nil
        #expect(await missing(identity) == [.optOutFile])
        #expect(await missing(whole, hasDryRun: false) == [.dryRun])
        identity = whole
        identity.ehloName = "[5.9.0.7]"
        #expect(await missing(identity) == [.name])
    }

    /// Each address that we may come from counts, by its own record of either kind.
    @Test func aNameMustLeadToUsAndBack() async throws {
        let name = try DomainName("scanner.example.org")
        let mine = try #require(IPAddress("5.9.0.7"))
        let other = try #require(IPAddress("5.9.0.8"))
        #expect(await missing(whole, own: ["5.9.0.8"]) == [.confirmation(name, other, .otherAddresses([mine]))])
        let v6 = try #require(IPAddress("2a01:4f8::7"))
        #expect(await missing(whole, own: ["5.9.0.7", "2a01:4f8::7"]) == [.confirmation(name, v6, .otherNames([]))])
        #expect(await missing(whole, own: ["5.9.0.7", "2a01:4f8::7"], families: [.v4]) == [])
    }

    @Test func behindAddressTranslationThePublicAddressIsNamed() async throws {
        let inside = try #require(IPAddress("192.168.1.5"))
        #expect(await missing(whole, own: ["192.168.1.5"]) == [.publicAddress(inside)])
        var identity = whole
        identity.sources = [try #require(IPAddress("5.9.0.7"))]
        #expect(await missing(identity, own: ["192.168.1.5"]) == [])
        identity.sources = [inside]
        #expect(await missing(identity, own: ["5.9.0.7"]) == [.publicAddress(inside)], "what is private is not public")
    }

    @Test func withoutARouteNothingCanBegin() async {
        #expect(await missing(whole, own: []) == [.route([.v4, .v6])])
    }
}
