// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations
import Testing

@testable import TLS

/// The divided library must show the same as the whole one, whatever a server has: each kind of key, of suite and of
/// group is put to both.
@Suite struct LeanLibraryTests {
    let lean: TLSContext
    let whole: TLSContext

    init() throws {
        lean = try TLSContext(decoders: .lean)
        whole = try TLSContext(decoders: .all)
    }

    private func observe(
        _ context: TLSContext, _ certificate: TestCertificate, _ chain: [TestCertificate],
        _ options: LoopbackServer.Options
    ) throws -> TLSProbeObservation {
        let server = try LoopbackServer(certificate, chain: chain, options: options)
        let client = try TLSConnection(context: context, serverName: nil)
        client.start()
        converse(client, server)
        if server.isEstablished {
            server.send([1, 2, 3])
            converse(client, server)
            #expect(client.takePlaintext() == [1, 2, 3])
        }
        return client.observation(profile: .full)
    }

    private func agree(
        _ certificate: TestCertificate, chain: [TestCertificate] = [], _ options: LoopbackServer.Options,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let seen = try observe(whole, certificate, chain, options)
        #expect(seen.outcome == .ok, "\(options): \(seen.detail ?? "")", sourceLocation: sourceLocation)
        let leanlySeen = try observe(lean, certificate, chain, options)
        #expect(leanlySeen == seen, sourceLocation: sourceLocation)
    }

    @Test func theLibraryCanBeDivided() {
        #expect(LeanLibrary.context != nil)
    }

    @Test(arguments: [
        TestKey.Kind.rsa(2048), .rsaPSS(2048), .ec("P-256"), .ec("P-384"), .ec("P-521"), .ec("brainpoolP256r1"),
        .ec("secp256k1"), .ed25519, .ed448, .dsa,
    ])
    func everyKindOfKey(_ kind: TestKey.Kind) throws {
        let certificate = try TestCertificate(key: kind)
        try agree(certificate, .init(version: TLS1_2_VERSION...TLS1_2_VERSION))
        // TLS 1.3 has no DSA, and no ECDSA on these curves (RFC 8446 §4.2.3).
        guard ![.dsa, .ec("brainpoolP256r1"), .ec("secp256k1")].contains(kind) else { return }
        try agree(certificate, .init(version: TLS1_3_VERSION...TLS1_3_VERSION))
    }

    @Test(arguments: [TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION])
    func everyKindOfSuite(_ version: Int32) throws {
        let certificate = try TestCertificate(key: .rsa(2048))
        for suite in ["AES128-SHA", "ECDHE-RSA-AES256-SHA", "DHE-RSA-AES128-SHA", "CAMELLIA128-SHA"] {
            try agree(certificate, .init(version: version...version, ciphers: "\(suite):@SECLEVEL=0"))
        }
        guard version == TLS1_2_VERSION else { return }
        for suite in [
            "AES128-SHA256", "AES128-GCM-SHA256", "AES256-CCM", "ECDHE-RSA-CHACHA20-POLY1305",
            "ECDHE-RSA-AES256-SHA384",
            "DHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CAMELLIA128-SHA256",
        ] {
            try agree(certificate, .init(version: version...version, ciphers: "\(suite):@SECLEVEL=0"))
        }
    }

    @Test(arguments: ["X25519", "X448", "P-256", "P-384", "P-521", "ffdhe2048"])
    func everyGroup(_ group: String) throws {
        try agree(TestCertificate(), .init(version: TLS1_3_VERSION...TLS1_3_VERSION, groups: group))
    }

    @Test func authoritiesOfEveryKind() throws {
        let kinds: [TestKey.Kind] = [.rsa(2048), .rsaPSS(2048), .dsa, .ed448, .ec("brainpoolP256r1")]
        let chain = try kinds.map { try TestCertificate(.authority("\($0)"), key: $0) }
        try agree(TestCertificate(), chain: chain, .init())
    }

    /// An authority whose key no handshake needs to read must not break one.
    @Test func keysThatTheDividedLibraryCannotRead() throws {
        let strange = try TestCertificate(.authority("Key exchange key"), key: .ec("SM2"))
        try agree(TestCertificate(), chain: [strange], .init(version: TLS1_3_VERSION...TLS1_3_VERSION))
    }
}
