// SPDX-License-Identifier: Apache-2.0
import DNS
import Mutations
import Observations
import Testing

/// TXT records are read the same however they are cut into character-strings (RFC 1035 §3.3.14), and what is none is left
/// out.
struct TextPiecesTests {
    private func texts(_ rdata: [UInt8]) throws -> [[UInt8]] {
        RRset(owner: try DomainName("a.test"), type: .txt, ttl: 60, rdatas: [rdata]).texts
    }

    @Test func anyPieces() throws {
        var generator = SeededGenerator(seed: 1_035)
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...2_000, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            var rdata: [UInt8] = text.isEmpty ? [0] : []
            var rest = text[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...255, using: &generator))
                rdata += [UInt8(piece.count)] + piece
                rest = rest.dropFirst(piece.count)
            }
            #expect(try texts(rdata) == [text])
        }
    }

    @Test func nearlyPieces() throws {
        for rdata in Mutations(
            of: ["\u{3}abc\u{5}defgh", "\u{1}a", ""], words: ["\u{0}", "\u{1}", "\u{7F}"], count: 4_000, seed: 2)
        {
            var (at, length) = (0, 0)
            while at < rdata.count { (at, length) = (at + 1 + Int(rdata[at]), length + Int(rdata[at])) }
            #expect(try texts(rdata).map(\.count) == (at == rdata.count && !rdata.isEmpty ? [length] : []))
        }
    }
}
