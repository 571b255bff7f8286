// SPDX-License-Identifier: Apache-2.0

import DNS
import Observations
import Testing

@Suite struct MailRouteHostFlagsTests {
    private func flags(
        _ v4: ValidatedAnswer, _ v6: ValidatedAnswer, families: Set<IPAddress.Family> = [.v4, .v6],
        of flags: [MXFlag] = [], isImplicit: Bool = false
    ) async -> [MXFlag] {
        let name = Question("mx.example.org", .a).name
        let host = await MailRouting.addresses(
            of: name, families: families,
            from: ScriptedAnswers([Question(name: name, type: .a): v4, Question(name: name, type: .aaaa): v6]))
        let route = MailRoute(
            status: .notReached, shape: isImplicit ? .implicit : .explicit, flags: flags,
            exchanges: [MailExchange(preference: 0, host: name)], isImplicit: isImplicit)
        return route.remarking { $0 == name ? host : nil }.flags
    }

    private let nodata = ValidatedAnswer.none(.noerrorNodata)

    @Test func anOrdinaryHostGivesRiseToNothing() async {
        #expect(await flags(.addresses("9.9.9.9"), nodata) == [])
    }

    @Test func anAliasIsRemarked() async {
        #expect(await flags(.addresses("9.9.9.9", at: "b.example"), nodata) == [.targetIsCNAME])
    }

    @Test func aHostWithoutAddressesIsRemarkedOnceThatIsCertain() async {
        #expect(await flags(nodata, nodata) == [.targetUnresolvable])
        #expect(await flags(.none(.nxdomain), .none(.nxdomain)) == [.targetUnresolvable])
        #expect(await flags(nodata, .none(.timeout)) == [])
        #expect(await flags(.none(.bogus), nodata) == [])
    }

    @Test func aFamilyThatWasNotAskedForMayHaveAnAddress() async {
        #expect(await flags(nodata, nodata, families: [.v4]) == [])
        #expect(await flags(.none(.nxdomain), nodata, families: [.v4]) == [.targetUnresolvable])
    }

    @Test func aSpecialUseAddressIsRemarkedEvenBesideOthers() async {
        #expect(await flags(.addresses("9.9.9.9", "10.1.2.3"), nodata) == [.targetSpecialUseIP])
    }

    @Test func remarksOfTheRecordsStayAndTheOrderIsTheVocabularys() async {
        #expect(
            await flags(.addresses("10.1.2.3", at: "b.example"), nodata, of: [.targetSingleLabel, .duplicateTarget])
                == [.targetIsCNAME, .targetSpecialUseIP, .targetSingleLabel, .duplicateTarget])
    }

    @Test func theImplicitMXIsNoRecord() async {
        #expect(await flags(.addresses("10.1.2.3", at: "b.example"), nodata, isImplicit: true) == [])
    }

    @Test func aHostThatWasNotLookedUpGivesRiseToNothing() {
        let route = MailRoute(
            status: .notReached, shape: .explicit, exchanges: [MailExchange(preference: 0, host: .root)])
        #expect(route.remarking { _ in nil }.flags.isEmpty)
    }
}
