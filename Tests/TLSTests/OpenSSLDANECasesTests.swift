// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observations
import Testing
import Verdicts

@testable import TLS

/// The cases that OpenSSL tests its own DANE by, where MXCENSUS_DANETEST names the file: `test/danetest.in` of its
/// sources (`apt-get source openssl`).
@Suite(.enabled(if: OpenSSLDANECase.file != nil)) struct OpenSSLDANECasesTests {
    @Test func sameVerdict() throws {
        let cases = try OpenSSLDANECase.all()
        #expect(cases.count > 50)
        let name = try DomainName("example.com")
        let moment = try #require(Timestamp(rfc3339: "2020-01-01T00:00:00Z"))
        for one in cases {
            let records = one.records.map { $0.readingFullData() }
            let facts = try DANEChain.facts(chain: one.chain, records: records)
            let verdict = DANEVerdict.judge(
                records: records, chain: facts, names: DANEReferenceNames(base: name, mxHost: name), at: moment)
            #expect(one.agrees(with: verdict, records), "\(one.head): \(verdict.outcome)")
        }
    }
}

/// One block of the file: `<records> <certificates> <no name checks> <verify code> <depth>`, the records, the chain.
struct OpenSSLDANECase {
    static let file = ProcessInfo.processInfo.environment["MXCENSUS_DANETEST"]

    let head: [Int]
    var records: [TLSARecord] = []
    var chain: [[UInt8]] = []

    /// For mail the usages 0 and 1 do not count (RFC 7672 §3.1.3), nor do names under DANE-EE (§3.1.1); there X509_V_ERR_HOSTNAME_MISMATCH
    /// (62) at depth 0 is a match.
    func agrees(with verdict: DANEVerdict, _ records: [TLSARecord]) -> Bool {
        guard records.contains(where: { $0.usability == .usable }) else { return verdict.outcome == .unusable }
        switch (head[3], head[4]) {
        case (0, _): return verdict.outcome == .matchEE || verdict.outcome == .matchTA
        case (62, 0) where records.contains(where: \.namesHost): return verdict.outcome == .matchEE
        case (62, _): return verdict.outcome == .taNameMismatch
        default: return verdict.matched.isEmpty
        }
    }

    static func all() throws -> [OpenSSLDANECase] {
        var cases: [OpenSSLDANECase] = []
        var certificate: String?
        for line in try String(contentsOfFile: file ?? "", encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix("-----BEGIN") {
                certificate = ""
            } else if line.hasPrefix("-----END") {
                cases[cases.count - 1].chain.append(Array(Data(base64Encoded: certificate ?? "") ?? Data()))
                certificate = nil
            } else if certificate != nil {
                certificate? += line
            } else if words.count == 5, words.allSatisfy({ Int($0) != nil }) {
                cases.append(OpenSSLDANECase(head: words.compactMap { Int($0) }))
            } else if words.count == 4, let usage = Int(words[0]), let selector = Int(words[1]),
                let type = Int(words[2])
            {
                cases[cases.count - 1].records.append(
                    TLSARecord(
                        certificateUsage: usage, selector: selector, matchingType: type,
                        associationData: octets(String(words[3]))))
            }
        }
        return cases
    }
}
