// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Observations
import Testing

@testable import Scan

@NetworkLoop
struct TCPConnectTests {
    /// Says one line to whoever connects and closes at once.
    private static func speakAndClose() async throws -> any Channel {
        let future = ServerBootstrap(group: NetworkLoop.shared.eventLoop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HastyServer())
                }
            }
            .bind(host: "127.0.0.1", port: 0)
        return try await NetworkLoop.value(of: future)
    }

    /// A server that refuses and closes at once had its word taken for a fault of ours.
    @Test func wordOfAServerThatClosesAtOnceIsHeard() async throws {
        let server = try await Self.speakAndClose()
        defer { server.close(promise: nil) }
        for _ in 0..<50 {
            let listener = Listener()
            let opened = try await Self.converse(listener, with: server)
            #expect(opened.outcome == .open)
            #expect(listener.heard == ["opened", "450 later\r\n", "end"])
        }
    }

    @Test func closedPortIsRefusedWithItsErrno() async throws {
        let server = try await Self.speakAndClose()
        let port = try #require(server.localAddress?.port)
        _ = try? await NetworkLoop.value(of: server.close())
        let address = try #require(IPAddress("127.0.0.1"))
        let opened = await NetworkLoop.converse(Listener(), with: address, port: port, connectTimeout: 60_000)
        #expect(opened.outcome == .refused)
        #expect(opened.errno == 111)
    }

    private static func converse(_ listener: Listener, with server: any Channel) async throws -> TCPConnect {
        let address = try #require(IPAddress("127.0.0.1"))
        let port = try #require(server.localAddress?.port)
        return await NetworkLoop.converse(listener, with: address, port: port, connectTimeout: 60_000)
    }
}

private final class HastyServer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "450 later\r\n")), promise: nil)
        context.close(promise: nil)
    }
}
