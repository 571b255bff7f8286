// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Observations

/// One TCP connection as the probes see it: send, receive with a deadline, close.
///
/// It is the last handler of its channel. Callbacks and callers run on the same loop, so what has arrived waits here in
/// a plain array until somebody asks, and at most one caller waits at a time.
final class TCPConnection {
    /// What one wait for bytes came to.
    enum Received {
        case bytes([UInt8])
        case endOfStream
        case timeout
        case failed(errno: Int32)
    }

    private let channel: any Channel
    private var arrived: [UInt8] = []
    private var ending: Received?
    private var waiting: UnsafeContinuation<Received, Never>?
    private var deadline: Scheduled<Void>?

    fileprivate init(channel: any Channel) {
        self.channel = channel
    }

    /// Queues bytes for the peer; a failure shows at the next `receive`.
    func send(_ bytes: [UInt8]) {
        Traffic.count(\.octetsSent, bytes.count)
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// All that has arrived, or the next bytes, or how the waiting ended.
    func receive(timeoutMilliseconds: Int64, isolation: isolated (any Actor)? = #isolation) async -> Received {
        if let ready = takeReady() { return ready }
        return await withUnsafeContinuation { continuation in
            waiting = continuation
            let connection = NIOLoopBound(self, eventLoop: channel.eventLoop)
            deadline = channel.eventLoop.scheduleTask(in: .milliseconds(timeoutMilliseconds)) {
                connection.value.resume(with: .timeout)
            }
        }
    }

    /// What has arrived and was not received yet, without waiting.
    func takeArrived() -> [UInt8] {
        defer { arrived = [] }
        return arrived
    }

    /// Ends the connection; nothing is received afterwards.
    func close() {
        channel.close(promise: nil)
    }

    private func takeReady() -> Received? {
        guard arrived.isEmpty else {
            defer { arrived.removeAll(keepingCapacity: true) }
            return .bytes(arrived)
        }
        return ending
    }

    private func resume(with result: Received) {
        guard let waiting else { return }
        self.waiting = nil
        deadline?.cancel()
        deadline = nil
        waiting.resume(returning: result)
    }

    fileprivate func deliver(_ buffer: ByteBuffer) {
        Traffic.count(\.octetsReceived, buffer.readableBytes)
        buffer.withUnsafeReadableBytes { arrived.append(contentsOf: $0) }
        if waiting != nil, let ready = takeReady() { resume(with: ready) }
    }

    fileprivate func end(_ how: Received) {
        guard ending == nil else { return }
        ending = how
        if arrived.isEmpty { resume(with: how) }
    }
}

/// Hands the channel's events to its `TCPConnection`.
final class TCPConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    let connection: TCPConnection

    init(channel: any Channel) {
        connection = TCPConnection(channel: channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.deliver(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.end(.endOfStream)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.end(.failed(errno: (error as? IOError)?.errnoCode ?? 0))
        context.close(promise: nil)
    }
}
