// SPDX-License-Identifier: Apache-2.0
import DNS
import NIOCore
import NIOPosix
import Observations

@testable import Scan

/// A DNS server on loopback, UDP and TCP on one port of the kernel's choice: for each query the messages that a closure
/// makes of it.
@NetworkLoop
final class DNSResponder {
    let server: DNSServer
    private let channels: [any Channel]

    /// `udp` and `tcp` turn a query into any number of messages to be sent back, in order.
    static func start(
        udp: @escaping @Sendable ([UInt8]) -> [[UInt8]] = { _ in [] },
        tcp: @escaping @Sendable ([UInt8]) -> [[UInt8]] = { _ in [] }
    ) async throws -> DNSResponder {
        // A port that is free for UDP can be taken for TCP; the next one will do.
        for _ in 0..<4 {
            if let responder = try? await startOnce(udp: udp, tcp: tcp) { return responder }
        }
        return try await startOnce(udp: udp, tcp: tcp)
    }

    private static func startOnce(
        udp: @escaping @Sendable ([UInt8]) -> [[UInt8]], tcp: @escaping @Sendable ([UInt8]) -> [[UInt8]]
    ) async throws -> DNSResponder {
        let loop = NetworkLoop.shared.eventLoop
        let datagrams = try await NetworkLoop.value(
            of: DatagramBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(UDPResponder(udp))
                    }
                }
                .bind(host: "127.0.0.1", port: 0))
        let port = datagrams.localAddress?.port ?? 0
        let listener = try await NetworkLoop.value(
            of: ServerBootstrap(group: loop)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(TCPResponder(tcp))
                    }
                }
                .bind(host: "127.0.0.1", port: port))
        guard let address = IPAddress("127.0.0.1") else { preconditionFailure() }
        return DNSResponder(server: DNSServer(address: address, port: port), channels: [datagrams, listener])
    }

    private init(server: DNSServer, channels: [any Channel]) {
        self.server = server
        self.channels = channels
    }

    func stop() async throws {
        for channel in channels { try await NetworkLoop.value(of: channel.close()) }
    }
}

private final class UDPResponder: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>
    private let respond: ([UInt8]) -> [[UInt8]]

    init(_ respond: @escaping ([UInt8]) -> [[UInt8]]) {
        self.respond = respond
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let query = unwrapInboundIn(data)
        for message in respond(Array(buffer: query.data)) {
            let envelope = AddressedEnvelope(remoteAddress: query.remoteAddress, data: ByteBuffer(bytes: message))
            context.write(wrapOutboundOut(envelope), promise: nil)
        }
        context.flush()
    }
}

/// Sends each answer in two segments, so that a reader that takes one read for one message fails.
private final class TCPResponder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let respond: ([UInt8]) -> [[UInt8]]

    init(_ respond: @escaping ([UInt8]) -> [[UInt8]]) {
        self.respond = respond
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let query = Array(buffer: unwrapInboundIn(data))
        guard query.count > 2, Int(query[0]) << 8 | Int(query[1]) == query.count - 2 else {
            return context.close(promise: nil)
        }
        let messages = respond(Array(query[2...]))
        guard !messages.isEmpty else { return context.close(promise: nil) }
        for message in messages {
            let bytes = [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
            for half in [bytes[..<7], bytes[7...]] {
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: half)), promise: nil)
            }
        }
    }
}

/// The response to a query that repeats it and sets QR; good enough for whoever does not read records.
func echo(_ query: [UInt8]) -> [UInt8] {
    var response = query
    response[2] |= 0x80
    return response
}
