// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations
import Testing

@testable import TLS

/// Certificates that no honest server has are put to the divided library and to the whole one: what is recorded, down to
/// the words of a refusal, must be the same, and so must all that is read from the chain afterwards.
@Suite struct LeanLibraryOddKeysTests {
    let authority: TestCertificate

    init() throws {
        authority = try TestCertificate(.authority("Test CA"))
    }

    private func observe(_ decoders: TLSContext.Decoders, shown chain: [[UInt8]]) throws -> TLSProbeObservation {
        let server = try LoopbackServer(
            TestCertificate(issuer: authority), options: .init(version: TLS1_2_VERSION...TLS1_2_VERSION))
        let client = try TLSConnection(context: TLSContext(decoders: decoders), serverName: nil)
        client.start()
        server.receive(client.takeOutput())
        client.receive(TamperedFlight.replacing(chain: chain, in: server.takeOutput()))
        var seen = client.observation(profile: .full)
        // The server signs with its own key, by chance in numbers that are out of range for the shown one.
        if seen.alert == Int(TLS1_AD_DECRYPT_ERROR) { seen.detail = nil }
        return seen
    }

    /// - Returns: what both saw.
    @discardableResult
    private func agree(on chain: [[UInt8]], sourceLocation: SourceLocation = #_sourceLocation) throws
        -> TLSProbeObservation
    {
        let whole = try observe(.all, shown: chain)
        let lean = try observe(.lean, shown: chain)
        #expect(lean == whole, sourceLocation: sourceLocation)
        #expect(whole.chain == chain, sourceLocation: sourceLocation)
        #expect(
            lean.chain.map(CertificateReader.read) == whole.chain.map(CertificateReader.read),
            sourceLocation: sourceLocation)
        return whole
    }

    @Test(arguments: ["X25519", "X448", "DH", "SM2"])
    func keysThatSignNothingInTLS(_ name: String) throws {
        let strange = try TestCertificate(key: .foreign(name), issuer: authority)
        let seen = try agree(on: [strange.der, authority.der])
        #expect(seen.outcome == .clientPolicy)
        #expect(seen.alert == Int(SSL3_AD_ILLEGAL_PARAMETER))
    }

    /// Every curve that the library has, those of no TLS group among them.
    @Test func everyCurve() throws {
        let count = EC_get_builtin_curves(nil, 0)
        var curves = [EC_builtin_curve](repeating: EC_builtin_curve(), count: count)
        EC_get_builtin_curves(&curves, count)
        var tried = 0
        for curve in curves {
            // A few curves of IPsec have no generator of the size that keys want.
            guard let name = OBJ_nid2sn(curve.nid).map({ String(cString: $0) }),
                let certificate = try? TestCertificate(key: .ec(name), issuer: authority)
            else { continue }
            try agree(on: [certificate.der])
            tried += 1
        }
        #expect(tried > 60)
    }

    @Test(arguments: [512, 1024, 1536, 4096])
    func rsaOfEverySize(_ bits: Int) throws {
        try agree(on: [TestCertificate(key: .rsa(bits), issuer: authority).der])
        guard bits >= 1024 else { return }
        try agree(on: [TestCertificate(key: .rsaPSS(bits), issuer: authority).der])
    }

    @Test(arguments: [TestKey.Kind.rsa(2048), .ec("P-256"), .ed25519, .dsa])
    func keysWithAnyOctetDamaged(_ kind: TestKey.Kind) throws {
        let certificate = try TestCertificate(key: kind, issuer: authority)
        let whole = certificate.der
        let key = Self.publicKey(of: certificate)
        let start = try #require(whole.indices.first { whole[$0...].starts(with: key) })
        // Each octet of the headers, and now and then one of the numbers behind them.
        for place in 0..<key.count where place < 48 || place % 29 == 0 {
            var damaged = whole
            damaged[start + place] ^= 0x15
            try agree(on: [damaged])
        }
    }

    @Test func noCertificateAtAll() throws {
        try agree(on: [])
        try agree(on: [[0x30, 0x00]])
        try agree(on: [TestCertificate().der + [0]])
        try agree(on: [TestCertificate().der, [0x30, 0x03, 0x02, 0x01, 0x01]])
    }

    private static func publicKey(of certificate: TestCertificate) -> [UInt8] {
        var der: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.handle), &der)
        defer { CRYPTO_free(der, #fileID, #line) }
        return Array(UnsafeBufferPointer(start: der, count: Int(max(0, count))))
    }
}
