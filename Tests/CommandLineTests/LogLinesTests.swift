// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import mxcensus

/// A value is one word or one JSON string, and never ends the line or moves the cursor.
struct LogLinesTests {
    @Test(arguments: ["complete", "127.0.0.1:53", "a/b", "é"])
    func oneWordIsBare(value: String) {
        #expect(LogLines.quoted(value) == value)
    }

    @Test(arguments: ["", "two words", "a=b", "\"", "\\", "\r\n", "\u{1B}[31m", "\u{7F}", "a/b c", "é \u{0}"])
    func othersAreQuoted(value: String) throws {
        let quoted = LogLines.quoted(value)
        let read = try JSONSerialization.jsonObject(with: Data(quoted.utf8), options: .fragmentsAllowed) as? String
        #expect(read == value)
        #expect(quoted.unicodeScalars.allSatisfy { $0 >= " " && $0 != "\u{7F}" })
    }
}
