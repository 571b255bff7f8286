// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What the terminal, if it is one, can show.
enum Terminal {
    /// Colours only where a person looks on, and not where NO_COLOR asks for none (https://no-color.org).
    static var hasColours: Bool {
        isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
    }
}

/// How a fact is shown: good, bad, not known, or neither.
enum Tone: String {
    case good = "32"
    case bad = "31"
    case unknown = "33"
    case plain = "0"
    case strong = "1"

    func paint(_ text: String, colours: Bool) -> String {
        colours && self != .plain ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
