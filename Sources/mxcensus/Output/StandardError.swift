// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Where the program talks about itself.
enum StandardError {
    /// Writes at once. A disk that is full, or a reader that is gone, costs the words and not what they are about.
    static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
