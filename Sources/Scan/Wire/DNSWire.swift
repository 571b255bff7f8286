// SPDX-License-Identifier: Apache-2.0
public import DNS
public import NIOCore
import NIOPosix
import Observations

/// Carries DNS queries over real sockets.
///
/// What keeps a stranger's packet from being taken for an answer (RFC 5452): the socket is connected, so that the kernel
/// drops what comes from elsewhere; its port is the kernel's random choice; the id is random and its own; the question
/// must be the one that was asked. A server has a bounded pool of sockets, of which each query takes any, and each
/// socket is replaced after a bounded number of queries.
///
/// Used on the event loop alone, like everything that touches the network: no locks.
public final class DNSWire: DNSTransport {
    /// How sockets are used.
    public struct Options: Hashable, Sendable {
        /// UDP sockets to one server at most.
        public var portsPerServer = 16
        /// Queries after which a socket is replaced.
        public var queriesPerPort = 128

        /// The defaults.
        public init() {}
    }

    /// Datagrams that came to a socket of ours and were no answer to a query of ours.
    public private(set) var dropped = 0
    /// UDP sockets opened so far.
    public private(set) var portsOpened = 0

    private let eventLoop: any EventLoop
    private let options: Options
    private let timeouts: Deadlines<DNSPort.Query>
    private var pools: [DNSServer: Pool] = [:]
    private var isClosed = false

    private struct Pool {
        var ports: [DNSPort] = []
        var opening = 0
        var waiting: [UnsafeContinuation<Void, Never>] = []
    }

    /// Works on this loop; must be made and used there.
    public init(eventLoop: any EventLoop, options: Options = Options()) {
        self.eventLoop = eventLoop
        self.options = options
        timeouts = Deadlines(on: eventLoop, granularity: 20) { $0.expire() }
    }

    /// See `DNSTransport`; an error of the network is kept as errno.
    public func exchange(
        _ query: [UInt8], with server: DNSServer, over carrier: DNSCarrier, timeoutMilliseconds: Int64
    ) async -> TransportReply {
        guard !isClosed else { return .networkError(0) }
        // One draw for the socket and the id: each is a system call.
        let draw = UInt64.random(in: .min ... .max)
        do {
            switch carrier {
            case .udp:
                let port = try await port(to: server, draw: Int(draw >> 32))
                return await withUnsafeContinuation { continuation in
                    port.send(
                        query, id: UInt16(truncatingIfNeeded: draw), timeoutMilliseconds: timeoutMilliseconds,
                        continuation)
                }
            case .tcp:
                return await DNSStream.exchange(
                    query, id: UInt16(truncatingIfNeeded: draw), with: try server.socketAddress, on: eventLoop,
                    timeoutMilliseconds: timeoutMilliseconds)
            }
        } catch {
            return .networkError(errnoCode(of: error))
        }
    }

    /// Waits on the loop without holding a thread.
    public func pause(milliseconds: Int64) async {
        await withUnsafeContinuation { continuation in
            _ = eventLoop.scheduleTask(in: .milliseconds(max(0, milliseconds))) { continuation.resume() }
        }
    }

    /// Closes all sockets; queries in flight end with a network error, and so does every later one.
    public func close() {
        isClosed = true
        for port in pools.values.flatMap(\.ports) { port.close() }
        for server in pools.keys { pools[server]?.ports = [] }
    }

    /// Any socket of the server's pool; a new one as long as the pool is not full.
    private func port(to server: DNSServer, draw: Int) async throws -> DNSPort {
        while let pool = pools[server], pool.ports.count + pool.opening >= options.portsPerServer {
            if !pool.ports.isEmpty {
                let port = pool.ports[draw % pool.ports.count]
                guard port.isClosed else { return take(port, server) }
                pools[server]?.ports.removeAll(where: \.isClosed)
                continue
            }
            await withUnsafeContinuation { pools[server]?.waiting.append($0) }
        }
        pools[server, default: Pool()].opening += 1
        defer {
            pools[server]?.opening -= 1
            for waiter in pools[server]?.waiting ?? [] { waiter.resume() }
            pools[server]?.waiting = []
        }
        // A second read of a socket that had one answer nearly always finds none: who has more is told so anyway.
        // A resolver may send more than it was told to: what does not fit would be cut without a word.
        let bootstrap = DatagramBootstrap(group: eventLoop).channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_535))
        let channel = try await awaited(bootstrap.connect(to: try server.socketAddress))
        let port = DNSPort(channel: channel, timeouts: timeouts) { [weak self] in self?.dropped += 1 }
        try channel.pipeline.syncOperations.addHandler(port)
        guard !isClosed else {
            port.close()
            throw ChannelError.alreadyClosed
        }
        pools[server]?.ports.append(port)
        portsOpened += 1
        return take(port, server)
    }

    /// Counts the query that is about to be sent; after its last one the socket leaves the pool.
    private func take(_ port: DNSPort, _ server: DNSServer) -> DNSPort {
        port.uses += 1
        if port.uses >= options.queriesPerPort {
            pools[server]?.ports.removeAll { $0 === port }
            port.retire()
        }
        return port
    }

    private func awaited<Value: Sendable>(
        _ future: EventLoopFuture<Value>, isolation: isolated (any Actor)? = #isolation
    ) async throws -> Value {
        try await withUnsafeThrowingContinuation { continuation in
            future.whenComplete { continuation.resume(with: $0) }
        }
    }
}

/// errno of an error of the network, 0 where it has none.
func errnoCode(of error: any Error) -> Int32 {
    (error as? IOError)?.errnoCode ?? 0
}

extension DNSServer {
    var socketAddress: SocketAddress {
        get throws { try SocketAddress(ipAddress: address.description, port: port) }
    }
}
