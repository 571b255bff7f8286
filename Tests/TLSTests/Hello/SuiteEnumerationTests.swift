// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import TLS

@Suite struct SuiteEnumerationTests {
    private func suites(_ names: String...) -> [CipherSuite] {
        names.compactMap { name in CipherSuite.named.first { $0.name == name } }
    }

    /// A server with these suites in this order, or one that follows the client.
    private func enumerate(
        _ version: TLSVersion, _ server: [CipherSuite], followsClient: Bool = false
    ) -> (SuiteEnumeration, questions: Int) {
        var enumeration = SuiteEnumeration(version: version)
        var questions = 0
        while let offer = enumeration.offer, questions < 1_000 {
            #expect(!offer.isEmpty && offer.count <= 64)
            questions += 1
            enumeration.record(
                followsClient ? offer.first(where: server.contains) : server.first(where: offer.contains))
        }
        return (enumeration, questions)
    }

    @Test func `A server's suites in its own order`() {
        let server = suites(
            "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
        let (found, questions) = enumerate(.tls12, server)
        #expect(found.accepted == server && found.serverPreference == true)
        #expect(questions <= 10)
    }

    @Test func `A server that follows the client`() {
        let server = suites("TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA")
        let (found, _) = enumerate(.tls10, server, followsClient: true)
        #expect(Set(found.accepted) == Set(server) && found.serverPreference == false)
    }

    @Test func `The worst suite may be the one that a server likes best`() {
        let server = suites(
            "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_NULL_MD5")
        let (found, _) = enumerate(.tls12, server)
        #expect(found.accepted == server && found.serverPreference == true)
    }

    @Test func `Every suite there is`() {
        for version in TLSVersion.allCases {
            let all = Array(SuiteOffer.complete(version...version).reversed())
            let (found, _) = enumerate(version, all)
            #expect(Set(found.accepted) == Set(all))
        }
    }

    @Test func `One suite leaves no preference to see, and none leaves nothing`() {
        let (one, _) = enumerate(.tls13, suites("TLS_AES_128_GCM_SHA256"))
        #expect(one.accepted.count == 1 && one.serverPreference == nil)
        let (none, questions) = enumerate(.tls13, [])
        #expect(none.accepted.isEmpty && none.serverPreference == nil && questions == 1)
    }
}
