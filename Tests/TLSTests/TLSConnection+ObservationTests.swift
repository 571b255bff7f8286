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

    /// A certificate on a curve is shown only to those who offer the curve (RFC 8422 §5.1.1).
    @Test(arguments: ["P-224", "P-192", "brainpoolP384r1", "secp256k1"])
    func certificatesOnRareCurves(_ curve: String) throws {
        let options = LoopbackServer.Options(version: TLS1_2_VERSION...TLS1_2_VERSION, groups: "P-256:\(curve)")
        let seen = try observe(TestCertificate(key: .ec(curve)), options)
        #expect(seen.outcome == .ok, "\(seen.detail ?? "")")
        #expect(seen.group == "secp256r1", "which is for the certificate alone")
    }

    /// Before TLS 1.3 the server's Finished has accepted the handshake; in TLS 1.3 its first word does.
    @Test(arguments: [TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION])
    func silenceBehindTheHandshake(_ version: Int32) throws {
        let options = LoopbackServer.Options(version: version...version, tickets: false)
        let isAccepted = version < TLS1_3_VERSION
        for (ending, expected) in [(nil, TLSOutcome.timeout), (false, .eof), (true, .reset)] as [(Bool?, TLSOutcome)] {
            let server = try LoopbackServer(TestCertificate(), options: options)
            let client = try TLSConnection(context: context, serverName: nil)
            client.start()
            converse(client, server)
            if let ending { client.endOfInput(isReset: ending) }
            #expect(client.observation(profile: .full).outcome == (isAccepted ? .ok : expected))
            #expect(client.observation(profile: .full, silenceIsConsent: true).outcome == .ok)
            client.close()
            #expect(client.observation(profile: .full).outcome == (isAccepted ? .ok : expected))
        }
    }

    @Test(arguments: [true, false])
    func halfAnAnswerIsWordEnough(_ closes: Bool) throws {
        let server = try LoopbackServer(
            TestCertificate(), options: .init(version: TLS1_3_VERSION...TLS1_3_VERSION, tickets: false))
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        converse(client, server)
        server.send(Array("250-mx.exa".utf8))
        converse(client, server)
        if closes { client.endOfInput() } else { client.close() }
        #expect(client.observation(profile: .full).outcome == .ok)
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

    /// No version is negotiated until our library has taken the one that the server chose.
    @Test(arguments: [0x0300, 0x0305, 0x0505, 0x0002] as [UInt16])
    func versionThatIsNotTaken(_ wire: UInt16) throws {
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        client.receive(ServerFlight.record(ServerFlight.hello(wire, suite: 0x002F)))
        let seen = client.observation(profile: .full)
        #expect(seen.version == nil && seen.cipher == nil && seen.group == nil)
        #expect(seen.outcome == (wire == 0x0300 ? .clientPolicy : .badRecord))
    }

    /// An empty list breaks the protocol (RFC 5246 §7.4.2), and says all the same that there is no certificate.
    @Test func noCertificate() throws {
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        let server = try LoopbackServer(TestCertificate(), options: .init(version: TLS1_2_VERSION...TLS1_2_VERSION))
        server.receive(client.takeOutput())
        client.receive(TamperedFlight.replacing(chain: [], in: server.takeOutput()))
        let seen = client.observation(profile: .full)
        #expect(seen.showedNoCertificate && seen.chain.isEmpty)
        #expect(seen.outcome == .badRecord, "\(seen.detail ?? "")")
        #expect(seen.version == .tls12)
    }
}
