// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Observations

#if canImport(Glibc)
    import Glibc
#endif

/// How opening a connection ended.
struct TCPConnect {
    /// The word for the table.
    let outcome: TCPOutcome
    /// errno of a failure.
    let errno: Int?
    /// From the SYN to the connection, or to the failure.
    let milliseconds: Int
}

extension NetworkLoop {
    /// Opens one connection and holds the conversation on it to its end; every way in which opening fails is a result.
    @NetworkLoop
    static func converse(
        _ conversation: any Conversation, with address: IPAddress, port: Int, connectTimeout: Int64
    ) async -> TCPConnect {
        let began = monotonicMilliseconds
        Traffic.count { $0.connections += 1 }
        let loop = shared.eventLoop
        let sides = NIOLoopBound((conversation, timers), eventLoop: loop)
        return await withUnsafeContinuation { continuation in
            let target: SocketAddress
            do {
                target = try SocketAddress(packedIPAddress: ByteBuffer(bytes: address.octets), port: port)
            } catch {
                return continuation.resume(returning: TCPConnect(failing: error, since: began))
            }
            ClientBootstrap(group: loop)
                .connectTimeout(.milliseconds(connectTimeout))
                .channelOption(.recvAllocator, value: replies)
                .connect(to: target)
                .whenComplete { result in
                    do {
                        let channel = try result.get()
                        // Nothing has been read yet: this is still the event that said that it is open.
                        let connection = TCPConnection(channel: channel, timers: sides.value.1)
                        try channel.pipeline.syncOperations.addHandler(connection)
                        let open = TCPConnect(
                            outcome: .open, errno: nil, milliseconds: Int(monotonicMilliseconds - began))
                        connection.begin(sides.value.0) { continuation.resume(returning: open) }
                    } catch {
                        continuation.resume(returning: TCPConnect(failing: error, since: began))
                    }
                }
        }
    }

    /// Replies are short, and each connection keeps what it has read into.
    private static let replies = AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 512, maximum: 16_384)
    @NetworkLoop private static let timers = TCPConnection.Timers(on: shared.eventLoop)

    /// The value of a future of this loop, awaited without leaving it.
    @NetworkLoop
    static func value<Value: Sendable>(of future: EventLoopFuture<Value>) async throws -> Value {
        try await withUnsafeThrowingContinuation { continuation in
            future.whenComplete { continuation.resume(with: $0) }
        }
    }
}

extension TCPConnect {
    fileprivate init(failing error: any Error, since began: Int64) {
        let (outcome, errno) = TCPOutcome.describing(error)
        self.init(outcome: outcome, errno: errno, milliseconds: Int(NetworkLoop.monotonicMilliseconds - began))
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
