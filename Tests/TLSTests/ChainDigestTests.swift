// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import TLS

@Suite struct ChainDigestTests {
    private let first: [UInt8] = [0x30, 0x03, 1, 2, 3]
    private let second: [UInt8] = [0x30, 0x81, 0x80] + [UInt8](repeating: 7, count: 128)

    @Test func certificatesOneBehindTheOther() {
        #expect(ChainDigest.sha256(ofChain: [first, second]) == ChainDigest.sha256(of: first + second))
        #expect(ChainDigest.sha256(ofChain: [first]) == ChainDigest.sha256(of: first))
        #expect(ChainDigest.sha256(ofChain: [first, second]) != ChainDigest.sha256(ofChain: [second, first]))
    }

    /// Somebody who sends the certificates of another host as one blob, or cut elsewhere, has another chain.
    @Test func theSameOctetsCutElsewhereAreAnotherChain() {
        let whole = first + second
        let names = Set(
            (0...whole.count).map { ChainDigest.sha256(ofChain: [Array(whole[..<$0]), Array(whole[$0...])]) }
                + [ChainDigest.sha256(ofChain: [whole]), ChainDigest.sha256(ofChain: [first, [], second])])
        #expect(names.count == whole.count + 3)
        #expect(names.contains(ChainDigest.sha256(of: whole)), "only where it is cut between the two")
        for broken in [[0x30], [0x30, 0x80, 0, 0], [0x30, 0x85, 0, 0, 0, 0, 0], [0x30, 0x82, 1], []] as [[UInt8]] {
            #expect(ChainDigest.sha256(ofChain: [first, broken]) != ChainDigest.sha256(of: first + broken))
        }
    }
}
