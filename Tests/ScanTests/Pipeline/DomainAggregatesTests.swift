// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Scan
@testable import Store

/// Remarks on MX records that take what was found out about their hosts.
struct DomainAggregatesTests {
    private func flags(
        _ shape: MXShape = .explicit, alias: String? = nil, v4: AddressOutcome = .resolved,
        v6: AddressOutcome = .nodata, specialUse: Bool = false, known: [MXFlag] = []
    ) throws -> [MXFlag]? {
        let host = DomainToJudge.Host(
            name: try DomainName("mx.example.org"), preference: 10, isPrimary: true,
            alias: try alias.map { try DomainName($0) }, v4: v4, v6: v6, securityV4: .insecure, securityV6: .insecure,
            hasSpecialUseAddress: specialUse, hasUnaskedAddress: false, endpoints: [])
        let domain = DomainToJudge(
            domain: try DomainName("example.org"), shape: shape, flags: known, hostCount: 1, primaryCount: 1,
            hosts: [host])
        return DomainAggregates(judging: domain).flags
    }

    @Test func aHostWithoutPeculiaritiesGivesNoRemark() throws {
        #expect(try flags() == [])
    }

    @Test func anAliasIsRemarkedOn() throws {
        #expect(try flags(alias: "host.example.net") == [.targetIsCNAME])
    }

    @Test(arguments: [
        (AddressOutcome.nodata, AddressOutcome.nodata), (.nxdomain, .nxdomain), (.nxdomain, .familyDisabled),
    ]) func aHostWithoutAnyAddressIsUnresolvable(v4: AddressOutcome, v6: AddressOutcome) throws {
        #expect(try flags(v4: v4, v6: v6) == [.targetUnresolvable])
    }

    @Test(arguments: [
        (AddressOutcome.dnsTempfail, AddressOutcome.nodata), (.nodata, .familyDisabled), (.bogus, .bogus),
    ]) func whatIsNotKnownIsNotRemarkedOn(v4: AddressOutcome, v6: AddressOutcome) throws {
        #expect(try flags(v4: v4, v6: v6) == [])
    }

    @Test func remarksKeepTheOrderOfTheVocabulary() throws {
        let found = try flags(
            alias: "host.example.net", v4: .specialUseOnly, specialUse: true, known: [.duplicateTarget])
        #expect(found == [.targetIsCNAME, .targetSpecialUseIP, .duplicateTarget])
    }

    @Test func theImplicitMXIsNoRecord() throws {
        #expect(try flags(.implicit, alias: "host.example.net", specialUse: true) == [])
    }
}
