// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Where a task of the network loop goes when it is resumed: straight back to the loop.
///
/// Without this preference the runtime hands every resumed continuation to its own thread pool first, only to learn there
/// that the task belongs to the loop: 1.7 futex calls for every answer that was waited for, against next to none.
final class LoopTaskExecutor: TaskExecutor {
    /// The executor of the one loop.
    static let shared = LoopTaskExecutor()

    private init() {}

    /// Runs the job on the loop, in the isolation of `NetworkLoop`.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        NetworkLoop.shared.eventLoop.execute {
            job.runSynchronously(
                isolatedTo: NetworkLoop.shared.unownedExecutor, taskExecutor: self.asUnownedTaskExecutor())
        }
    }
}
