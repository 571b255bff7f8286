// SPDX-License-Identifier: Apache-2.0
import Glibc
import NIOCore
import NIOPosix
import Observations

@testable import Scan

/// A mail server on loopback that says its lines: the first at once, each other when something has come in.
@NetworkLoop
final class ScriptedMailServer {
    /// One thing that it does.
    enum Line: Sendable {
        /// Sends octets in one segment.
        case send([UInt8])
        /// Sends octets one by one.
        case drip([UInt8])
        case close
        case reset
        case nothing

        static func reply(_ text: String) -> Line { .drip(Array((text + "\r\n").utf8)) }
    }

    let endpoint: Endpoint
    private let listener: any Channel
    private let heard: Heard

    /// What clients said, chunk by chunk.
    var received: [[UInt8]] { heard.chunks }

    static func start(_ lines: [Line], host: String = "127.0.0.1") async throws -> ScriptedMailServer {
        let heard = Heard()
        let box = NIOLoopBound(heard, eventLoop: NetworkLoop.shared.eventLoop)
        let listener = try await NetworkLoop.value(
            of: ServerBootstrap(group: NetworkLoop.shared.eventLoop)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Actor(lines, box.value))
                    }
                }
                .bind(host: host, port: 0))
        guard let address = IPAddress("127.0.0.1"), let port = listener.localAddress?.port else {
            preconditionFailure()
        }
        let endpoint = Endpoint(host: try DomainName("mx.example"), address: address, port: port)
        return ScriptedMailServer(endpoint: endpoint, listener: listener, heard: heard)
    }

    private init(endpoint: Endpoint, listener: any Channel, heard: Heard) {
        self.endpoint = endpoint
        self.listener = listener
        self.heard = heard
    }

    func stop() async throws {
        try await NetworkLoop.value(of: listener.close())
    }

    private final class Heard {
        var chunks: [[UInt8]] = []
    }

    private final class Actor: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private var lines: ArraySlice<Line>
        private let heard: Heard

        init(_ lines: [Line], _ heard: Heard) {
            self.lines = lines[...]
            self.heard = heard
        }

        func channelActive(context: ChannelHandlerContext) {
            next(context)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            heard.chunks.append(Array(buffer: unwrapInboundIn(data)))
            next(context)
        }

        private func next(_ context: ChannelHandlerContext) {
            switch lines.popFirst() {
            case .send(let octets): context.writeAndFlush(NIOAny(ByteBuffer(bytes: octets)), promise: nil)
            case .drip(let octets):
                for octet in octets {
                    context.writeAndFlush(NIOAny(ByteBuffer(bytes: [octet])), promise: nil)
                }
            case .close: context.close(promise: nil)
            case .reset:
                // Without lingering, the close is a reset.
                _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                context.close(promise: nil)
            case .nothing, nil: break
            }
        }
    }
}
