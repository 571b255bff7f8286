// SPDX-License-Identifier: Apache-2.0
import FuzzTargets
import Mutations
import Observations
import Testing
import Verdicts

@testable import TLS

/// Good certificates and keys, damaged at random: `Tests/Fuzz/README.md`.
@Suite struct HostileCertificateTests {
    private let root: TestCertificate
    private let certificates: [TestCertificate]

    init() throws {
        let root = try TestCertificate(.authority("Test Root"))
        var rich = TestCertificateFields()
        rich.subject = [("C", "DE"), ("O", "Müller, Söhne"), ("emailAddress", "a@b.example"), ("GN", "J")]
        rich.extensions = [
            ("subjectAltName", "DNS:MX.Example,DNS:*.xn--bcher-kva.example,IP:192.0.2.1,email:x@y.example"),
            ("authorityInfoAccess", "OCSP;URI:http://ocsp.example"), ("extendedKeyUsage", "serverAuth"),
            ("keyUsage", "critical,digitalSignature"),
        ]
        var limited = TestCertificateFields.authority("Limited", pathLength: 3)
        limited.extensions.append(
            ("nameConstraints", "critical,permitted;DNS:example,excluded;IP:192.0.2.0/255.255.255.0"))
        self.root = root
        certificates = [
            try TestCertificate(issuer: root), try TestCertificate(rich, key: .rsa(2048), issuer: root),
            try TestCertificate(key: .rsaPSS(1024)), try TestCertificate(key: .ed25519, issuer: root),
            try TestCertificate(key: .dsa), try TestCertificate(key: .ec("P-521")), root,
            try TestCertificate(limited, issuer: root),
        ]
    }

    private var seeds: [[UInt8]] {
        certificates.map(\.der) + certificates.compactMap { ParsedCertificate(der: $0.der)?.comparable.publicKey }
    }

    @Test func whateverIsShown_TheRulesHold() {
        for violation in FuzzTarget.certificate.run(seeds, rounds: FuzzRounds(500)) { Issue.record("\(violation)") }
    }

    /// The signature is over every octet that says something.
    @Test func noDamagedCertificateIsValid() throws {
        let moment = try #require(Timestamp(rfc3339: "2025-06-01T12:00:00Z"))
        let store = try TrustStore(name: "test", pem: Array(root.pem.utf8))
        func outcome(_ der: [UInt8]) throws -> PKIXOutcome {
            PKIXVerdict.judge(try ChainVerifier.facts(chain: [der], store: store, at: moment)).outcome
        }
        let good = Set([certificates[0], certificates[1], certificates[3]].map(\.der))
        #expect(try good.allSatisfy { try outcome($0) == .valid })
        let rounds = FuzzRounds(500)
        var mutator = Mutator(
            generator: SeededGenerator(seed: rounds.seed), seeds: Array(good).sorted { $0.count < $1.count })
        for _ in 0..<rounds.count {
            let der = mutator.next()
            guard !good.contains(der) else { continue }
            if try outcome(der) == .valid { Issue.record("seed \(rounds.seed): \(Hex.lower(der))") }
        }
    }
}
