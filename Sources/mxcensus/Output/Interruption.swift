// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Scan

/// ^C and SIGTERM: the first lets what is in flight finish and be written, the second ends the program at once. The
/// database is whole either way. SIGHUP has the files read again that may change while the program runs.
final class Interruption {
    private var sources: [any DispatchSourceSignal] = []

    init(
        stop: StopSignal, say: @escaping @Sendable (String) -> Void,
        hangUp: @escaping @Sendable @NetworkLoop () async -> Void
    ) {
        signal(SIGHUP, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler { Task { await hangUp() } }
        source.resume()
        sources.append(source)
        let count = Count()
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                guard count.next() == 1 else {
                    StandardError.write("\nstopped at once; the same command again goes on\n")
                    Foundation.exit(1)
                }
                say("stopping: what is in flight is finished and written; once more stops at once")
                Task { @NetworkLoop in stop.raise() }
            }
            source.resume()
            sources.append(source)
        }
    }

    /// Signals do again what they did before.
    func end() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    }

    private final class Count: @unchecked Sendable {
        private let lock = NSLock()
        private var value = 0

        func next() -> Int {
            lock.withLock {
                value += 1
                return value
            }
        }
    }
}
