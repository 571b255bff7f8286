// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations
import Testing
import Verdicts

@testable import TLS

/// Every case is put to the library's own DANE as well, which is what Postfix and Exim deliver by: they must agree
/// whether the host is authenticated, but for chains in which a name stands for two certificates.
@Suite struct DANEDifferentialTests {
    let world: DANEWorld
    init() throws { world = try DANEWorld() }

    private func check(
        _ chain: [TestCertificate], _ records: [TLSARecord], name: String = "mx.example",
        at moment: String = "2025-06-01T12:00:00Z", _ expected: DANEOutcome, matched: [Int] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let moment = try #require(Timestamp(rfc3339: moment))
        let records = records.map { $0.readingFullData() }
        let facts = try DANEChain.facts(chain: chain.map(\.der), records: records, known: world.known)
        let name = try DomainName(name)
        let verdict = DANEVerdict.judge(
            records: records, chain: facts, names: DANEReferenceNames(base: name, mxHost: name), at: moment)
        #expect(verdict.outcome == expected, sourceLocation: sourceLocation)
        #expect(verdict.matched == matched, sourceLocation: sourceLocation)
        let peer = try LibraryDANE.authenticates(chain, records, name: name.description, at: moment)
        #expect(
            peer.isAuthenticated == [.matchEE, .matchTA].contains(verdict.outcome), "OpenSSL: \(peer.reason)",
            sourceLocation: sourceLocation)
    }

    @Test func hostRecords() throws {
        let chain = [world.leaf, world.intermediate]
        for (selector, matchingType) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
            let right = world.record(3, selector, matchingType, world.leaf)
            let wrong = world.record(3, selector, matchingType, world.intermediate)
            try check(chain, [right], .matchEE, matched: [0])
            try check(chain, [wrong], .mismatch)
            try check(chain, [wrong, right], .matchEE, matched: [1])
            try check([world.leaf], [right], name: "elsewhere.example", at: "2030-01-01", .matchEE, matched: [0])
        }
        try check([world.selfSigned], [world.record(3, 1, 1, world.selfSigned)], .matchEE, matched: [0])
    }

    @Test func digestAgility() throws {
        let chain = [world.leaf, world.intermediate]
        let weak = world.record(3, 1, 1, world.leaf)
        let strong = world.record(3, 1, 2, world.leaf)
        let other = world.record(3, 1, 2, world.other)
        try check(chain, [weak, other], .mismatch)
        try check(chain, [weak, strong], .matchEE, matched: [1])
        try check(chain, [world.record(3, 1, 1, world.other), strong], .matchEE, matched: [1])
        try check(chain, [world.record(3, 0, 1, world.leaf), other], .matchEE, matched: [0])
        try check(chain, [world.record(3, 1, 0, world.leaf), other], .matchEE, matched: [0])
        try check(chain, [weak, other, strong], .matchEE, matched: [2])
        try check(chain, [weak, world.cut(other)], .matchEE, matched: [0])
        try check(
            chain, [world.record(2, 0, 1, world.intermediate), world.record(2, 0, 2, world.other)], .mismatch)
        try check(chain, [world.record(2, 0, 1, world.intermediate), other], .matchTA, matched: [0])
    }

    @Test func sentTrustAnchor() throws {
        let full = [world.leaf, world.intermediate, world.root]
        for (selector, matchingType) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
            for anchor in [world.intermediate, world.root] {
                try check(full, [world.record(2, selector, matchingType, anchor)], .matchTA, matched: [0])
            }
            try check(full, [world.record(2, selector, matchingType, world.leaf)], .mismatch)
            try check(full, [world.record(2, selector, matchingType, world.other)], .mismatch)
        }
        // In any order.
        try check(
            [world.leaf, world.root, world.intermediate], [world.record(2, 0, 1, world.root)], .matchTA, matched: [0])
        // The last certificate of a chain need not be self-signed.
        try check(
            [world.leaf, world.intermediate], [world.record(2, 1, 1, world.intermediate)], .matchTA, matched: [0])
    }

    @Test func trustAnchorThatWasNotSent() throws {
        let digest = world.record(2, 0, 1, world.root)
        try check([world.leaf, world.intermediate], [digest], .taChainAbsentOrExpired)
        try check([world.leaf], [digest], .taChainAbsentOrExpired)
        try check([world.leaf], [world.record(2, 1, 2, world.intermediate)], .taChainAbsentOrExpired)
        // In between one is missing.
        try check([world.leaf, world.root], [digest], .taChainAbsentOrExpired)
        // Sent, but it has not signed anything here.
        try check(
            [world.leaf, world.intermediate, world.other], [world.record(2, 0, 1, world.other)], .taChainAbsentOrExpired
        )
        // Sent twice, the host's certificate is still no anchor.
        try check([world.leaf, world.leaf], [world.record(2, 0, 1, world.leaf)], .mismatch)
    }

    @Test func whoKnowsTheAnchorThatIsMissing() throws {
        let moment = try #require(Timestamp(rfc3339: "2025-06-01T12:00:00Z"))
        let name = try DomainName("mx.example")
        let store = try TrustStore(name: "test", pem: Array((world.root.pem + world.other.pem).utf8))
        func outcome(_ known: KnownAuthorities, about: TestCertificate) throws -> DANEOutcome {
            let records = [world.record(2, 1, 1, about)]
            let facts = try DANEChain.facts(
                chain: [world.leaf, world.intermediate].map(\.der), records: records, known: known)
            let names = DANEReferenceNames(base: name, mxHost: name)
            return DANEVerdict.judge(records: records, chain: facts, names: names, at: moment).outcome
        }
        #expect(try outcome(.none, about: world.root) == .mismatch)
        #expect(try outcome(KnownAuthorities([], roots: store), about: world.root) == .taChainAbsentOrExpired)
        #expect(try outcome(KnownAuthorities([world.root.der]), about: world.root) == .taChainAbsentOrExpired)
        // Known, but it has signed nothing here.
        #expect(try outcome(KnownAuthorities([], roots: store), about: world.other) == .mismatch)
        #expect(try outcome(KnownAuthorities([[1, 2, 3]]), about: world.root) == .mismatch)
    }

    @Test func trustAnchorGivenInFull() throws {
        let root = world.record(2, 0, 0, world.root)
        let rootKey = world.record(2, 1, 0, world.root)
        let intermediateKey = world.record(2, 1, 0, world.intermediate)
        try check([world.leaf, world.intermediate], [root], .matchTA, matched: [0])
        try check([world.leaf, world.intermediate], [rootKey], .matchTA, matched: [0])
        try check([world.leaf], [world.record(2, 0, 0, world.intermediate)], .matchTA, matched: [0])
        try check([world.leaf], [intermediateKey], .matchTA, matched: [0])
        try check([world.leaf], [root], .mismatch)
        try check([world.leaf], [rootKey], .mismatch)
        try check([world.leaf, world.intermediate], [root], name: "elsewhere.example", .taNameMismatch)
        try check([world.leaf, world.intermediate], [rootKey], name: "elsewhere.example", .taNameMismatch)
        try check([world.leaf, world.intermediate], [rootKey], at: "2026-02-01", .taChainAbsentOrExpired)
        try check([world.leaf], [world.record(2, 0, 0, world.leaf)], .mismatch)
        try check([world.leaf], [world.record(2, 1, 0, world.leaf)], .mismatch)
        // Under an anchor that the record gives, it is no matter that the chain does not reach the other one.
        try check(
            [world.leaf, world.root], [world.record(2, 0, 0, world.intermediate), world.record(2, 0, 1, world.root)],
            .matchTA, matched: [0])
    }

    @Test func selfSignedHost() throws {
        let chain = [world.selfSigned]
        for (selector, matchingType) in [(0, 0), (0, 1), (1, 1)] {
            try check(chain, [world.record(2, selector, matchingType, world.selfSigned)], .mismatch)
        }
        // Its key, given in full, has signed it.
        try check(chain, [world.record(2, 1, 0, world.selfSigned)], .matchTA, matched: [0])
    }

    @Test func namesUnderATrustAnchor() throws {
        let anchor = world.record(2, 0, 1, world.intermediate)
        func named(_ extensions: [(String, String)], cn: String...) throws -> [TestCertificate] {
            var fields = TestCertificateFields()
            fields.extensions = extensions
            (fields.subject, fields.commonName) = (cn.map { ("CN", $0) }, nil)
            return [try TestCertificate(fields, issuer: world.intermediate), world.intermediate]
        }
        let exact = try named([("subjectAltName", "DNS:mx.example")], cn: "x")
        try check(exact, [anchor], name: "other.example", .taNameMismatch)
        let wildcard = try named([("subjectAltName", "DNS:*.mail.example")], cn: "x")
        try check(wildcard, [anchor], name: "mx.mail.example", .matchTA, matched: [0])
        try check(wildcard, [anchor], name: "a.mx.mail.example", .taNameMismatch)
        try check(wildcard, [anchor], name: "mail.example", .taNameMismatch)
        let commonName = try named([], cn: "mx.example")
        try check(commonName, [anchor], .matchTA, matched: [0])
        try check(commonName, [anchor], name: "mx2.example", .taNameMismatch)
        try check(named([], cn: "mx.example", "zzz"), [anchor], .matchTA, matched: [0])
        let besides = try named([("subjectAltName", "DNS:other.example")], cn: "mx.example")
        try check(besides, [anchor], .taNameMismatch)
        try check(besides, [anchor, world.record(3, 1, 1, besides[0])], .matchEE, matched: [1])
        let address = try named([("subjectAltName", "IP:192.0.2.1")], cn: "mx.example")
        try check(address, [anchor], .matchTA, matched: [0])
    }

    @Test func datesUnderATrustAnchor() throws {
        let chain = [world.leaf, world.intermediate]
        let anchor = world.record(2, 0, 1, world.intermediate)
        try check(chain, [anchor], at: "2024-12-31T23:59:59Z", .taChainAbsentOrExpired)
        try check(chain, [anchor], at: "2025-01-01T00:00:00Z", .matchTA, matched: [0])
        try check(chain, [anchor], at: "2025-12-31T23:59:59Z", .matchTA, matched: [0])
        try check(chain, [anchor], at: "2026-01-01T00:00:01Z", .taChainAbsentOrExpired)
        var old = TestCertificateFields.authority("Old")
        old.notAfter = Timestamp(rfc3339: "2025-02-01T00:00:00Z")
        let below = try TestCertificate(old, issuer: world.root)
        let leaf = try TestCertificate(issuer: below)
        try check([leaf, below, world.root], [world.record(2, 0, 1, world.root)], .taChainAbsentOrExpired)
        // The anchor's own dates: only those of a self-signed one.
        try check([leaf, below], [world.record(2, 0, 1, below)], .matchTA, matched: [0])
        try check([leaf, below, world.root], [world.record(2, 1, 1, below)], .matchTA, matched: [0])
        try check([leaf], [world.record(2, 0, 0, below)], .matchTA, matched: [0])
        let oldRoot = try TestCertificate(old)
        try check(
            [TestCertificate(issuer: oldRoot), oldRoot], [world.record(2, 0, 1, oldRoot)], .taChainAbsentOrExpired)
        try check([TestCertificate(issuer: oldRoot)], [world.record(2, 0, 0, oldRoot)], .taChainAbsentOrExpired)
        try check([TestCertificate(issuer: oldRoot)], [world.record(2, 1, 0, oldRoot)], .matchTA, matched: [0])
        // A bare key has no dates, and what it has signed is no anchor.
        let keys = [world.record(2, 1, 0, world.intermediate), world.record(2, 1, 0, world.root)]
        try check([world.leaf], [keys[0]], at: "2026-02-01", .taChainAbsentOrExpired)
        try check([leaf, below], [keys[1]], .taChainAbsentOrExpired)
    }

    @Test func pathsThatDoNotHold() throws {
        let root = world.record(2, 0, 1, world.root)
        // Signed by a host's certificate, by a stranger of the same name, for clients only, under a limit.
        var host = TestCertificateFields()
        host.commonName = "No Authority"
        let noAuthority = try TestCertificate(host, issuer: world.root)
        try check([TestCertificate(issuer: noAuthority), noAuthority, world.root], [root], .taChainAbsentOrExpired)
        try check(
            [TestCertificate(issuer: noAuthority), noAuthority], [world.record(2, 0, 1, noAuthority)],
            .taChainAbsentOrExpired)
        let impostor = try TestCertificate(.authority("Test Root"))
        let theirs = try TestCertificate(.authority("Test Intermediate"), issuer: impostor)
        try check([TestCertificate(issuer: theirs), theirs, world.root], [root], .taChainAbsentOrExpired)
        var client = TestCertificateFields()
        client.extensions.append(("extendedKeyUsage", "clientAuth"))
        try check([TestCertificate(client, issuer: world.root), world.root], [root], .taChainAbsentOrExpired)
        var limited = TestCertificateFields.authority("Limited")
        limited.extensions.append(("nameConstraints", "critical,permitted;DNS:elsewhere.example"))
        let authority = try TestCertificate(limited, issuer: world.root)
        try check([TestCertificate(issuer: authority), authority, world.root], [root], .taChainAbsentOrExpired)
        let only = try TestCertificate(.authority("Only Hosts", pathLength: 0), issuer: world.root)
        let tooMany = try TestCertificate(.authority("One Too Many"), issuer: only)
        try check([TestCertificate(issuer: tooMany), tooMany, only, world.root], [root], .taChainAbsentOrExpired)
    }

    @Test func weaknessIsNoFault() throws {
        var sha1 = TestCertificateFields()
        sha1.digest = "SHA1"
        let weak = try TestCertificate(sha1, key: .rsa(1024), issuer: world.intermediate)
        try check([weak, world.intermediate], [world.record(2, 0, 1, world.intermediate)], .matchTA, matched: [0])
        try check([weak, world.intermediate], [world.record(3, 1, 1, weak)], .matchEE, matched: [0])
    }

    @Test func recordsThatCannotBeUsed() throws {
        let chain = [world.leaf, world.intermediate]
        let right = world.record(3, 1, 1, world.leaf)
        let junk = TLSARecord(certificateUsage: 3, selector: 0, matchingType: 0, associationData: [0x30, 0x00])
        #expect(junk.readingFullData().usability == .unparsable)
        try check(chain, [junk], .unusable)
        try check(chain, [world.cut(right)], .unusable)
        try check(chain, [world.cut(right), junk, right], .matchEE, matched: [2])
        try check(chain, [world.cut(right), world.record(3, 1, 1, world.other)], .mismatch)
        for selector in 0...1 {
            let full = world.record(2, selector, 0, world.root)
            #expect(full.readingFullData().usability == .usable)
            let longer = TLSARecord(
                certificateUsage: 2, selector: selector, matchingType: 0, associationData: full.associationData + [0])
            try check(chain, [longer], .unusable)
            try check(chain, [world.cut(full)], .unusable)
        }
    }

    @Test func everyPairOfRecords() throws {
        let all = [world.leaf, world.intermediate, world.root, world.other]
        let records = (2...3).flatMap { usage in
            [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)].flatMap { selector, matchingType in
                all.map { world.record(usage, selector, matchingType, $0) }
            }
        }
        for (place, first) in records.enumerated() {
            for second in records[place...] { try compare([world.leaf, world.intermediate], [first, second]) }
        }
    }

    /// The root is signed by an older one as well, as new roots are, and the intermediate has been renewed with its key.
    @Test func chainsInDisorder() throws {
        let older = try TestCertificate(.authority("Older Root"))
        let cross = try TestCertificate(.authority("Test Root"), sharing: world.root.key, issuer: older)
        var renewal = TestCertificateFields.authority("Test Intermediate")
        renewal.serial = 0x4321
        let renewed = try TestCertificate(renewal, sharing: world.intermediate.key, issuer: world.root)
        let above = [world.intermediate, renewed, world.root, cross, older, world.other]
        let chains = above.flatMap { first in
            [[first]] + above.flatMap { second in [[first, second]] + above.map { [first, second, $0] } }
        }
        for (number, chain) in chains.enumerated() {
            // Each chain meets the records about one certificate; each certificate, many chains.
            for (selector, matchingType) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let about = above[(number + number / above.count) % above.count]
                try compare([world.leaf] + chain, [world.record(2, selector, matchingType, about)])
            }
        }
    }

    private func compare(_ chain: [TestCertificate], _ records: [TLSARecord]) throws {
        let moment = try #require(Timestamp(rfc3339: "2025-06-01T12:00:00Z"))
        let name = try DomainName("mx.example")
        let facts = try DANEChain.facts(chain: chain.map(\.der), records: records)
        let verdict = DANEVerdict.judge(
            records: records, chain: facts, names: DANEReferenceNames(base: name, mxHost: name), at: moment)
        let peer = try LibraryDANE.authenticates(chain, records, name: "mx.example", at: moment)
        guard peer.isAuthenticated == verdict.matched.isEmpty else { return }
        // Of two certificates with one name the library tries a single one, and so may miss a path that there is.
        let isAmbiguous = chain.contains { one in
            chain.contains { other in
                X509_cmp(one.handle, other.handle) != 0
                    && X509_NAME_cmp(X509_get_subject_name(one.handle), X509_get_subject_name(other.handle)) == 0
            }
        }
        if isAmbiguous, !peer.isAuthenticated { return }
        let subjects = chain.compactMap { CertificateReader.read($0.der)?.subjectDN }
        Issue.record("\(subjects) \(records): \(verdict.outcome), OpenSSL: \(peer.reason)")
    }
}
