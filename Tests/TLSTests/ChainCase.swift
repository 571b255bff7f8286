// SPDX-License-Identifier: Apache-2.0
import Observations

@testable import TLS

/// A chain that goes wrong, or right, in one way, and the word that it must come to: typed from RFC 5280 and the
/// vocabulary. In the manner of x509-limbo (github.com/C2SP/x509-limbo).
struct ChainCase: Sendable, CustomStringConvertible {
    let description: String
    let expected: PKIXOutcome
    /// The chain as sent and the roots that are trusted.
    let build: @Sendable (ChainWorld) throws -> (chain: [TestCertificate], roots: [TestCertificate])

    /// A chain to the world's own root.
    init(
        _ description: String, _ expected: PKIXOutcome,
        _ chain: @escaping @Sendable (ChainWorld) throws -> [TestCertificate]
    ) {
        self.description = description
        self.expected = expected
        build = { (try chain($0), [$0.root]) }
    }

    private init(
        description: String, expected: PKIXOutcome,
        build: @escaping @Sendable (ChainWorld) throws -> (chain: [TestCertificate], roots: [TestCertificate])
    ) {
        self.description = description
        self.expected = expected
        self.build = build
    }

    /// A chain with the roots that are trusted.
    static func trusting(
        _ description: String, _ expected: PKIXOutcome,
        _ build: @escaping @Sendable (ChainWorld) throws -> (chain: [TestCertificate], roots: [TestCertificate])
    ) -> ChainCase {
        ChainCase(description: description, expected: expected, build: build)
    }
}

/// A root, an intermediate, and short ways to what stands below them.
struct ChainWorld {
    let root: TestCertificate
    let intermediate: TestCertificate
    static let now = "2025-06-01T12:00:00Z"

    init() throws {
        root = try TestCertificate(.authority("Test Root"))
        intermediate = try TestCertificate(.authority("Test Intermediate"), issuer: root)
    }

    /// A host's certificate with these extensions behind its name.
    func host(
        _ extensions: [(String, String)] = [], issuer: TestCertificate? = nil, key: TestKey.Kind = .ec("P-256"),
        _ change: (inout TestCertificateFields) -> Void = { _ in }
    ) throws -> TestCertificate {
        var fields = TestCertificateFields()
        fields.extensions += extensions
        change(&fields)
        return try TestCertificate(fields, key: key, issuer: issuer ?? intermediate)
    }

    /// An authority below the root whose extensions are these alone.
    func authority(
        _ name: String, _ extensions: [(String, String)]? = nil, pathLength: Int? = nil, issuer: TestCertificate? = nil,
        key: TestKey.Kind = .ec("P-256"), _ change: (inout TestCertificateFields) -> Void = { _ in }
    ) throws -> TestCertificate {
        var fields = TestCertificateFields.authority(name, pathLength: pathLength)
        if let extensions { fields.extensions = extensions }
        change(&fields)
        return try TestCertificate(fields, key: key, issuer: issuer ?? root)
    }

    /// The usual extensions of an authority and one more.
    func constrained(_ name: String, _ extensionName: String, _ value: String) throws -> TestCertificate {
        try authority(name) { $0.extensions.append((extensionName, value)) }
    }

    /// The intermediate's key under a root that nobody trusts.
    func crossSigned() throws -> (cross: TestCertificate, unknown: TestCertificate) {
        let unknown = try TestCertificate(.authority("Old Root"))
        return (
            try TestCertificate(.authority("Test Intermediate"), sharing: intermediate.key, issuer: unknown), unknown
        )
    }
}
