// SPDX-License-Identifier: Apache-2.0
import Observations

/// Which suites a hello offers.
///
/// `broad` is what any server of that version would take, RC4 and 3DES included, since a server that has nothing else
/// still accepts the version; no more than 64, which is what some servers bear at most. Of the suites for DSA keys that
/// leaves room for the three which every server with such a key has. `complete` is everything there ever was, for the
/// enumeration of a server's suites.
enum SuiteOffer {
    /// The longest list that a hello carries.
    static let limit = 64

    static func broad(_ versions: ClosedRange<TLSVersion>) -> [CipherSuite] {
        ranked.filter { $0.isBroad && $0.fits(versions) }.map(\.suite)
    }

    /// Strongest first, so that a server that lets the client choose shows what it does for a modern one.
    static func complete(_ versions: ClosedRange<TLSVersion>) -> [CipherSuite] {
        ranked.filter { $0.fits(versions) }.map(\.suite)
    }

    /// What a suite's name says about it, read once.
    private struct Ranked {
        let suite: CipherSuite
        let rank: Int
        let isTLS13: Bool
        let oldest: UInt16
        let isBroad: Bool

        init(_ suite: CipherSuite) {
            self.suite = suite
            rank = SuiteOffer.rank(suite)
            isTLS13 = suite.isTLS13
            oldest = suite.oldestVersion
            let isNewDSS = suite.name.contains("_DSS_") && oldest > TLSVersion.tls11.wire
            isBroad = isTLS13 || !isNewDSS && !leftOut.contains { suite.name.contains($0) }
        }

        /// The suites of TLS 1.3 and of what was before exclude each other (RFC 8446 §B.4).
        func fits(_ versions: ClosedRange<TLSVersion>) -> Bool {
            isTLS13
                ? versions.upperBound == .tls13 : oldest <= versions.upperBound.wire && versions.lowerBound < .tls13
        }
    }

    private static let ranked = CipherSuite.named.map(Ranked.init)
        .sorted { ($0.rank, $0.suite.rawValue) < ($1.rank, $1.suite.rawValue) }

    private static let leftOut = [
        "_anon_", "_NULL_", "_EXPORT_", "_DES_CBC_", "_RC2_", "_IDEA_", "_SEED_", "_DSS_WITH_CAMELLIA_", "_ARIA_",
        "_CCM_8",
        "TLS_ECDH_",
    ]

    private static let keyExchanges = ["TLS_ECDHE_ECDSA", "TLS_ECDHE_RSA", "TLS_DHE_RSA", "TLS_RSA", "TLS_DHE_DSS"]
    private static let ciphers = [
        "_AES_128_GCM", "_AES_256_GCM", "_CHACHA20", "_AES_128_CCM", "_AES_256_CCM", "_AES_128_CBC", "_AES_256_CBC",
        "_CAMELLIA", "_ARIA", "_SEED", "_IDEA", "_3DES", "_RC4_128",
    ]

    private static func rank(_ suite: CipherSuite) -> Int {
        let keyExchange =
            suite.isTLS13
            ? -1 : keyExchanges.firstIndex { suite.name.hasPrefix($0 + "_") } ?? keyExchanges.count
        let cipher = ciphers.firstIndex { suite.name.contains($0) } ?? ciphers.count
        return (suite.isWeak ? 10_000 : 0) + 100 * (keyExchange + 1) + cipher
    }
}
