// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import TLS

/// What servers that Debian does not carry answered to these hellos, with another random in them;
/// `Tests/Lab/scripted/other_stacks.py` runs such servers.
@Suite struct RecordedAnswerTests {
    /// OpenSSL 4.0.3, its default groups: a HelloRetryRequest, and ChangeCipherSpec behind it.
    private static let retryX25519MLKEM768 = """
        1603030058020000540303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c206d1c170cf5c1183c860763
        b281385e96737a74e5f8908fafafcc5252147fbc5b130100000c002b000203040033000211ec140303000101
        """
    /// The same, to SecP256r1MLKEM768 alone.
    private static let retrySecP256r1MLKEM768 = """
        1603030058020000540303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c206d1c170cf5c1183c860763
        b281385e96737a74e5f8908fafafcc5252147fbc5b130100000c002b000203040033000211eb140303000101
        """
    /// The same, to SecP384r1MLKEM1024 alone, which it does not have.
    private static let refusal = "15030300020228"
    /// tlslite-ng 0.8.2, SSLv3 alone: ServerHello with an extension, though SSLv3 knew none.
    private static let helloSSLv3 = """
        16030000310200002d030069de0fbf9bf5bad183e9bacfa86f30131399150460b77382a32da6ba03120da1000016000005ff01000100
        """

    private func meaning(_ profile: HelloProfile, _ hex: String, _ segmentation: Segmentation) throws
        -> TLSProbeObservation
    {
        let offer = try #require(
            ClientHello(profile: profile, serverName: DomainName("mx.newer.example"), seed: .fixed))
        let reader = readAnswer(octets(hex), profile.depth, segmentation)
        return TLSProbeObservation(profile: profile, offer: offer, reader: reader, ending: .timeout)
    }

    @Test(arguments: Segmentation.allCases)
    func `Hybrid groups of OpenSSL 4`(segmentation: Segmentation) throws {
        let yes = try meaning(.pq, Self.retryX25519MLKEM768, segmentation)
        #expect(yes.outcome == .ok && yes.group == "X25519MLKEM768" && yes.cipher == "TLS_AES_128_GCM_SHA256")
        let other = try meaning(.deepGroup(0x11EB), Self.retrySecP256r1MLKEM768, segmentation)
        #expect(other.outcome == .ok && other.group == "SecP256r1MLKEM768")
        let no = try meaning(.deepGroup(0x11ED), Self.refusal, segmentation)
        #expect(no.outcome == .alertHandshakeFailure && no.alert == 40)
    }

    @Test(arguments: Segmentation.allCases)
    func `SSLv3`(segmentation: Segmentation) throws {
        let seen = try meaning(.deepSSL3, Self.helloSSLv3, segmentation)
        #expect(seen.outcome == .ok && seen.version == .ssl3 && seen.secureRenegotiation == true)
        #expect(seen.cipher == "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA")
        // To those who also know better it is all the same not what they asked for.
        let older = try meaning(.legacy, Self.helloSSLv3, segmentation)
        #expect(older.outcome == .alertProtocolVersion && older.version == .ssl3)
    }
}
