// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations
import Testing

@testable import TLS

@Suite struct TrustStoreTests {
    @Test func aFileWithItsDigest() throws {
        let roots = try [TestCertificate(.authority("One")), TestCertificate(.authority("Two"))]
        let text = "# comment\n" + roots[0].pem + roots[1].pem + roots[0].pem
        let file = try TemporaryFile(text)
        let store = try TrustStore(caFile: file.path)
        #expect(store.name == file.path)
        #expect(store.rootCount == 2)
        let digest = try OpenSSLCommand.run(["dgst", "-sha256", "-r", file.path])
        #expect(digest.hasPrefix(store.sha256) && store.sha256.count == 64)
    }

    @Test func filesThatAreNoStore() throws {
        let missing = "/nonexistent/roots.pem"
        #expect {
            try TrustStore(caFile: missing)
        } throws: { error in
            "\(error)".contains(missing) && "\(error)".lowercased().contains("no such file")
        }
        #expect {
            try TrustStore(caFile: "/")
        } throws: { error in
            "\(error)".contains("directory")
        }
        let empty = try TemporaryFile("nothing here\n")
        #expect(throws: TrustStore.Unusable.empty(file: empty.path)) { try TrustStore(caFile: empty.path) }
        let good = try TestCertificate(.authority("Good")).pem
        let broken = try TemporaryFile(good + good.replacing("MII", with: "AAA"))
        #expect(throws: TrustStore.Unusable.malformed(file: broken.path, certificate: 2)) {
            try TrustStore(caFile: broken.path)
        }
    }

    @Test func everyReasonOfTheLibraryHasAWord() {
        // Reasons that a client without CRLs, OCSP, Suite B, DANE or strict mode can meet.
        let words = (1...100).map { VerifyCode(number: Int32($0)) }.filter { $0 != .other }
        #expect(Set(words) == Set(VerifyCode.allCases).subtracting([.other]))
        #expect(words.count == Set(words).count)
        #expect(VerifyCode(number: X509_V_ERR_CERT_HAS_EXPIRED).rawValue == "CERT_HAS_EXPIRED")
    }
}
