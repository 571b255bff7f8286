// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import TLS

/// A root, an intermediate, and host certificates that go wrong in one way each. Every case is also put to
/// `openssl verify`, which must agree whether the chain is good, and name a reason that we list.
@Suite struct ChainVerifierTests {
    let root: TestCertificate
    let intermediate: TestCertificate
    let store: TrustStore
    let noon: Timestamp

    init() throws {
        root = try TestCertificate(.authority("Test Root"))
        intermediate = try TestCertificate(.authority("Test Intermediate"), issuer: root)
        store = try TrustStore(name: "test", pem: Array(root.pem.utf8))
        noon = try #require(Timestamp(rfc3339: "2025-06-01T12:00:00Z"))
    }

    private func check(
        _ chain: [TestCertificate], roots: [TestCertificate]? = nil, at moment: String = "2025-06-01T12:00:00Z",
        _ expected: [(VerifyCode, Int)], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let moment = try #require(Timestamp(rfc3339: moment))
        let roots = roots ?? [root]
        let pem = roots.map(\.pem).joined()
        let store = try TrustStore(name: "test", pem: Array(pem.utf8))
        let facts = try ChainVerifier.facts(chain: chain.map(\.der), store: store, at: moment)
        #expect(
            facts.findings.map { "\($0.code.rawValue) \($0.depth)" } == expected.map { "\($0.0.rawValue) \($0.1)" },
            sourceLocation: sourceLocation)
        #expect((facts.anchor != nil) || !expected.isEmpty, sourceLocation: sourceLocation)
        #expect(facts.path.first?.sha256 == facts.presented.first, sourceLocation: sourceLocation)

        let said = try OpenSSLVerify(chain, roots: roots, at: moment)
        #expect(said.isValid == expected.isEmpty, "\(said.text)", sourceLocation: sourceLocation)
        #expect(
            said.numbers.allSatisfy { number in facts.findings.contains { $0.number == number } }, "\(said.text)",
            sourceLocation: sourceLocation)
    }

    @Test func goodChains() throws {
        try check([TestCertificate(issuer: intermediate), intermediate], [])
        try check([TestCertificate(issuer: intermediate), intermediate, root], [])
        try check([TestCertificate(issuer: root)], [])
        // In any order, and with certificates that do not belong to the path.
        let other = try TestCertificate(.authority("Somebody"))
        try check([TestCertificate(issuer: intermediate), other, root, intermediate], [])
    }

    @Test func pathAndAnchor() throws {
        let leaf = try TestCertificate(issuer: intermediate)
        let facts = try ChainVerifier.facts(chain: [leaf, intermediate].map(\.der), store: store, at: noon)
        let digests = [leaf, intermediate, root].compactMap { CertificateReader.read($0.der)?.sha256 }
        #expect(facts.presented == Array(digests.prefix(2)))
        #expect(facts.path.map(\.sha256) == digests)
        #expect(facts.path.map(\.isSelfSigned) == [false, false, true])
        #expect(facts.path[0].notAfter?.description == "2026-01-01T00:00:00Z")
        #expect(facts.anchor == digests[2])
    }

    @Test func selfSigned() throws {
        try check([TestCertificate()], [(.depthZeroSelfSignedCert, 0)])
        let ownRoot = try TestCertificate(.authority("Own Root"))
        try check([TestCertificate(issuer: ownRoot), ownRoot], [(.selfSignedCertInChain, 1)])
        let leaf = try TestCertificate()
        try check([leaf], roots: [leaf], [])
    }

    @Test func selfSignedByNameOnly() throws {
        let key = try TestCertificate().key
        var fields = TestCertificateFields()
        fields.commonName = "Imposter"
        let signer = try TestCertificate(fields)
        let imposter = try TestCertificate(fields, sharing: key, issuer: signer)
        let facts = try ChainVerifier.facts(chain: [imposter.der], store: store, at: noon)
        #expect(facts.findings.contains { $0.code == .certSignatureFailure })
    }

    @Test func issuerUnknown() throws {
        let unknown = try TestCertificate(.authority("Unknown Root"))
        try check(
            [TestCertificate(issuer: unknown)], [(.unableToGetIssuerCertLocally, 0), (.unableToVerifyLeafSignature, 0)])
        let below = try TestCertificate(.authority("Unknown Intermediate"), issuer: unknown)
        try check([TestCertificate(issuer: below), below], [(.unableToGetIssuerCertLocally, 1)])
    }

    @Test func forgottenIntermediate() throws {
        let leaf = try TestCertificate(issuer: intermediate)
        try check([leaf], [(.unableToGetIssuerCertLocally, 0), (.unableToVerifyLeafSignature, 0)])
    }

    @Test func dates() throws {
        let leaf = try TestCertificate(issuer: intermediate)
        try check([leaf, intermediate], at: "2026-01-01T00:00:01Z", [(.certHasExpired, 0)])
        // RFC 5280 §4.1.2.5 includes the last second; OpenSSL does not.
        try check([leaf, intermediate], at: "2025-12-31T23:59:59Z", [])
        try check([leaf, intermediate], at: "2025-01-01T00:00:00Z", [])
        var late = TestCertificateFields()
        late.notBefore = Timestamp(rfc3339: "2025-07-01T00:00:00Z")
        try check([TestCertificate(late, issuer: intermediate), intermediate], [(.certNotYetValid, 0)])
        var old = TestCertificateFields.authority("Old Intermediate")
        old.notAfter = Timestamp(rfc3339: "2025-02-01T00:00:00Z")
        let oldIssuer = try TestCertificate(old, issuer: root)
        try check([TestCertificate(issuer: oldIssuer), oldIssuer], [(.certHasExpired, 1)])
        try check(
            [TestCertificate()], at: "2027-01-01T00:00:00Z", [(.depthZeroSelfSignedCert, 0), (.certHasExpired, 0)])
    }

    @Test func signatures() throws {
        let leaf = try TestCertificate(issuer: intermediate)
        var damaged = leaf.der
        damaged[damaged.count - 1] ^= 1
        let facts = try ChainVerifier.facts(chain: [damaged, intermediate.der], store: store, at: noon)
        #expect(facts.findings.map(\.code) == [.certSignatureFailure])
        #expect(facts.findings.map(\.depth) == [0])
    }

    @Test func purpose() throws {
        var client = TestCertificateFields()
        client.extensions.append(("extendedKeyUsage", "clientAuth"))
        try check([TestCertificate(client, issuer: root)], [(.invalidPurpose, 0)])
        var server = TestCertificateFields()
        server.extensions.append(("extendedKeyUsage", "serverAuth"))
        try check([TestCertificate(server, issuer: root)], [])
        var host = TestCertificateFields()
        host.commonName = "No Authority"
        let noAuthority = try TestCertificate(host, issuer: root)
        try check(
            [TestCertificate(issuer: noAuthority), noAuthority], [(.invalidCA, 1), (.invalidPurpose, 1)])
    }

    @Test func pathLength() throws {
        let only = try TestCertificate(.authority("Only Hosts", pathLength: 0), issuer: root)
        let tooMany = try TestCertificate(.authority("One Too Many"), issuer: only)
        try check([TestCertificate(issuer: tooMany), tooMany, only], [(.pathLengthExceeded, 2)])
    }

    @Test func nameConstraints() throws {
        var limited = TestCertificateFields.authority("Limited")
        limited.extensions.append(("nameConstraints", "critical,permitted;DNS:elsewhere.example"))
        let authority = try TestCertificate(limited, issuer: root)
        try check([TestCertificate(issuer: authority), authority], [(.permittedViolation, 0)])
    }

    @Test func unknownCriticalExtension() throws {
        var odd = TestCertificateFields()
        odd.extensions.append(("1.3.6.1.4.1.99999.1", "critical,ASN1:UTF8String:what is this"))
        try check([TestCertificate(odd, issuer: root)], [(.unhandledCriticalExtension, 0)])
    }

    @Test func weakness() throws {
        try check([TestCertificate(key: .rsa(1024), issuer: root)], [(.eeKeyTooSmall, 0)])
        var sha1 = TestCertificateFields()
        sha1.digest = "SHA1"
        try check([TestCertificate(sha1, issuer: root)], [(.caMDTooWeak, 0)])
        let weak = try TestCertificate(.authority("Weak Intermediate"), key: .rsa(1024), issuer: root)
        try check([TestCertificate(issuer: weak), weak], [(.caKeyTooSmall, 1)])
        var sha1Root = TestCertificateFields.authority("SHA-1 Root")
        sha1Root.digest = "SHA1"
        let oldRoot = try TestCertificate(sha1Root)
        try check([TestCertificate(issuer: oldRoot)], roots: [oldRoot], [])
    }

    @Test func whatCannotBeRead() throws {
        let leaf = try TestCertificate(issuer: root)
        #expect(try ChainVerifier.facts(chain: [], store: store, at: noon).presented.isEmpty)
        let broken = try ChainVerifier.facts(chain: [[1, 2, 3]], store: store, at: noon)
        #expect(broken.unparsable == [0])
        #expect(broken.presented.count == 1 && broken.presented[0].count == 64)
        #expect(broken.path.isEmpty)
        let second = try ChainVerifier.facts(chain: [leaf.der, []], store: store, at: noon)
        #expect(second.unparsable == [1])
        #expect(second.anchor != nil)
    }

    @Test func anyByteMayBeWrong() throws {
        let leaf = try TestCertificate(issuer: intermediate).der
        for index in leaf.indices {
            var changed = leaf
            changed[index] ^= 0x10
            let facts = try ChainVerifier.facts(chain: [changed, intermediate.der], store: store, at: noon)
            #expect(!facts.findings.isEmpty || !facts.unparsable.isEmpty, "byte \(index)")
        }
    }
}
