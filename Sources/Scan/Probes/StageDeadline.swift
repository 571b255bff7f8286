// SPDX-License-Identifier: Apache-2.0
import SMTP

/// One deadline for each stage of a dialogue: a peer that drips bytes does not move it.
struct StageDeadline {
    /// What is waited for; until the first wait, the greeting.
    private(set) var wait = SMTPSession.Wait.greeting
    private var moment: Int64?

    /// The next wait begins anew: something was said.
    mutating func restart() {
        moment = nil
    }

    /// When this wait is over, by `NetworkLoop.monotonicMilliseconds`.
    mutating func moment(for wait: SMTPSession.Wait, _ settings: ProbeSettings) -> Int64 {
        if let moment, self.wait == wait { return moment }
        self.wait = wait
        let moment = NetworkLoop.monotonicMilliseconds + settings.timeout(for: wait)
        self.moment = moment
        return moment
    }
}
