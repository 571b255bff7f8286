// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOEmbedded
import NIOHTTP1

/// One GET on a connection that is closed behind it (RFC 9112), without a socket: octets of the response go in, what they
/// say comes out. The parser is NIO's; this bounds what it is fed.
final class HTTPExchange {
    enum State {
        case reading, complete
        /// Not HTTP, or over before its end.
        case broken
    }

    /// What goes to the server.
    let request: [UInt8]
    private(set) var state = State.reading
    /// Of the final response; those before it (RFC 9110 §15.2) are passed over.
    private(set) var status: Int?
    private(set) var contentType: String?
    private(set) var body: [UInt8] = []
    private var received = 0
    private let channel = EmbeddedChannel()
    /// Header fields and the framing of chunks may take so many octets beside the body.
    private static let overheadLimit = 65_536

    /// `host` with its port where that is not the scheme's own (RFC 9110 §7.2).
    init(host: String, path: String, userAgent: String) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(HTTPRequestEncoder())
        try pipeline.addHandler(
            ByteToMessageHandler(
                HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop)))
        let fields = HTTPHeaders([
            ("Host", host), ("User-Agent", userAgent), ("Accept", "text/plain"), ("Connection", "close"),
        ])
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: fields)
        try channel.writeOutbound(HTTPClientRequestPart.head(head))
        try channel.writeOutbound(HTTPClientRequestPart.end(nil))
        var request: [UInt8] = []
        while let part = try channel.readOutbound(as: IOData.self) {
            if case .byteBuffer(let buffer) = part { request += buffer.readableBytesView }
        }
        self.request = request
    }

    deinit {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    /// Takes what arrived, in any segmentation.
    func receive(_ bytes: [UInt8]) {
        guard state == .reading else { return }
        received += bytes.count
        let isSound = (try? channel.writeInbound(ByteBuffer(bytes: bytes))) != nil
        takeParts()
        if state == .reading, !isSound || received > body.count + Self.overheadLimit { state = .broken }
    }

    /// The stream is over: the end of a body that has no other (RFC 9112 §6.3), or of one that is not whole. Inside TLS
    /// only the server's own word for it ends a body (§9.8): anybody on the way can end a connection.
    func endOfStream(isDeclared: Bool) {
        guard state == .reading else { return }
        guard isDeclared else {
            state = .broken
            return
        }
        let isSound = (try? channel.finish(acceptAlreadyClosed: true)) != nil
        takeParts()
        if state == .reading || !isSound && state != .complete { state = .broken }
    }

    private func takeParts() {
        while let part = try? channel.readInbound(as: HTTPClientResponsePart.self) {
            switch part {
            case .head(let head):
                status = Int(head.status.code)
                contentType = head.headers.first(name: "Content-Type")
            case .body(let buffer): body += buffer.readableBytesView
            case .end: state = .complete
            }
        }
    }
}
