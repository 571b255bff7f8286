// SPDX-License-Identifier: Apache-2.0
import DNS
import NIOCore
import NIOPosix

/// One query over a TCP connection of its own: two octets of length, then the message (RFC 7766 §8). Truncation is so
/// rare behind a resolver that connections are not kept.
final class DNSStream: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let query: [UInt8]
    private var received = ByteBuffer()
    private var waiting: UnsafeContinuation<TransportReply, Never>?
    private var ending: TransportReply?

    private init(query: [UInt8]) {
        self.query = query
    }

    static func exchange(
        _ query: [UInt8], id: UInt16, with address: SocketAddress, on eventLoop: any EventLoop,
        timeoutMilliseconds: Int64, isolation: isolated (any Actor)? = #isolation
    ) async -> TransportReply {
        guard query.count >= 12 else { return .networkError(0) }
        var query = query
        query[0] = UInt8(id >> 8)
        query[1] = UInt8(id & 0xFF)
        let began = NIODeadline.now()
        Traffic.count { $0.connections += 1 }
        let channel: any Channel
        let stream = DNSStream(query: query)
        do {
            let connecting = ClientBootstrap(group: eventLoop)
                .connectTimeout(.milliseconds(timeoutMilliseconds))
                .channelOption(.autoRead, value: false)
                .connect(to: address)
            channel = try await withUnsafeThrowingContinuation { continuation in
                connecting.whenComplete { continuation.resume(with: $0) }
            }
            try channel.pipeline.syncOperations.addHandler(stream)
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            if let error = error as? ChannelError, case .connectTimeout = error { return .timeout }
            return .networkError(errnoCode(of: error))
        }
        let left = TimeAmount.milliseconds(timeoutMilliseconds) - (NIODeadline.now() - began)
        let bound = NIOLoopBound(stream, eventLoop: eventLoop)
        let deadline = eventLoop.scheduleTask(in: left) { bound.value.finish(.timeout) }
        let reply = await withUnsafeContinuation { stream.start(on: channel, $0) }
        deadline.cancel()
        channel.close(promise: nil)
        return reply
    }

    private func start(on channel: any Channel, _ continuation: UnsafeContinuation<TransportReply, Never>) {
        if let ending { return continuation.resume(returning: ending) }
        waiting = continuation
        var buffer = channel.allocator.buffer(capacity: query.count + 2)
        buffer.writeInteger(UInt16(query.count))
        buffer.writeBytes(query)
        Traffic.count { $0.octetsSent += buffer.readableBytes }
        channel.writeAndFlush(buffer, promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        Traffic.count { $0.octetsReceived += buffer.readableBytes }
        received.writeBuffer(&buffer)
        guard let length = received.getInteger(at: received.readerIndex, as: UInt16.self),
            let bytes = received.getBytes(at: received.readerIndex + 2, length: Int(length))
        else { return }
        // There is one query on this stream, so a message that does not fit is no answer that could still come.
        finish(DNSMatching.isResponse(bytes, to: query) ? .answer(bytes) : .networkError(0))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.networkError(errnoCode(of: error)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.networkError(0))
    }

    private func finish(_ reply: TransportReply) {
        guard ending == nil else { return }
        ending = reply
        waiting?.resume(returning: reply)
        waiting = nil
    }
}
