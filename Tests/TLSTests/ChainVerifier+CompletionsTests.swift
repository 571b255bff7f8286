// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing
import Verdicts

@testable import TLS

/// Chains that lack a certificate, and scans that have seen some.
@Suite struct ChainVerifierCompletionsTests {
    private let world: ChainWorld
    private let noon: Timestamp

    init() throws {
        world = try ChainWorld()
        noon = try #require(Timestamp(rfc3339: ChainWorld.now))
    }

    private func outcome(
        _ chain: [TestCertificate], seen: [[UInt8]], roots: [TestCertificate]? = nil
    ) throws -> PKIXOutcome {
        let pem = (roots ?? [world.root]).map(\.pem).joined()
        let store = try TrustStore(name: "test", pem: Array(pem.utf8))
        let ders = chain.map(\.der)
        let facts = try ChainVerifier.facts(chain: ders, store: store, at: noon)
        let completions = try ChainVerifier.completions(
            of: facts, chain: ders, with: IntermediatePool(seen), store: store, at: noon)
        return PKIXVerdict.judge(facts, completions: completions).outcome
    }

    /// Makes the second of two certificates anew until its digest is on the wanted side of the first one's.
    private func made(_ isBefore: Bool, _ other: TestCertificate, _ make: () throws -> TestCertificate) throws
        -> TestCertificate
    {
        let digest = ChainDigest.sha256(of: other.der)
        while true {
            let certificate = try make()
            if (ChainDigest.sha256(of: certificate.der) < digest) == isBefore { return certificate }
        }
    }

    @Test func forgottenIntermediate() throws {
        let host = try world.host()
        let unrelated = try TestCertificate(.authority("Unrelated"))
        let seen = [unrelated.der, [1, 2, 3], world.intermediate.der]
        #expect(try outcome([host], seen: seen) == .incompleteChain)
        #expect(try outcome([host], seen: [unrelated.der]) == .unknownCA)
        #expect(try outcome([host, world.intermediate], seen: seen) == .valid)
    }

    @Test func twoForgotten() throws {
        let second = try world.authority("Second", issuer: world.intermediate)
        let host = try world.host(issuer: second)
        #expect(try outcome([host], seen: [world.intermediate.der, second.der]) == .incompleteChain)
        #expect(try outcome([host], seen: [second.der]) == .unknownCA)
        #expect(try outcome([host, second], seen: [world.intermediate.der]) == .incompleteChain)
    }

    @Test func rootOfNobodysTrust() throws {
        let rogue = try TestCertificate(.authority("Rogue"))
        #expect(try outcome([world.host(issuer: rogue)], seen: [rogue.der]) == .unknownCA)
    }

    /// A name is anybody's to take: what the authority never signed lacks nothing that the authority could give.
    @Test(arguments: [true, false])
    func signedBySomebodyOfTheSameName(_ namesItsKey: Bool) throws {
        let imposter = try TestCertificate(.authority("Test Intermediate"))
        let host = try world.host(
            namesItsKey ? [("authorityKeyIdentifier", "keyid")] : [], issuer: imposter)
        #expect(try outcome([host], seen: [world.intermediate.der]) == .unknownCA)
    }

    /// The store holds an intermediate and not what stands above it: no server can mend that.
    @Test func storeWithoutItsRoot() throws {
        let host = try world.host()
        let roots = [world.intermediate]
        #expect(try outcome([host], seen: [world.intermediate.der], roots: roots) == .unknownCA)
        #expect(try outcome([host], seen: [world.intermediate.der, world.root.der], roots: roots) == .unknownCA)
    }

    /// One authority below two roots, one of which nobody knows.
    @Test(arguments: [true, false])
    func crossSigned(_ unknownFirst: Bool) throws {
        let cross = try made(unknownFirst, world.intermediate) { try world.crossSigned().cross }
        let seen = [cross.der, world.intermediate.der]
        #expect(try outcome([world.host()], seen: seen) == .incompleteChain)
        #expect(try outcome([world.host()], seen: [cross.der]) == .unknownCA)
    }

    /// Two authorities of one name, as when the key was changed, and nothing in the host's certificate that tells which.
    @Test(arguments: [true, false])
    func twoKeysOfOneName(_ wrongFirst: Bool) throws {
        let other = try made(wrongFirst, world.intermediate) { try world.authority("Test Intermediate") }
        #expect(try outcome([world.host()], seen: [other.der, world.intermediate.der]) == .incompleteChain)
    }

    @Test func authoritiesThatSignedEachOther() throws {
        let (one, other) = (try TestKey(.ec("P-256")), try TestKey(.ec("P-256")))
        func signed(_ name: String, _ key: TestKey, by issuer: String, _ issuerKey: TestKey) throws -> TestCertificate {
            let authority = try TestCertificate(.authority(issuer), sharing: issuerKey)
            return try TestCertificate(.authority(name), sharing: key, issuer: authority)
        }
        let seen = [try signed("One", one, by: "Other", other), try signed("Other", other, by: "One", one)]
        #expect(try outcome([world.host(issuer: seen[0])], seen: seen.map(\.der)) == .unknownCA)
    }

    /// More strangers of the authority's name than anybody needs: the search ends.
    @Test func searchHasAnEnd() throws {
        let (key, unknown) = (try TestKey(.ec("P-256")), try TestCertificate(.authority("Unknown Root")))
        let crossed = try (0..<300).map { serial in
            var fields = TestCertificateFields.authority("Often Signed")
            fields.serial = serial
            return try TestCertificate(fields, sharing: key, issuer: unknown)
        }
        let host = try world.host(issuer: crossed[0])
        let store = try TrustStore(name: "test", pem: Array(world.root.pem.utf8))
        let facts = try ChainVerifier.facts(chain: [host.der], store: store, at: noon)
        let found = try ChainVerifier.completions(
            of: facts, chain: [host.der], with: IntermediatePool(crossed.map(\.der)), store: store, at: noon)
        #expect(found.count < ChainVerifier.completionLimit)
        #expect(found.allSatisfy { $0.anchor == nil })
    }
}
