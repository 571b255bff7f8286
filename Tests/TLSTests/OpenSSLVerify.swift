// SPDX-License-Identifier: Apache-2.0
import Observations

/// `openssl verify` as a second opinion on a chain: purpose, level and time as `ChainVerifier` has them.
struct OpenSSLVerify {
    /// Whether it is content.
    let isValid: Bool
    /// The reasons that it names, by the library's numbers.
    let numbers: [Int]
    /// What it said.
    let text: String

    init(_ chain: [TestCertificate], roots: [TestCertificate], at moment: Timestamp) throws {
        let files = try [roots.map(\.pem).joined(), chain[0].pem, chain.dropFirst().map(\.pem).joined()]
            .map { try TemporaryFile($0) }
        let arguments =
            ["verify", "-no-CApath", "-no-CAstore", "-CAfile", files[0].path, "-purpose", "sslserver"]
            + ["-auth_level", "2", "-attime", "\(moment.seconds)"]
            + (chain.count > 1 ? ["-untrusted", files[2].path] : []) + [files[1].path]
        text = try OpenSSLCommand.run(arguments)
        isValid = text.contains(": OK")
        numbers = text.split(separator: "\n").compactMap { line in
            line.hasPrefix("error ") ? line.split(separator: " ").dropFirst().first.flatMap { Int($0) } : nil
        }
    }
}
