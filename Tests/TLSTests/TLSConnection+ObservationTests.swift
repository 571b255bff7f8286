// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations
import Testing

@testable import TLS

@Suite struct TLSConnectionObservationTests {
    let context: TLSContext

    init() throws { context = try TLSContext() }

    /// A whole conversation with one line each way; what it showed.
    private func observe(
        _ certificate: TestCertificate, _ options: LoopbackServer.Options, speak: Bool = true
    ) throws -> TLSProbeObservation {
        let server = try LoopbackServer(certificate, options: options)
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        converse(client, server)
        if speak, server.isEstablished {
            server.send(Array("250 ok\r\n".utf8))
            converse(client, server)
        }
        return client.observation(profile: .full)
    }

    @Test(arguments: [
        ("X25519", "x25519", false), ("X448", "x448", true), ("P-256", "secp256r1", true), ("P-384", "secp384r1", true),
        ("P-521", "secp521r1", true), ("ffdhe2048", "ffdhe2048", true), ("ffdhe3072", "ffdhe3072", true),
    ])
    func groupsOfTLS13(_ group: String, _ name: String, _ retry: Bool) throws {
        let seen = try observe(
            TestCertificate(), .init(version: TLS1_3_VERSION...TLS1_3_VERSION, groups: group))
        #expect(seen.outcome == .ok)
        #expect(seen.group == name)
        #expect(seen.helloRetryRequest == retry)
        #expect(seen.dhBits == (name == "ffdhe2048" ? 2048 : name == "ffdhe3072" ? 3072 : nil))
        #expect(seen.cipher == "TLS_AES_256_GCM_SHA384")
        #expect(seen.signatureScheme == "ecdsa_secp256r1_sha256")
        #expect(seen.extendedMasterSecret == nil)
        #expect(seen.secureRenegotiation == nil)
        #expect(seen.compression == nil, "only null compression is offered: nothing is known")
        #expect(seen.sessionTicket == true)
    }

    @Test(arguments: [
        ("X25519", "x25519"), ("P-256", "secp256r1"), ("P-384", "secp384r1"), ("brainpoolP256r1", "brainpoolP256r1"),
        ("secp256k1", "secp256k1"),
    ])
    func groupsOfTLS12(_ group: String, _ name: String) throws {
        let seen = try observe(
            TestCertificate(key: .rsa(2048)), .init(version: TLS1_2_VERSION...TLS1_2_VERSION, groups: group))
        #expect(seen.outcome == .ok)
        #expect(seen.group == name)
        #expect(seen.cipher == "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
        #expect(seen.signatureScheme == "rsa_pss_rsae_sha256")
        #expect(seen.extendedMasterSecret == true)
        #expect(seen.secureRenegotiation == true)
        #expect(seen.sessionTicket == true)
    }

    @Test func ticketsNotIssued() throws {
        let quiet = LoopbackServer.Options(version: TLS1_3_VERSION...TLS1_3_VERSION, tickets: false)
        #expect(try observe(TestCertificate(), quiet).sessionTicket == false)
        #expect(try observe(TestCertificate(), quiet, speak: false).sessionTicket == nil)
    }

    @Test func keyTransportHasNoGroup() throws {
        let seen = try observe(
            TestCertificate(key: .rsa(2048)),
            .init(version: TLS1_2_VERSION...TLS1_2_VERSION, ciphers: "AES128-SHA:@SECLEVEL=0"))
        #expect(seen.outcome == .ok)
        #expect(seen.cipher == "TLS_RSA_WITH_AES_128_CBC_SHA")
        #expect(seen.group == nil)
        #expect(seen.dhBits == nil)
        #expect(seen.signatureScheme == nil)
    }

    @Test(arguments: [
        (TestKey.Kind.ed25519, "ed25519"), (.ec("P-384"), "ecdsa_secp384r1_sha384"),
        (.rsa(1024), "rsa_pss_rsae_sha256"),
    ])
    func signatureSchemes(_ key: TestKey.Kind, _ scheme: String) throws {
        let options = LoopbackServer.Options(version: TLS1_3_VERSION...TLS1_3_VERSION)
        let seen = try observe(TestCertificate(key: key), options)
        #expect(seen.outcome == .ok)
        #expect(seen.signatureScheme == scheme)
    }

    @Test(arguments: [TLS1_VERSION, TLS1_2_VERSION])
    func smallDiffieHellmanIsMeasuredNotRefused(_ version: Int32) throws {
        let parameters = """
            -----BEGIN DH PARAMETERS-----
            MEYCQQDAX4IBGQUnbwtDqHeiISeEAYDPDNC+EmuXdF1cfPb8HOntWoOz+NgFL+ED
            /jInF2j3sHiCVM0M/0sMyE6pZrOfAgEC
            -----END DH PARAMETERS-----

            """
        let seen = try observe(
            TestCertificate(key: .rsa(2048)),
            .init(
                version: version...version, ciphers: "DHE-RSA-AES128-SHA:@SECLEVEL=0", dhParameters: parameters))
        #expect(seen.outcome == .ok, "\(seen.detail ?? "")")
        #expect(seen.dhBits == 512)
        #expect(seen.group == nil, "a modulus of the server's own has no name")
        #expect(seen.cipher == "TLS_DHE_RSA_WITH_AES_128_CBC_SHA")
        #expect((seen.signatureScheme == nil) == (version == TLS1_VERSION))
    }

    @Test func unfinishedHandshakeIsNotJudged() throws {
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        let seen = client.observation(profile: .full)
        #expect(seen.outcome == .timeout)
        #expect(seen.version == nil)
        #expect(seen.cipher == nil)
    }
}
