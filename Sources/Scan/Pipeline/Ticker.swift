// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Does something again and again, with a pause before each time, until it is stopped.
@NetworkLoop
final class Ticker {
    private let interval: Int64
    private var isStopped = false
    private var timer: Scheduled<Void>?

    init(intervalMilliseconds: Int64) {
        interval = intervalMilliseconds
    }

    /// Comes back when it was stopped.
    func run(_ action: () async -> Void) async {
        while !isStopped {
            let timer = NetworkLoop.shared.eventLoop.scheduleTask(in: .milliseconds(interval)) {}
            self.timer = timer
            // The future is complete when the time has come, and when the timer was cancelled.
            await withUnsafeContinuation { continuation in
                timer.futureResult.whenComplete { _ in continuation.resume() }
            }
            if !isStopped { await action() }
        }
    }

    func stop() {
        isStopped = true
        timer?.cancel()
    }
}
