// SPDX-License-Identifier: Apache-2.0
public import NIOCore
import NIOPosix

/// The one thread on which everything that touches the network runs.
///
/// Its executor is a single event loop, so that a slot of the scan, the resolver's cache and a connection's callbacks
/// share state without locks and without a hop between threads: an `await` that waits for a socket resumes where the
/// socket is read. One core is far more than a polite survey needs; more cores mean more processes.
@globalActor
public actor NetworkLoop {
    /// The loop of this process.
    public static let shared = NetworkLoop()

    /// The event loop behind the executor.
    public nonisolated let eventLoop: any EventLoop

    private init() {
        NIOSingletons.groupLoopCountSuggestion = 1
        eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    }

    /// Jobs of this actor run on the event loop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        eventLoop.executor.asUnownedSerialExecutor()
    }
}

extension NetworkLoop {
    /// Makes the loop's thread the one of all tasks of this process; for a program whose tasks mostly wait for the network.
    ///
    /// A continuation is resumed by way of the runtime's global executor, and only then by way of its actor: for each
    /// answer a thread of the runtime's own pool is woken to hand it back to the loop. Where the runtime does not let
    /// itself be told otherwise, it stays so. To be called once, before there are any tasks.
    public static func takeOverConcurrency() {
        _ = shared
        NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
    }

    /// Milliseconds of a clock that never goes back; only differences mean anything.
    public nonisolated static var monotonicMilliseconds: Int64 {
        Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000)
    }

    /// Waits on the loop without holding a thread.
    @NetworkLoop
    static func sleep(milliseconds: Int64) async {
        await withUnsafeContinuation { continuation in
            _ = shared.eventLoop.scheduleTask(in: .milliseconds(max(0, milliseconds))) { continuation.resume() }
        }
    }
}
