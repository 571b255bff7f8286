// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Foundation
import Testing

/// Loses a certificate and a connection of the library on purpose: `scripts/sanitize.sh` believes in "no leaks" only where
/// this leak is reported.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MXCENSUS_LEAK"] != nil)) struct DeliberateLeakTests {
    @Test func lost() {
        let context = SSL_CTX_new(TLS_client_method())
        #expect(X509_new() != nil && SSL_new(context) != nil)
    }
}
