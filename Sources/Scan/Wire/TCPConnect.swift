// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Observations

#if canImport(Glibc)
    import Glibc
#endif

/// How opening a connection ended.
struct TCPConnect {
    /// The connection, where `outcome` is `open`.
    let connection: TCPConnection?
    /// The word for the table.
    let outcome: TCPOutcome
    /// errno of a failure.
    let errno: Int?
    /// From the SYN to the connection.
    let milliseconds: Int
}

extension NetworkLoop {
    /// Opens one connection; every way in which that fails is a result.
    @NetworkLoop
    static func connect(to address: IPAddress, port: Int, timeoutMilliseconds: Int64) async -> TCPConnect {
        let began = monotonicMilliseconds
        Traffic.count(\.connections)
        func elapsed() -> Int { Int(monotonicMilliseconds - began) }
        do {
            let target = try SocketAddress(ipAddress: address.description, port: port)
            // Kept from the beginning: a server that says its word and closes at once may have emptied the pipeline
            // before we are resumed, and its word must not be lost.
            let opened = NIOLoopBoundBox<TCPConnection?>(nil, eventLoop: shared.eventLoop)
            let future = ClientBootstrap(group: shared.eventLoop)
                .connectTimeout(.milliseconds(timeoutMilliseconds))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = TCPConnectionHandler(channel: channel)
                        opened.value = handler.connection
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .connect(to: target)
            _ = try await value(of: future)
            return TCPConnect(connection: opened.value, outcome: .open, errno: nil, milliseconds: elapsed())
        } catch {
            let (outcome, errno) = TCPOutcome.describing(error)
            return TCPConnect(connection: nil, outcome: outcome, errno: errno, milliseconds: elapsed())
        }
    }

    /// The value of a future of this loop, awaited without leaving it.
    @NetworkLoop
    static func value<Value: Sendable>(of future: EventLoopFuture<Value>) async throws -> Value {
        try await withUnsafeThrowingContinuation { continuation in
            future.whenComplete { continuation.resume(with: $0) }
        }
    }
}

extension TCPOutcome {
    /// The word for an error of `connect(2)` and its errno.
    static func describing(_ error: any Error) -> (TCPOutcome, Int?) {
        if let error = error as? ChannelError, case .connectTimeout = error { return (.timeout, nil) }
        guard let code = (error as? IOError)?.errnoCode else { return (.localResource, nil) }
        let outcome: TCPOutcome =
            switch code {
            case ECONNREFUSED: .refused
            case ETIMEDOUT: .timeout
            case ECONNRESET, EPIPE, ECONNABORTED: .reset
            case EHOSTUNREACH, EHOSTDOWN: .hostUnreachable
            case ENETUNREACH, ENETDOWN: .netUnreachable
            case EACCES, EPERM: .adminProhibited
            default: .localResource
            }
        return (outcome, Int(code))
    }
}
