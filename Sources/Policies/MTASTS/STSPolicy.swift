// SPDX-License-Identifier: Apache-2.0

public import Observations

/// The policy file (RFC 8461 §3.2): lines of `key: value` that end with LF or CRLF, in any order.
///
/// * Keys are case-sensitive and end at the colon; blanks may follow the colon and end the line.
/// * `version`, `mode` and `max_age` are required, and `mx` at least once unless the mode is `none`.
/// * Of a key that appears twice the first counts, `mx` aside. Keys that nobody knows are ignored, if they follow the
///   grammar.
/// * What is sound is read also where something else is wrong, so that it can be told and kept; only a valid policy is one.
/// * The last line needs no end. Blank lines behind it are forgiven, as editors write them; between lines they are not.
public enum STSPolicy {
    /// The longest `max_age`: about a year.
    static let maximumAge = 31_557_600
    /// Up to here senders forget the policy within a day.
    static let shortAge = 86_400

    /// Reads a body of any length, once from front to end.
    public static func read(_ body: [UInt8]) -> STSPolicyObservation {
        var reading = Reading()
        reading.flag(.crOnly, body.contains(0x0D) && !body.contains(0x0A))
        for line in lines(of: body) { reading.add(line) }
        let isText = !body.contains(0) && String(validating: body, as: UTF8.self) != nil
        return isText ? reading.judged : reading.observation(.notText)
    }

    /// The lines without their ends, blank ones at the end left out.
    private static func lines(of body: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = body[...].split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            line.last == 0x0D ? line.dropLast() : line
        }
        while let last = lines.last, last.trimmingBlanks.isEmpty { lines.removeLast() }
        return lines
    }

    /// What has been read so far.
    private struct Reading {
        private var values: [String: ArraySlice<UInt8>] = [:]
        private var lineOf: [String: Int] = [:]
        private var patterns: [String] = []
        private var badPatternLine: Int?
        private var badLine: Int?
        private var flags: Set<STSPolicyObservation.Flag> = []
        private var count = 0

        mutating func flag(_ flag: STSPolicyObservation.Flag, _ isTrue: Bool = true) {
            if isTrue { flags.insert(flag) }
        }

        mutating func add(_ line: ArraySlice<UInt8>) {
            count += 1
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), ExtensionName.isValid(line[..<colon]),
                !line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F })
            else {
                badLine = badLine ?? count
                return
            }
            let key = line[..<colon].text
            let value = line[(colon + 1)...].trimmingBlanks
            switch key {
            case "mx":
                if let pattern = MXPattern(value) {
                    patterns.append(pattern.text)
                } else {
                    badPatternLine = badPatternLine ?? count
                }
            case "version", "mode", "max_age":
                flag(.duplicateKeyIgnored, values[key] != nil)
                if values[key] == nil { (values[key], lineOf[key]) = (value, count) }
            default:
                flag(.unknownKey)
                if value.isEmpty || value.contains(0x09) { badLine = badLine ?? count }
            }
        }

        /// The first fault: the version first, since another version may have another grammar; then the lines; then what
        /// is missing or wrong, in the order of the vocabulary.
        var judged: STSPolicyObservation {
            if let version = values["version"], !version.elementsEqual("STSv1".utf8), badLine == nil {
                return observation(.badVersion, line: lineOf["version"])
            }
            if let badLine { return observation(.badLine, line: badLine) }
            guard values["version"] != nil else { return observation(.noVersion) }
            guard values["mode"] != nil else { return observation(.noMode) }
            guard let mode else { return observation(.badMode, line: lineOf["mode"]) }
            guard values["max_age"] != nil else { return observation(.noMaxAge) }
            guard let age else { return observation(.badMaxAge, line: lineOf["max_age"]) }
            guard badPatternLine == nil else { return observation(.badMXPattern, line: badPatternLine) }
            guard !patterns.isEmpty || mode == .none else { return observation(.noMX) }
            var copy = self
            copy.flag(.maxAgeShort, age <= STSPolicy.shortAge && mode != .none)
            let outcome: STSPolicyOutcome =
                switch mode {
                case .enforce: .validEnforce
                case .testing: .validTesting
                case .none: .validNone
                }
            return copy.observation(outcome)
        }

        private var mode: STSPolicyObservation.Mode? {
            values["mode"].flatMap { STSPolicyObservation.Mode(rawValue: $0.text) }
        }

        /// `1*10DIGIT`, up to a year.
        private var age: Int? {
            guard let text = values["max_age"], (1...10).contains(text.count), text.allSatisfy(\.isDigit),
                let seconds = Int(text.text), seconds <= STSPolicy.maximumAge
            else { return nil }
            return seconds
        }

        func observation(_ outcome: STSPolicyOutcome, line: Int? = nil) -> STSPolicyObservation {
            STSPolicyObservation(
                outcome: outcome, mode: mode, maxAge: age, patterns: patterns,
                flags: STSPolicyObservation.Flag.allCases.filter(flags.contains), line: line)
        }
    }
}
