// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing
import Verdicts

@Suite struct NameVerdictTests {
    private func match(_ names: [String], _ reference: String) throws -> NameMatch {
        try match(names, [], reference)
    }

    private func match(_ names: [String], _ cns: [String], _ reference: String) throws -> NameMatch {
        NameVerdict.match(dnsNames: names, commonNames: cns, reference: try DomainName(reference))
    }

    @Test(arguments: [
        (["mx.example.com"], "mx.example.com", NameMatch.matchExact),
        (["mx.example.com"], "MX.Example.COM.", .matchExact),
        (["other.example.com", "mx.example.com"], "mx.example.com", .matchExact),
        (["*.example.com"], "mx.example.com", .matchWildcard),
        (["*.example.com", "mx.example.com"], "mx.example.com", .matchExact),
        (["*.example.com"], "a.mx.example.com", .mismatch),
        (["*.example.com"], "example.com", .mismatch),
        (["*.example"], "mx.example", .mismatch),
        (["*"], "localhost", .mismatch),
        (["*.*.example.com"], "a.b.example.com", .mismatch),
        (["mx.*.example.com"], "mx.a.example.com", .mismatch),
        (["m*.example.com"], "mx.example.com", .mismatch),
        (["*x.example.com"], "mx.example.com", .mismatch),
        (["xn--*.example.com"], "xn--bcher-kva.example.com", .mismatch),
        (["*.example.com"], "xn--bcher-kva.example.com", .matchWildcard),
        (["xn--bcher-kva.example.com"], "XN--Bcher-KVA.example.com", .matchExact),
        (["bücher.example.com"], "xn--bcher-kva.example.com", .mismatch),
        (["mx.example.com."], "mx.example.com", .mismatch),
        ([".example.com"], "mx.example.com", .mismatch),
        (["mx.example.com\\x00.evil.test"], "mx.example.com", .mismatch),
        (["notmx.example.com"], "mx.example.com", .mismatch),
        (["mx.example.com.evil.test"], "mx.example.com", .mismatch),
        ([""], "mx.example.com", .mismatch),
        ([], "mx.example.com", .noNames),
        (["*.com"], "com", .mismatch),
    ])
    func alternativeNames(_ names: [String], _ reference: String, _ expected: NameMatch) throws {
        #expect(try match(names, reference) == expected)
    }

    @Test func commonNameCountsOnlyAlone() throws {
        #expect(try match([], ["mx.example.com"], "mx.example.com") == .commonNameOnly)
        #expect(try match([], ["*.Example.com"], "mx.example.com") == .commonNameOnly)
        #expect(try match([], ["Mail Server"], "mx.example.com") == .mismatch)
        #expect(try match([], [""], "mx.example.com") == .noNames)
        #expect(try match([], ["mx.example.com", "zzz"], "mx.example.com") == .commonNameOnly, "each of several")
        #expect(try match([], ["zzz", "mx.example.com"], "mx.example.com") == .commonNameOnly)
        #expect(try match([], ["zzz", "yyy"], "mx.example.com") == .mismatch)
        #expect(try match(["other.example.com"], ["mx.example.com"], "mx.example.com") == .mismatch)
        #expect(try match([], ["mx.\u{212A}elvin.example"], "mx.kelvin.example") == .mismatch, "the Kelvin sign")
        #expect(try match([], ["mx.example.com\\x00.evil.test"], "mx.example.com") == .mismatch)
        #expect(try match([], ["m*.example.com"], "mx.example.com") == .mismatch)
    }

    @Test func aCertificateWithoutNames() throws {
        let facts = CertificateFacts(sha256: "00", spkiSHA256: "11")
        #expect(NameVerdict.match(facts, reference: try DomainName("mx.example")) == .noNames)
    }

    @Test func theRootIsNobodysName() throws {
        #expect(try match([""], ".") == .mismatch)
        #expect(try match(["."], ".") == .mismatch)
    }

    @Test func theWorstOfSeveralCertificatesCounts() {
        let order: [NameMatch] = [.noNames, .mismatch, .commonNameOnly, .matchWildcard, .matchExact]
        for count in order.indices {
            #expect(NameVerdict.worst(order.suffix(from: count).reversed()) == order[count])
        }
        #expect(NameVerdict.worst([.notReached, .matchExact]) == .matchExact)
        #expect(NameVerdict.worst([]) == .notReached)
    }
}
