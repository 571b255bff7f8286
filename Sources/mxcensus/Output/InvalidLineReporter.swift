// SPDX-License-Identifier: Apache-2.0
import Foundation
import Lists
import Synchronization

/// Names the first lines that are no domain, and counts them all.
final class InvalidLineReporter: Sendable {
    private let seen = Mutex(0)
    private let unreadable = Mutex(0)
    private let say: @Sendable (String) -> Void
    private static let named = 10

    init(say: @escaping @Sendable (String) -> Void) {
        self.say = say
    }

    var count: Int { seen.withLock { $0 } }
    var hasUnreadable: Bool { unreadable.withLock { $0 } > 0 }

    /// Said even to who wants quiet: a list that is missing from a survey is an error.
    func take(_ problem: ListError) {
        unreadable.withLock { $0 += 1 }
        StandardError.write("mxcensus: \(problem)\n")
    }

    func take(_ line: InvalidLine) {
        let number = seen.withLock { seen in
            seen += 1
            return seen
        }
        if number <= Self.named { say("\(line)") }
        if number == Self.named + 1 { say("further lines that are no domain are in the table input_errors") }
    }
}
