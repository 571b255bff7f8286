// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scan

/// Responses as servers send them (RFC 9112), fed whole and octet by octet: status, type, body, and whether it is all.
private let responses: [(name: String, text: String, status: Int?, body: String, state: HTTPExchange.State)] = [
    (
        "by length", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello", 200, "hello",
        .complete
    ),
    (
        "in chunks",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nA: b\r\n\r\n",
        200, "hello", .complete
    ),
    ("until the end", "HTTP/1.1 200 OK\r\n\r\nhello", 200, "hello", .complete),
    ("of the old version", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", .complete),
    (
        "behind another",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        404, "", .complete
    ),
    ("too short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 200, "hello", .broken),
    (
        "chunks without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 200, "hello",
        .broken
    ),
    ("over in its header", "HTTP/1.1 200 OK\r\nContent-Le", nil, "", .broken),
    ("no HTTP", "220 mail.example.org ESMTP\r\n", nil, "", .broken),
    ("nothing", "", nil, "", .broken),
]

@Suite @NetworkLoop struct HTTPExchangeTests {
    private func exchange() throws -> HTTPExchange {
        try HTTPExchange(
            host: "mta-sts.a.test", path: "/.well-known/mta-sts.txt", userAgent: "census/1 (+https://a.test)")
    }

    @Test(arguments: responses.indices, [1, Int.max])
    func aResponseIsTheSameInAnySegmentation(index: Int, octets: Int) throws {
        let expected = responses[index]
        let exchange = try exchange()
        var rest = Array(expected.text.utf8)[...]
        while !rest.isEmpty {
            exchange.receive(Array(rest.prefix(octets)))
            rest = rest.dropFirst(octets)
        }
        exchange.endOfStream(isDeclared: true)
        #expect(exchange.status == expected.status, "\(expected.name)")
        #expect(exchange.body == Array(expected.body.utf8), "\(expected.name)")
        #expect(exchange.state == expected.state, "\(expected.name)")
    }

    @Test func whoeverCutsAConnectionDoesNotEndABody() throws {
        let exchange = try exchange()
        exchange.receive(Array("HTTP/1.1 200 OK\r\n\r\nversion: STSv1\r\n".utf8))
        exchange.endOfStream(isDeclared: false)
        #expect(exchange.state == .broken)
    }

    @Test func theRequestSaysWhoAsks() throws {
        let lines = String(decoding: try exchange().request, as: UTF8.self).split(separator: "\r\n").map(String.init)
        #expect(lines.first == "GET /.well-known/mta-sts.txt HTTP/1.1")
        #expect(
            Set(lines.dropFirst()) == [
                "Host: mta-sts.a.test", "User-Agent: census/1 (+https://a.test)", "Accept: text/plain",
                "Connection: close",
            ])
    }

    @Test func aHeaderWithoutAnEndIsNotReadForEver() throws {
        let exchange = try exchange()
        exchange.receive(Array("HTTP/1.1 200 OK\r\n".utf8))
        var fields = 0
        while exchange.state == .reading, fields < 100_000 {
            exchange.receive(Array("X-Field-\(fields): more of the same\r\n".utf8))
            fields += 1
        }
        #expect(exchange.state == .broken && fields < 5_000)
    }
}
