// SPDX-License-Identifier: Apache-2.0
import Mutations
import Testing

@testable import Scan

/// Responses near the right ones: whatever a server sends, and however it is cut into pieces, it comes to one end, and to
/// no more than was sent.
@Suite @NetworkLoop struct HTTPExchangeFuzzTests {
    private static let texts = [
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nversion: STSv1",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7;x=y\r\nversion\r\n7\r\n: STSv1\r\n0\r\nA: b\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nversion: STSv1", "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 301 Moved Permanently\r\nLocation: https://a.test/\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ]
    private static let words = [
        "\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/2.0", "Content-Length: 3\r\n",
        "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: chunked\r\n",
        "0\r\n\r\n",
        "ffffffffffffffff\r\n", "FFF\r\n", "Connection: upgrade\r\nUpgrade: h2c\r\n", "101", "304", "000", "999",
    ]

    private struct End: Equatable {
        var status: Int?
        var body: [UInt8]
        var state: HTTPExchange.State
    }

    private func end(of text: [UInt8], inPieces size: () -> Int) throws -> End {
        let exchange = try HTTPExchange(host: "mta-sts.a.test", path: "/.well-known/mta-sts.txt", userAgent: "x")
        var rest = text[...]
        while !rest.isEmpty {
            let piece = rest.prefix(max(1, size()))
            exchange.receive(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        exchange.endOfStream(isDeclared: true)
        return End(status: exchange.status, body: exchange.body, state: exchange.state)
    }

    @Test func everyResponseComesToTheSameEnd() async throws {
        var generator = SeededGenerator(seed: 9_112)
        var complete = 0
        for text in Mutations(of: Self.texts, words: Self.words, count: 1_000, seed: 9_110) {
            // The network has one thread, and other tests have deadlines on it.
            await Task.yield()
            let shown = String(decoding: text, as: UTF8.self)
            let whole = try end(of: text) { Int.max }
            #expect(whole.state != .reading, "\(shown.debugDescription)")
            #expect(whole.body.count <= text.count)
            #expect(whole.status.map { (200...999).contains($0) || $0 == 101 || $0 < 100 } ?? true)
            #expect(try end(of: text) { 1 } == whole, "\(shown.debugDescription)")
            #expect(try end(of: text) { Int.random(in: 1...9, using: &generator) } == whole)
            complete += whole.state == .complete ? 1 : 0
        }
        #expect((150...950).contains(complete), "the inputs are too good or too bad: \(complete)")
    }

    /// What frames a body has a limit of its own: chunks of one octet are five times as much around it.
    @Test func chunksOfOneOctetEnd() throws {
        var text = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        for _ in 0..<16_384 { text += Array("1\r\na\r\n".utf8) }
        let seen = try end(of: text) { 4_096 }
        #expect(seen.state == .broken && (10_000...20_000).contains(seen.body.count))
    }
}
