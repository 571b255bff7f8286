// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DNS
import Foundation
import Lists
import Observations

/// A file of questions for `resolve`: a name and a record type on each line, `#` before a comment. Lines that are no
/// question are told and passed over.
struct QuestionList {
    private(set) var questions: [Question] = []
    /// `file:line: what is wrong`.
    private(set) var mistakes: [String] = []

    init(path: String) throws {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw FileProblem(path: path, doing: "read", error: error)
        }
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard !words.isEmpty else { continue }
            do {
                guard words.count == 2 else { throw ValidationError("'\(line)' is not NAME TYPE") }
                questions.append(try Question(name: words[0], type: words[1]))
            } catch {
                mistakes.append("\(path):\(index + 1): \(error)")
            }
        }
    }
}

extension Question {
    /// Reads a name in any script and a record type, as people write them.
    init(name: String, type: String) throws(ValidationError) {
        guard let number = RecordType(mnemonic: type) else {
            throw ValidationError("'\(type)' is no record type; write A, MX, TLSA or TYPE123")
        }
        do {
            self.init(name: try DomainName(anyScript: name), type: number)
        } catch {
            throw ValidationError("'\(name)' is no domain name: \(error)")
        }
    }
}
