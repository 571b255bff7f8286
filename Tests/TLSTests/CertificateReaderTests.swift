// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing
import Verdicts

@testable import TLS

@Suite struct CertificateReaderTests {
    @Test func everythingAGoodCertificateSays() throws {
        let authority = try TestCertificate(.authority("Test CA"))
        var fields = TestCertificateFields()
        fields.subject = [
            ("C", "DE"), ("O", "Müller, Söhne"), ("emailAddress", "a@b.example"), ("SN", "Doe"), ("GN", "J"),
        ]
        fields.extensions = [
            ("subjectAltName", "DNS:MX.Example,DNS:*.xn--bcher-kva.example,IP:192.0.2.1,email:x@y.example"),
            ("authorityInfoAccess", "OCSP;URI:http://ocsp.example"),
        ]
        fields.serial = 0xABCD
        let certificate = try TestCertificate(fields, issuer: authority)
        let facts = try #require(CertificateReader.read(certificate.der))
        #expect(facts.subjectCN == "mx.example")
        #expect(facts.subjectDN == "CN=mx.example,O=Müller\\, Söhne,C=DE")
        #expect(facts.issuerDN == "CN=Test CA")
        #expect(facts.serial == "abcd")
        #expect(facts.notBefore?.description == "2025-01-01T00:00:00Z")
        #expect(facts.notAfter?.description == "2026-01-01T00:00:00Z")
        #expect(facts.keyType == .ec)
        #expect(facts.keyBits == 256)
        #expect(facts.curve == "secp256r1")
        #expect(facts.signatureAlgorithm == "ecdsa-with-SHA256")
        #expect(facts.sanDNS == ["mx.example", "*.xn--bcher-kva.example"])
        #expect(facts.sanCount == 4)
        #expect(!facts.isCA)
        #expect(!facts.isSelfSigned)
        #expect(facts.sctCount == 0)
        #expect(facts.hasOCSPURL)
    }

    @Test func anAuthority() throws {
        let facts = try #require(CertificateReader.read(TestCertificate(.authority("Root"), key: .rsa(2048)).der))
        #expect(facts.isCA)
        #expect(facts.isSelfSigned)
        #expect(facts.keyType == .rsa)
        #expect(facts.keyBits == 2048)
        #expect(facts.curve == nil)
        #expect(facts.signatureAlgorithm == "sha256WithRSAEncryption")
        #expect(facts.sanCount == 0)
        #expect(!facts.hasOCSPURL)
    }

    /// What OpenSSL's own command says about the same bytes.
    @Test func digestsAgreeWithThePeer() throws {
        let certificate = try TestCertificate(key: .ed25519)
        let facts = try #require(CertificateReader.read(certificate.der))
        let file = try TemporaryFile(certificate.pem)
        let print = try OpenSSLCommand.run(["x509", "-in", file.path, "-noout", "-fingerprint", "-sha256"])
        let expected = print.split(separator: "=").last.map { $0.filter { $0.isHexDigit }.lowercased() }
        #expect(facts.sha256 == expected)
        #expect(facts.keyType == .ed25519)
        #expect(facts.signatureAlgorithm == "ED25519")
        let key = try OpenSSLCommand.run(["x509", "-in", file.path, "-noout", "-pubkey"])
        let keyFile = try TemporaryFile(key)
        let digest = try OpenSSLCommand.run(
            ["pkey", "-pubin", "-in", keyFile.path, "-outform", "DER"], then: ["dgst", "-sha256", "-r"])
        #expect(digest.hasPrefix(facts.spkiSHA256) && facts.spkiSHA256.count == 64)
    }

    @Test func selfIssuedIsNotSelfSigned() throws {
        let one = try TestCertificate(.authority("Same"))
        let other = try TestCertificate(.authority("Same"), issuer: one)
        #expect(CertificateReader.read(one.der)?.isSelfSigned == true)
        #expect(CertificateReader.read(other.der)?.isSelfSigned == false)
    }

    @Test func emailAddressIsNoName() throws {
        var fields = TestCertificateFields()
        fields.commonName = "postmaster@example.org"
        let facts = try #require(CertificateReader.read(TestCertificate(fields).der))
        #expect(facts.subjectCN == nil)
        #expect(facts.subjectDN.isEmpty)
    }

    @Test func everyCommonName() throws {
        var fields = TestCertificateFields()
        fields.subject = [("CN", "mx.example"), ("CN", "postmaster@example.org")]
        fields.commonName = "zzz"
        fields.extensions = []
        let facts = try #require(CertificateReader.read(TestCertificate(fields).der))
        #expect(facts.subjectCN == "zzz")
        #expect(facts.hostCNs == ["mx.example", "zzz"])
    }

    /// Names that cannot be read are not absent: the common name does not stand in for them.
    @Test(arguments: [
        [("2.5.29.17", "DER:040100")], [("subjectAltName", "DNS:mx.example"), ("subjectAltName", "DNS:mx.example")],
    ])
    func namesThatCannotBeRead(_ extensions: [(String, String)]) throws {
        var fields = TestCertificateFields()
        fields.extensions = extensions
        let facts = try #require(CertificateReader.read(TestCertificate(fields).der))
        #expect(facts.sanCount == nil && facts.sanDNS.isEmpty && facts.hostCNs.isEmpty)
        #expect(facts.subjectCN == "mx.example")
        #expect(NameVerdict.match(facts, reference: try DomainName("mx.example")) == .noNames)
    }

    @Test func bytesThatAreNoCertificate() throws {
        let der = try TestCertificate().der
        #expect(CertificateReader.read([]) == nil)
        #expect(CertificateReader.read([0x30, 0x82]) == nil)
        #expect(CertificateReader.read(der + [0]) == nil)
        for end in stride(from: 0, to: der.count, by: 13) { #expect(CertificateReader.read(Array(der[..<end])) == nil) }
    }

    @Test func anyByteMayBeWrong() throws {
        let der = try TestCertificate().der
        for index in der.indices {
            var changed = der
            changed[index] ^= 0xFF
            // Whatever it says then, reading it comes to an end; no octet outside printable ASCII leaves a DNS name.
            let names = CertificateReader.read(changed)?.sanDNS ?? []
            #expect(names.allSatisfy { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
        }
    }
}
