// SPDX-License-Identifier: Apache-2.0
import SMTP

/// One deadline for each stage of a dialogue: a peer that drips bytes does not move it.
@NetworkLoop
struct StageDeadline {
    private var stage: SMTPSession.Wait?
    private var deadline: Int64 = 0

    nonisolated init() {}

    /// The next wait begins anew: something was said.
    mutating func restart() {
        stage = nil
    }

    /// Milliseconds that are left for this wait.
    mutating func remaining(for wait: SMTPSession.Wait, _ settings: ProbeSettings) -> Int64 {
        let now = NetworkLoop.monotonicMilliseconds
        if stage != wait {
            stage = wait
            deadline = now + settings.timeout(for: wait)
        }
        return max(0, deadline - now)
    }
}
