// SPDX-License-Identifier: Apache-2.0

import DNS
import Observations
import Testing

@Suite struct MailHostAddressesTests {
    private let a = Question("mx.example.org", .a)
    private let aaaa = Question("mx.example.org", .aaaa)

    private func addresses(
        _ v4: ValidatedAnswer, _ v6: ValidatedAnswer = .none(.noerrorNodata), allowSpecialUse: Bool = false
    ) async -> MailHostAddresses {
        await MailRouting.addresses(
            of: a.name, allowSpecialUse: allowSpecialUse, from: ScriptedAnswers([a: v4, aaaa: v6]))
    }

    /// What nobody could validate, a sender that validates does not get.
    @Test func addressesThatNobodyCouldValidateAreNone() async {
        let host = await addresses(
            .addresses("192.0.2.1", security: .indeterminate), .none(.noerrorNodata, security: .indeterminate))
        #expect(host.v4.outcome == .dnsTempfail && host.v4.addresses.isEmpty)
        #expect(host.v6.outcome == .dnsTempfail)
    }

    @Test func addressesAreSortedAndEachOnce() async {
        let host = await addresses(
            .addresses("198.41.0.4", "9.9.9.9", "198.41.0.4", security: .secure),
            .addresses("2620:fe::9", "2620:fe::fe", security: .insecure))
        #expect(host.v4.addresses.map(\.description) == ["9.9.9.9", "198.41.0.4"])
        #expect(host.v4.outcome == .resolved)
        #expect(host.v4.security == .secure)
        #expect(host.v6.addresses.map(\.description) == ["2620:fe::9", "2620:fe::fe"])
        #expect(host.v6.security == .insecure)
        #expect(host.expandedName == host.host)
    }

    @Test(arguments: [
        (DNSOutcome.noerrorNodata, AddressOutcome.nodata), (.nxdomain, .nxdomain), (.bogus, .bogus),
        (.servfail, .dnsTempfail), (.timeout, .dnsTempfail), (.resolverDown, .dnsTempfail),
        (.cnameLoop, .dnsTempfail),
    ])
    func everyOutcomeHasItsWord(outcome: DNSOutcome, word: AddressOutcome) async {
        let host = await addresses(.none(outcome))
        #expect(host.v4.outcome == word)
        #expect(host.v4.addresses.isEmpty)
        #expect(host.v4.status.outcome == outcome)
    }

    @Test func bogusAddressesAreNotListed() async {
        let host = await addresses(.addresses("9.9.9.9", security: .bogus))
        #expect(host.v4.outcome == .bogus)
        #expect(host.v4.addresses.isEmpty)
    }

    @Test func specialUseAloneIsItsOwnWordOutsideALab() async {
        let only = ValidatedAnswer.addresses("10.0.0.1", "127.0.0.1")
        #expect(await addresses(only).v4.outcome == .specialUseOnly)
        #expect(await addresses(only).v4.addresses.count == 2)
        #expect(await addresses(only, allowSpecialUse: true).v4.outcome == .resolved)
        #expect(await addresses(.addresses("10.0.0.1", "9.9.9.9")).v4.outcome == .resolved)
    }

    @Test func theExpandedNameIsWhereTheAliasesEnd() async {
        let alias = await addresses(
            .addresses("9.9.9.9", at: "real.example.net"), .none(.noerrorNodata, at: "real.example.net"))
        #expect(alias.host.description == "mx.example.org")
        #expect(alias.expandedName.description == "real.example.net")
        let onlyV6 = await addresses(.none(.servfail), .addresses("2620:fe::9", at: "real.example.net"))
        #expect(onlyV6.expandedName.description == "real.example.net")
    }

    @Test func aFamilyThatIsNotUsedIsNotAskedFor() async {
        let source = ScriptedAnswers([a: .addresses("9.9.9.9")])
        let host = await MailRouting.addresses(of: a.name, families: [.v4], from: source)
        #expect(source.asked == [a])
        #expect(host.v6.outcome == .familyDisabled)
        #expect(host.v6.security == .notMeasured)
        #expect(host.v6.status.outcome == .notMeasured)
    }

    @Test func theFirstAliasIsJudgedByItself() async throws {
        func answer(_ aliases: [Security]) -> ValidatedAnswer {
            var answer = ValidatedAnswer.addresses("9.9.9.9", at: "real.example.net")
            answer.aliases = aliases.map { Alias(owner: a.name, target: answer.canonicalName, security: $0) }
            return answer
        }
        #expect(await addresses(answer([.secure, .insecure])).aliasSecurity == .secure)
        #expect(await addresses(.none(.servfail), answer([.insecure])).aliasSecurity == .insecure)
        #expect(await addresses(answer([])).aliasSecurity == nil)
    }
}
