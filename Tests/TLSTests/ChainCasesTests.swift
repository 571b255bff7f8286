// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing
import Verdicts

@testable import TLS

/// Chains of every kind, as servers send them: the word is ours, whether the chain is good at all is also asked of
/// `openssl verify`, whose reasons must be among those that we list.
@Suite struct ChainCasesTests {
    @Test(
        arguments: ChainCase.sound + ChainCase.purpose + ChainCase.constraints + ChainCase.dates + ChainCase.weak
            + ChainCase.unreadable)
    func judged(_ one: ChainCase) throws {
        let (chain, roots) = try one.build(try ChainWorld())
        let moment = try #require(Timestamp(rfc3339: ChainWorld.now))
        let store = try TrustStore(name: "test", pem: Array(roots.map(\.pem).joined().utf8))
        let facts = try ChainVerifier.facts(chain: chain.map(\.der), store: store, at: moment)
        let verdict = PKIXVerdict.judge(facts)
        let said = try OpenSSLVerify(chain, roots: roots, at: moment)
        #expect(verdict.outcome == one.expected, "\(verdict.codes) \(said.text)")
        #expect(said.isValid == (one.expected == .valid), "\(verdict.codes) \(said.text)")
        #expect(
            said.numbers.allSatisfy { number in facts.findings.contains { $0.number == number } },
            "\(verdict.codes) \(said.text)")
    }
}

extension ChainCase {
    /// What a client can follow, in whatever disorder.
    static let sound: [ChainCase] = [
        ChainCase("as it should be", .valid) { [try $0.host(), $0.intermediate] },
        ChainCase("the root sent along", .valid) { [try $0.host(), $0.intermediate, $0.root] },
        ChainCase("three intermediates, upside down", .valid) { world in
            let second = try world.authority("Second", issuer: world.intermediate)
            let third = try world.authority("Third", issuer: second)
            return [try world.host(issuer: third), world.intermediate, second, third]
        },
        ChainCase("everything twice", .valid) { world in
            let host = try world.host()
            return [host, host, world.intermediate, world.intermediate, host]
        },
        ChainCase("strangers in between", .valid) { world in
            let stranger = try TestCertificate(.authority("Stranger"))
            return [try world.host(), stranger, try world.host(issuer: stranger), world.intermediate]
        },
        ChainCase("an expired intermediate beside the renewed one", .valid) { world in
            var old = TestCertificateFields.authority("Test Intermediate")
            old.notAfter = Timestamp(rfc3339: "2025-02-01T00:00:00Z")
            let expired = try TestCertificate(old, sharing: world.intermediate.key, issuer: world.root)
            return [try world.host(), expired, world.intermediate]
        },
        ChainCase("cross-signed by a root that nobody trusts", .valid) { world in
            let (cross, unknown) = try world.crossSigned()
            return [try world.host(), world.intermediate, cross, unknown]
        },
        // Another path is there; OpenSSL, and with it most mail senders, follows the first that it is sent.
        ChainCase("the same, with the useless path first", .selfSignedInChain) { world in
            let (cross, unknown) = try world.crossSigned()
            return [try world.host(), cross, unknown, world.intermediate]
        },
        ChainCase("the trusted root, signed by another one that has expired", .valid) { world in
            var old = TestCertificateFields.authority("Expired Root")
            old.notAfter = Timestamp(rfc3339: "2025-02-01T00:00:00Z")
            let expired = try TestCertificate(old)
            let cross = try TestCertificate(.authority("Test Root"), sharing: world.root.key, issuer: expired)
            return [try world.host(), world.intermediate, cross, expired]
        },
        ChainCase("an authority's new key, signed by its old one (RFC 5280 §4.2.1.9: self-issued)", .valid) { world in
            let only = try world.authority("Rolls Over", pathLength: 0)
            let new = try world.authority("Rolls Over", pathLength: 0, issuer: only) {
                $0.extensions.append(("authorityKeyIdentifier", "keyid"))
            }
            return [try world.host(issuer: new), new, only]
        },
        ChainCase("Ed25519", .valid) { [try $0.host(key: .ed25519), $0.intermediate] },
        ChainCase("a version 1 host certificate", .valid) { world in
            [try world.host { ($0.version, $0.extensions) = (0, []) }, world.intermediate]
        },
        ChainCase("no names at all", .valid) { [try $0.host { $0.extensions = [] }, $0.intermediate] },
        ChainCase("an empty list of names", .valid) {
            [try $0.host { $0.extensions = [("2.5.29.17", "DER:3000")] }, $0.intermediate]
        },
        ChainCase("an authority's certificate for a server", .valid) { world in
            let both = [("basicConstraints", "critical,CA:TRUE"), ("keyUsage", "digitalSignature,keyCertSign")]
            return [try world.host(both), world.intermediate]
        },
        ChainCase.trusting("the host's own, trusted", .valid) { _ in
            let own = try TestCertificate()
            return ([own], [own])
        },
        ChainCase("nobody's", .unknownCA) { world in
            [try world.host(issuer: try TestCertificate(.authority("Unknown")))]
        },
        ChainCase("the name of the root, not its key", .signatureBad) { world in
            [try world.host(issuer: try TestCertificate(.authority("Test Root") { $0.extensions.removeLast() }))]
        },
        ChainCase("self-signed, and expired, and weak", .selfSignedLeaf) { _ in
            [try TestCertificate(.changed { $0.notAfter = Timestamp(rfc3339: "2025-02-01") }, key: .rsa(1024))]
        },
        ChainCase("a root of one's own", .selfSignedInChain) { world in
            let own = try TestCertificate(.authority("Own Root"))
            return [try world.host(issuer: own), own]
        },
    ]

    /// What certificates may be used for (RFC 5280 §4.2.1.3, §4.2.1.12).
    static let purpose: [ChainCase] = [
        ChainCase("for servers and clients", .valid) {
            [try $0.host([("extendedKeyUsage", "clientAuth,serverAuth")]), $0.intermediate]
        },
        ChainCase("for clients", .badPurpose) { [try $0.host([("extendedKeyUsage", "clientAuth")]), $0.intermediate] },
        ChainCase("for e-mail", .badPurpose) {
            [try $0.host([("extendedKeyUsage", "emailProtection")]), $0.intermediate]
        },
        ChainCase("for anything, which servers are not named in", .badPurpose) {
            [try $0.host([("extendedKeyUsage", "anyExtendedKeyUsage")]), $0.intermediate]
        },
        ChainCase("a key that signs nothing but lists", .badPurpose) {
            [try $0.host([("keyUsage", "critical,cRLSign")]), $0.intermediate]
        },
        ChainCase("a key that agrees on keys", .valid) {
            [try $0.host([("keyUsage", "critical,keyAgreement")]), $0.intermediate]
        },
        ChainCase("an authority for clients alone", .badPurpose) { world in
            let clients = try world.constrained("Clients Only", "extendedKeyUsage", "clientAuth")
            return [try world.host(issuer: clients), clients]
        },
        ChainCase("an issuer that is no authority", .badPurpose) { world in
            let host = try world.host { $0.commonName = "Host" }
            return [try world.host(issuer: host), host, world.intermediate]
        },
        ChainCase("an issuer that says that it is none", .badPurpose) { world in
            let none = try world.authority("No Authority", [("basicConstraints", "critical,CA:FALSE")])
            return [try world.host(issuer: none), none]
        },
        ChainCase("an authority whose key may not sign certificates", .badPurpose) { world in
            let mute = try world.authority(
                "Mute", [("basicConstraints", "critical,CA:TRUE"), ("keyUsage", "critical,digitalSignature")])
            return [try world.host(issuer: mute), mute]
        },
        ChainCase("a version 1 authority", .badPurpose) { world in
            let old = try world.authority("Version One", []) { $0.version = 0 }
            return [try world.host(issuer: old), old]
        },
        ChainCase("the issuer sent first", .badPurpose) { [$0.intermediate, try $0.host()] },
        ChainCase("for clients, and expired", .badPurpose) { world in
            let host = try world.host([("extendedKeyUsage", "clientAuth")]) {
                $0.notAfter = Timestamp(rfc3339: "2025-02-01")
            }
            return [host, world.intermediate]
        },
        ChainCase("an extension that nobody knows, and that must be known", .badExtension) {
            [try $0.host([("1.3.6.1.4.1.99999.1", "critical,DER:0500")]), $0.intermediate]
        },
        ChainCase("the same, not critical", .valid) {
            [try $0.host([("1.3.6.1.4.1.99999.1", "DER:0500")]), $0.intermediate]
        },
        ChainCase("the same at an authority", .badExtension) { world in
            let odd = try world.constrained("Odd", "1.3.6.1.4.1.99999.1", "critical,DER:0500")
            return [try world.host(issuer: odd), odd]
        },
    ]

    /// Whom an authority may speak for (RFC 5280 §4.2.1.10), and how many stand below it (§4.2.1.9).
    static let constraints: [ChainCase] =
        [
            ("permitted;DNS:example", PKIXOutcome.valid), ("permitted;DNS:mx.example", .valid),
            ("permitted;DNS:elsewhere.example", .nameConstraint), ("excluded;DNS:example", .nameConstraint),
            ("excluded;DNS:elsewhere.example", .valid), ("permitted;IP:192.0.2.0/255.255.255.0", .valid),
            ("permitted;email:elsewhere.example", .valid),
        ].map { constraint, expected in
            ChainCase("names: \(constraint)", expected) { world in
                let limited = try world.constrained("Limited", "nameConstraints", "critical,\(constraint)")
                return [try world.host(issuer: limited), limited]
            }
        } + [
            ChainCase("a common name is a name too", .nameConstraint) { world in
                let limited = try world.constrained("Limited", "nameConstraints", "critical,permitted;DNS:other.test")
                return [try world.host(issuer: limited) { $0.extensions = [] }, limited]
            },
            ChainCase("a wildcard within", .valid) { world in
                let limited = try world.constrained("Limited", "nameConstraints", "critical,permitted;DNS:example")
                let wild = try world.host(issuer: limited) { $0.extensions = [("subjectAltName", "DNS:*.mx.example")] }
                return [wild, limited]
            },
            ChainCase("one address outside", .nameConstraint) { world in
                let limited = try world.constrained(
                    "Limited", "nameConstraints", "critical,permitted;IP:192.0.2.0/255.255.255.0")
                let names = [("subjectAltName", "DNS:mx.example,IP:198.51.100.1")]
                return [try world.host(issuer: limited) { $0.extensions = names }, limited]
            },
            ChainCase("as many as the path may have", .valid) { world in
                let top = try world.authority("Top", pathLength: 1)
                let below = try world.authority("Below", issuer: top)
                return [try world.host(issuer: below), below, top]
            },
            ChainCase("one more", .pathLength) { world in
                let top = try world.authority("Top", pathLength: 0)
                let below = try world.authority("Below", issuer: top)
                return [try world.host(issuer: below), below, top]
            },
            ChainCase.trusting("one more than the root allows", .pathLength) { world in
                let root = try TestCertificate(.authority("Short Root", pathLength: 0))
                let below = try world.authority("Below", issuer: root)
                return ([try world.host(issuer: below), below], [root])
            },
        ]

    /// RFC 5280 §4.1.2.5.
    static let dates: [ChainCase] = [
        ChainCase("expired", .expiredLeaf) {
            [try $0.host { $0.notAfter = Timestamp(rfc3339: "2025-02-01") }, $0.intermediate]
        },
        ChainCase("to come", .notYetValid) {
            [try $0.host { $0.notBefore = Timestamp(rfc3339: "2025-07-01") }, $0.intermediate]
        },
        ChainCase("an expired issuer", .expiredIssuer) { world in
            let old = try world.authority("Old") { $0.notAfter = Timestamp(rfc3339: "2025-02-01") }
            return [try world.host(issuer: old), old]
        },
        ChainCase("an issuer to come", .notYetValid) { world in
            let new = try world.authority("New") { $0.notBefore = Timestamp(rfc3339: "2025-07-01") }
            return [try world.host(issuer: new), new]
        },
        ChainCase("both expired: the host's word", .expiredLeaf) { world in
            let old = try world.authority("Old") { $0.notAfter = Timestamp(rfc3339: "2025-02-01") }
            return [try world.host(issuer: old) { $0.notAfter = Timestamp(rfc3339: "2025-02-01") }, old]
        },
        ChainCase.trusting("an expired root, trusted", .expiredIssuer) { world in
            let old = try TestCertificate(
                .authority("Old Root") { $0.notAfter = Timestamp(rfc3339: "2025-02-01") })
            return ([try world.host(issuer: old)], [old])
        },
        ChainCase("expired, of an unknown authority", .unknownCA) { world in
            let unknown = try TestCertificate(.authority("Unknown"))
            return [try world.host(issuer: unknown) { $0.notAfter = Timestamp(rfc3339: "2025-02-01") }]
        },
        ChainCase("expired and weak", .expiredLeaf) {
            [try $0.host(key: .rsa(1024)) { $0.notAfter = Timestamp(rfc3339: "2025-02-01") }, $0.intermediate]
        },
    ]

    /// OpenSSL's authentication level 2.
    static let weak: [ChainCase] = [
        ChainCase("RSA 1024", .weakKey) { [try $0.host(key: .rsa(1024)), $0.intermediate] },
        ChainCase("RSA 1536", .weakKey) { [try $0.host(key: .rsa(1536)), $0.intermediate] },
        // To the library worth as many bits of security as 2048, which it rounds.
        ChainCase("RSA 2047", .valid) { [try $0.host(key: .rsa(2047)), $0.intermediate] },
        ChainCase("EC 192", .weakKey) { [try $0.host(key: .ec("P-192")), $0.intermediate] },
        ChainCase("EC 224", .valid) { [try $0.host(key: .ec("P-224")), $0.intermediate] },
        ChainCase("RSA 1024, of an unknown authority", .unknownCA) {
            [try $0.host(issuer: try TestCertificate(.authority("Unknown")), key: .rsa(1024))]
        },
        ChainCase("RSA 1024, of a root of one's own", .selfSignedInChain) { world in
            let own = try TestCertificate(.authority("Own Root"))
            return [try world.host(issuer: own, key: .rsa(1024)), own]
        },
        ChainCase("an authority with RSA 1024", .weakKey) { world in
            let weak = try world.authority("Weak", key: .rsa(1024))
            return [try world.host(issuer: weak), weak]
        },
        ChainCase("MD5", .weakSignature) { world in
            let rsa = try world.authority("RSA", key: .rsa(2048))
            return [try world.host(issuer: rsa) { $0.digest = "MD5" }, rsa]
        },
        ChainCase("SHA-1", .weakSignature) { [try $0.host { $0.digest = "SHA1" }, $0.intermediate] },
        ChainCase("SHA-1 at an authority", .weakSignature) { world in
            let old = try world.authority("Old Digest") { $0.digest = "SHA1" }
            return [try world.host(issuer: old), old]
        },
        ChainCase.trusting("SHA-1 at the root, which proves nothing", .valid) { world in
            let old = try TestCertificate(.authority("SHA-1 Root") { $0.digest = "SHA1" })
            return ([try world.host(issuer: old)], [old])
        },
        ChainCase("SHA-1 and RSA 1024: the signature's word", .weakSignature) {
            [try $0.host(key: .rsa(1024)) { $0.digest = "SHA1" }, $0.intermediate]
        },
        ChainCase("SHA-224", .valid) { [try $0.host { $0.digest = "SHA224" }, $0.intermediate] },
    ]
}

extension TestCertificateFields {
    fileprivate static func changed(_ change: (inout TestCertificateFields) -> Void) -> TestCertificateFields {
        var fields = TestCertificateFields()
        change(&fields)
        return fields
    }

    fileprivate static func authority(
        _ name: String, _ change: (inout TestCertificateFields) -> Void
    ) -> TestCertificateFields {
        var fields = authority(name)
        change(&fields)
        return fields
    }
}
