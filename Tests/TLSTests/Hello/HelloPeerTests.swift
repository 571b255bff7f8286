// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations
import Testing

@testable import TLS

/// The hellos before a server that is not ours: OpenSSL, restricted to what each test says.
@Suite struct HelloPeerTests {
    let rsa: TestCertificate
    let ecdsa: TestCertificate

    init() throws {
        rsa = try TestCertificate(.init(), key: .rsa(2048))
        ecdsa = try TestCertificate(.init(), key: .ec("P-256"))
    }

    private func ask(
        _ profile: HelloProfile, _ certificate: TestCertificate, _ options: LoopbackServer.Options = .init(),
        suites: [CipherSuite]? = nil, _ segmentation: Segmentation = .whole
    ) throws -> TLSProbeObservation {
        let name = try DomainName("mx.example.")
        let offer = try #require(ClientHello(profile: profile, serverName: name, seed: .fixed, suites: suites))
        let server = try LoopbackServer(certificate, options: options)
        server.receive(offer.record)
        let reader = readAnswer(server.takeOutput(), profile.depth, segmentation)
        if profile != .deepSSL3 { #expect(server.serverName == "mx.example" || server.failed) }
        return TLSProbeObservation(profile: profile, offer: offer, reader: reader, ending: .endOfStream)
    }

    /// A server whose only key is of a kind that hardly anybody has still speaks the versions that it speaks.
    @Test(arguments: [TestKey.Kind.dsa, .ec("P-224"), .ec("P-192"), .ec("brainpoolP256r1"), .ec("secp256k1")])
    func `Keys that are rare`(kind: TestKey.Kind) throws {
        let certificate = try TestCertificate(key: kind)
        for (profile, number) in [
            (HelloProfile.tls12, TLS1_2_VERSION), (.tls11, TLS1_1_VERSION), (.tls10, TLS1_VERSION),
            (.legacy, TLS1_1_VERSION),
        ] {
            var options = LoopbackServer.Options(version: number...number)
            if case .ec(let curve) = kind { options.groups = "P-256:\(curve)" }
            #expect(try ask(profile, certificate, options).outcome == .ok, "\(profile)")
        }
    }

    private static let versions: [(TLSVersion, Int32)] = [
        (.tls10, TLS1_VERSION), (.tls11, TLS1_1_VERSION), (.tls12, TLS1_2_VERSION), (.tls13, TLS1_3_VERSION),
    ]

    @Test(arguments: Segmentation.allCases)
    func `Each version alone is told from the others`(segmentation: Segmentation) throws {
        for (version, number) in Self.versions {
            let options = LoopbackServer.Options(version: number...number)
            for (profile, asked) in [(HelloProfile.tls12, TLSVersion.tls12), (.tls11, .tls11), (.tls10, .tls10)] {
                for certificate in [rsa, ecdsa] {
                    let seen = try ask(profile, certificate, options, segmentation)
                    #expect((seen.outcome == .ok) == (version == asked), "\(profile) before \(version): \(seen)")
                    if version > asked { #expect(seen.outcome == .alertProtocolVersion && seen.alert == 70) }
                    if version < asked { #expect(seen.version == version && seen.alert == nil) }
                }
            }
            let legacy = try ask(.legacy, rsa, options, segmentation)
            #expect((legacy.outcome == .ok) == (version < .tls12))
            #expect(legacy.version == (version < .tls12 ? version : nil))
        }
    }

    @Test func `A server of all versions`() throws {
        #expect(try ask(.tls12, rsa).version == .tls12)
        #expect(try ask(.legacy, rsa).version == .tls11)
        #expect(try ask(.tls10, rsa).version == .tls10)
        let seen = try ask(.tls12, ecdsa)
        #expect(seen.cipher?.hasPrefix("TLS_ECDHE_ECDSA_") == true)
        #expect(seen.group == "x25519" && seen.signatureScheme == "ecdsa_secp256r1_sha256")
        #expect(seen.extendedMasterSecret == true && seen.secureRenegotiation == true && seen.sessionTicket == true)
    }

    @Test func `OpenSSL 3.0 knows no X25519MLKEM768 and no SSLv3, and says so`() throws {
        try #require(OPENSSL_version_major() == 3 && OPENSSL_version_minor() < 5, "a newer library knows the group")
        let seen = try ask(.pq, rsa)
        #expect(seen.outcome == .alertHandshakeFailure && seen.alert == 40)
        #expect(try ask(.deepSSL3, rsa).outcome != .ok)
    }

    @Test func `Group by group, in TLS 1.3 and 1.2`() throws {
        for (number, library) in [(0x1D as UInt16, "X25519"), (0x17, "P-256"), (0x18, "P-384"), (0x1E, "X448")] {
            for (version, wire) in Self.versions.suffix(2) {
                let options = LoopbackServer.Options(version: wire...wire, groups: library)
                let yes = try ask(.deepGroup(number), rsa, options)
                #expect(yes.outcome == .ok && yes.version == version)
                #expect(yes.group == NamedGroup(rawValue: number).name)
                #expect(yes.helloRetryRequest == (version == .tls13))
                let no = try ask(.deepGroup(0x19), rsa, options)
                #expect(no.outcome == .alertHandshakeFailure && no.alert == 40)
            }
        }
        let finite = LoopbackServer.Options(version: TLS1_3_VERSION...TLS1_3_VERSION, groups: "ffdhe3072")
        #expect(try ask(.deepGroup(0x101), rsa, finite).group == "ffdhe3072")
    }

    @Test func `RSA and ECDSA certificates, each to those who ask for it`() throws {
        #expect(try ask(.deepRSA, rsa).chain == [rsa.der])
        #expect(try ask(.deepECDSA, ecdsa).chain == [ecdsa.der])
        #expect(try ask(.deepECDSA, rsa).outcome == .alertHandshakeFailure)
        #expect(try ask(.deepRSA, ecdsa).outcome == .alertHandshakeFailure)
    }

    @Test func `A server's suites, as its configuration has them`() throws {
        var options = LoopbackServer.Options(version: TLS1_2_VERSION...TLS1_2_VERSION)
        options.ciphers = "AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384:NULL-SHA256:@SECLEVEL=0"
        var enumeration = SuiteEnumeration(version: .tls12)
        while let offer = enumeration.offer {
            let seen = try ask(.deepSuites(.tls12), rsa, options, suites: offer)
            #expect(seen.outcome == .ok || seen.outcome == .alertHandshakeFailure)
            enumeration.record(seen.outcome == .ok ? CipherSuite.named.first { $0.name == seen.cipher } : nil)
        }
        #expect(
            Set(enumeration.accepted.map(\.name)) == [
                "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_NULL_SHA256",
            ])
        // OpenSSL follows the client unless it is told otherwise.
        #expect(enumeration.serverPreference == false)
    }
}
