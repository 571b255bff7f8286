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

/// The domain's own name in its hosts' certificates.
struct DomainNameMatchTests {
    private func aggregates(
        _ leaves: [(String, Int, [String], DANEOutcome)], host: DANEOutcome = .absentSecure,
        security: Security = .secure
    ) throws -> DomainAggregates {
        let name = try DomainName("mx.provider.test")
        func endpoint(_ ip: String, _ port: Int) throws -> Endpoint {
            Endpoint(host: name, address: try #require(IPAddress(ip)), port: port)
        }
        let shown = try leaves.map { ip, port, names, dane in
            DomainToJudge.Leaf(
                endpoint: try endpoint(ip, port), profile: "full", dnsNames: names, commonNames: [], dane: dane)
        }
        let stages = shown.map {
            DomainToJudge.EndpointOutcomes(
                endpoint: $0.endpoint, tcp: .open, greeting: .ready, ehlo: .ok, starttls: .offered, tls: .ok,
                version: .tls13, pkix: .valid, nameMatchMX: .mismatch)
        }
        let found = DomainToJudge.Host(
            name: name, preference: 10, isPrimary: true, alias: nil, v4: .resolved, v6: .nodata, securityV4: .secure,
            securityV6: .secure, hasSpecialUseAddress: false, hasUnaskedAddress: false, endpoints: stages, dane: host,
            leaves: shown)
        return DomainAggregates(
            judging: DomainToJudge(
                domain: try DomainName("example.org"), shape: .explicit, flags: [], hostCount: 1, primaryCount: 1,
                hosts: [found], security: security))
    }

    @Test func theWorstOverTheEndpointsOfPort25() throws {
        let name = try DomainName("mx.provider.test")
        let good = ("192.0.2.1", 25, ["example.org"], DANEOutcome.absentSecure)
        #expect(try aggregates([good]).nameMatches == [name: .matchExact])
        #expect(try aggregates([good, ("192.0.2.2", 25, ["*.org"], .absentSecure)]).nameMatches == [name: .mismatch])
        #expect(try aggregates([good, ("192.0.2.1", 587, ["x.test"], .absentSecure)]).nameMatches[name] == .matchExact)
        #expect(try aggregates([]).nameMatches == [name: .notReached])
    }

    @Test func aTrustAnchorHoldsForTheDomainThatTheCertificateNames() throws {
        let leaf = ("192.0.2.1", 25, ["example.org"], DANEOutcome.taNameMismatch)
        #expect(try aggregates([leaf], host: .taNameMismatch).dane == .valid)
        #expect(try aggregates([leaf], host: .taNameMismatch, security: .insecure).dane == .insecure)
        let other = ("192.0.2.1", 25, ["else.test"], DANEOutcome.taNameMismatch)
        #expect(try aggregates([other], host: .taNameMismatch).dane == .failed)
    }
}
