// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mutations
import Observations
import Policies
import Testing

/// MTA-STS records and policy files near the right ones, against the grammars of RFC 8461 as regular expressions.
struct STSFuzzTests {
    static let records = [
        "v=STSv1; id=20160831085700Z;", "v=STSv1;id=a", "v=STSv1; id=a; more=a; ext=2", "v=STSv1; x.y-z_1=!; id=a",
        "v=STSv1; id=12345678901234567890123456789012", "v=STSv1; id=foo; id=b-r ;", "v=STSv1 ;\tid=a",
    ]
    static let recordWords = ["v=STSv1;", ";", "=", "id=", "id", "abcdefghijklmnopqrstuvwxyz", "-", "_", "."]

    @Test func recordsAreTakenByTheGrammar() throws {
        let identifier = try NSRegularExpression(pattern: ";[ \\t]*id=([^;]*)")
        var taken = 0
        for text in Mutations(of: Self.records, words: Self.recordWords, count: 8_000, seed: 8_461) {
            let seen = STSRecord.observe(.texts([text]))
            let isSound = Grammar.matches(text, Grammar.stsRecord)
            let id = isSound ? Grammar.firstCapture(text, identifier) : nil
            let isValid = id.map { (1...32).contains($0.count) && $0.allSatisfy(isLetterOrDigit) } ?? false
            #expect((seen.outcome == .valid) == isValid, "\(PolicyText(text).text): \(seen.outcome)")
            #expect(seen.outcome != .valid || seen.id?.utf8.count == id?.count)
            #expect(seen.raw?.text.utf8.count ?? 0 <= PolicyText.limit)
            taken += isValid ? 1 : 0
        }
        #expect((800...7_200).contains(taken), "the inputs are too good or too bad: \(taken)")
    }

    static let policies = [
        "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n",
        "version:STSv1\nmode:none\nmax_age:0", "mode: testing \nmx: a.example\nversion: STSv1\nmax_age: 31557600\n",
        "version: STSv1\nmode: enforce\nmode: none\nmax_age: 86400\nmx: mx1.example\nmore: ext e ns ion\n",
    ]
    static let policyWords = [
        "version: STSv1", "version:", "mode:", "enforce", "testing", "none", "max_age:", "0123456789", "31557601",
        "mx:",
        "*.", "a.b.example", "-", ":", "\n", "\r\n", "\n\n", "x_y.z-1: v", "\u{E9}",
    ]

    @Test func policiesAreTakenByTheGrammar() {
        var taken = 0
        for body in Mutations(of: Self.policies, words: Self.policyWords, count: 8_000, seed: 3_2) {
            let seen = STSPolicy.read(body)
            let expected = Self.mode(of: body)
            let isValid = seen.outcome.rawValue.hasPrefix("valid_")
            #expect((isValid ? seen.mode?.rawValue : nil) == expected, "\(PolicyText(body).text): \(seen.outcome)")
            #expect(!isValid || seen.mode != nil && seen.maxAge != nil)
            taken += expected == nil ? 0 : 1
        }
        #expect((800...7_200).contains(taken), "the inputs are too good or too bad: \(taken)")
    }

    /// The mode of a valid policy; nil where the body is none. Reads each line by itself.
    private static func mode(of body: [UInt8]) -> String? {
        guard !body.contains(0), String(validating: body, as: UTF8.self) != nil else { return nil }
        var lines = body.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            Array(line.last == 0x0D ? line.dropLast() : line)
        }
        while let last = lines.last, last.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { lines.removeLast() }
        var values: [String: [UInt8]] = [:]
        var hasMX = false
        for line in lines {
            guard Grammar.matches(line, Grammar.policyLine),
                !line.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7F })
            else { return nil }
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(decoding: parts[0], as: UTF8.self)
            let blanks: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
            let value = Array(parts[1].drop(while: blanks).reversed().drop(while: blanks).reversed())
            if key == "mx" {
                guard Grammar.matches(value, Grammar.mxPattern) else { return nil }
                hasMX = true
            } else if values[key] == nil {
                values[key] = value
            }
        }
        guard let version = values["version"], Grammar.matches(version, Grammar.version),
            let mode = values["mode"], Grammar.matches(mode, Grammar.mode),
            let age = values["max_age"], Grammar.matches(age, Grammar.seconds),
            let seconds = Int(String(decoding: age, as: UTF8.self)), seconds <= 31_557_600
        else { return nil }
        let word = String(decoding: mode, as: UTF8.self)
        return hasMX || word == "none" ? word : nil
    }
}

func isLetterOrDigit(_ octet: UInt8) -> Bool {
    (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
}
