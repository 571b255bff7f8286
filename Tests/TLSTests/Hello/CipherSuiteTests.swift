// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import TLS

@Suite struct CipherSuiteTests {
    @Test func `Names are those that OpenSSL gives`() throws {
        let listed = try OpenSSLCommand.run(["ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"])
        var compared = 0
        for line in listed.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count > 2, fields[0].hasPrefix("0x") else { continue }
            let octets = fields[0].split(separator: ",").compactMap { UInt16($0.dropFirst(2), radix: 16) }
            let suite = CipherSuite(rawValue: octets[0] << 8 | octets[1])
            if ["PSK", "SRP"].contains(where: fields[2].contains) {
                #expect(suite.name == RegistryNumber.hex(suite.rawValue), "never offered")
            } else {
                #expect(suite.name == fields[2])
                compared += 1
            }
        }
        #expect(compared > 80)
    }

    @Test(arguments: [
        (0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5"), (0x0005, "TLS_RSA_WITH_RC4_128_SHA"),
        (0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"), (0xC012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
        (0x001B, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"), (0x0096, "TLS_RSA_WITH_SEED_CBC_SHA"), (0xFEFE, "0xFEFE"),
    ])
    func `What OpenSSL no longer has is named too`(number: UInt16, name: String) {
        #expect(CipherSuite(rawValue: number).name == name)
    }

    @Test(arguments: TLSVersion.allCases)
    func `No hello carries more than 64 suites`(version: TLSVersion) {
        let suites = SuiteOffer.broad(version...version)
        #expect(!suites.isEmpty && suites.count <= SuiteOffer.limit)
        #expect(Set(suites).count == suites.count)
        #expect(suites.allSatisfy { !$0.isWeak && $0.isTLS13 == (version == .tls13) })
    }

    @Test func `A hello for an old version offers what that version had`() {
        let offered = Set(SuiteOffer.broad(.tls10 ... .tls10).map(\.name))
        #expect(offered.isSuperset(of: ["TLS_RSA_WITH_RC4_128_MD5", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"]))
        #expect(offered.isDisjoint(with: ["TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA256"]))
        #expect(SuiteOffer.broad(.ssl3 ... .ssl3).allSatisfy { !$0.name.contains("ECDH") })
        for version in [TLSVersion.tls10, .tls11, .tls12] {
            #expect(
                SuiteOffer.broad(version...version).filter { $0.name.contains("_DSS_") }.map(\.name).sorted() == [
                    "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA", "TLS_DHE_DSS_WITH_AES_128_CBC_SHA",
                    "TLS_DHE_DSS_WITH_AES_256_CBC_SHA",
                ])
        }
        let complete = Set(SuiteOffer.complete(.tls10 ... .tls10).map(\.name))
        #expect(complete.contains("TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"))
        #expect(complete.contains("TLS_RSA_WITH_NULL_MD5"))
        #expect(SuiteOffer.complete(.tls13 ... .tls13).count == 5)
    }
}
