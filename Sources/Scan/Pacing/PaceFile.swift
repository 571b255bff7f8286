// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A pace from a file: one scope a line with what it allows, `#` begins a comment. Scopes that are not named keep their
/// defaults.
///
///     address   concurrent=1 spacing=2 per_scan=40     two seconds between the beginnings of two connections
///     provider  concurrent=4
///     global    per_second=50 concurrent=200
///     network   none                                   no limit at all
///     retry     scale=0.5                              half the times between attempts; 0 for none
public enum PaceFile {
    /// A line that cannot be understood, or a file that cannot be read. What was meant to protect others must not be
    /// lost, so nothing is begun.
    public struct Malformed: Error, Sendable, Hashable, CustomStringConvertible {
        /// The file.
        public let file: String
        /// From 1; 0 for the file as a whole.
        public let line: Int
        /// What is wrong, in a few words.
        public let reason: String

        /// One line for a person.
        public var description: String { line > 0 ? "\(file):\(line): \(reason)" : "\(file): \(reason)" }
    }

    /// `default`, `lab`, or the path of a file.
    public static func pace(named name: String) throws(Malformed) -> Pace {
        switch name {
        case "default": return .default
        case "lab": return .lab
        default:
            guard let data = FileManager.default.contents(atPath: name) else {
                throw Malformed(file: name, line: 0, reason: "cannot be read; name a file, `default` or `lab`")
            }
            guard let text = String(data: data, encoding: .utf8) else {
                throw Malformed(file: name, line: 0, reason: "is not UTF-8")
            }
            return try parse(text, file: name)
        }
    }

    /// Reads the lines of a file; `file` is for messages.
    public static func parse(_ text: String, file: String) throws(Malformed) -> Pace {
        var pace = Pace.default
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let subject = words.first else { continue }
            do throws(Problem) {
                try read(subject, words.dropFirst(), into: &pace)
            } catch {
                throw Malformed(file: file, line: index + 1, reason: error.reason)
            }
        }
        return pace
    }

    private struct Problem: Error {
        let reason: String
    }

    private static func read(_ subject: String, _ words: ArraySlice<String>, into pace: inout Pace) throws(Problem) {
        guard !words.isEmpty else { throw Problem(reason: "`\(subject)` says nothing; write `none` for no limit") }
        if subject == "retry" {
            for word in words { pace.retryScale = try retryScale(word) }
            return
        }
        guard let scope = PaceScope(rawValue: subject) else {
            let known = PaceScope.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(reason: "`\(subject)` is no scope; there are \(known), and retry")
        }
        pace[scope] = try limit(words)
    }

    private static func limit(_ words: ArraySlice<String>) throws(Problem) -> PaceLimit {
        var limit = PaceLimit()
        guard words != ["none"] else { return limit }
        for word in words {
            let (name, value) = try pair(word)
            switch name {
            case "concurrent": limit.concurrent = try count(value, name)
            case "per_second": limit.perSecond = try count(value, name)
            case "per_scan": limit.perScan = try count(value, name)
            case "spacing": limit.spacing = try number(value, name, in: 0.001...86_400)
            default: throw Problem(reason: "`\(name)` is not concurrent, spacing, per_second or per_scan")
            }
        }
        return limit
    }

    private static func retryScale(_ word: String) throws(Problem) -> Double {
        let (name, value) = try pair(word)
        guard name == "scale" else { throw Problem(reason: "`\(name)` is not scale") }
        return try number(value, name, in: 0...100)
    }

    private static func pair(_ word: String) throws(Problem) -> (String, String) {
        guard let equals = word.firstIndex(of: "=") else { throw Problem(reason: "`\(word)` is no name=value") }
        return (String(word[..<equals]), String(word[word.index(after: equals)...]))
    }

    private static func count(_ text: String, _ name: String) throws(Problem) -> Int {
        guard let value = Int(text), (1...1_000_000).contains(value) else {
            throw Problem(reason: "\(name)=\(text) is not between 1 and 1000000")
        }
        return value
    }

    private static func number(_ text: String, _ name: String, in range: ClosedRange<Double>) throws(Problem) -> Double
    {
        guard let value = Double(text), range.contains(value) else {
            throw Problem(reason: "\(name)=\(text) is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return value
    }
}
