// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What a piece of advice proposes, read as the program that it is copied into would.
enum Proposal {
    /// A TXT record of a zone file.
    struct TXT {
        let name: String
        let strings: [String]

        var text: String { strings.joined() }
    }

    /// The records between backticks.
    static func records(in advice: String) -> [TXT] {
        advice.matches(of: /`([^ `]+) TXT ("(?:[^"\\]|\\.)*"(?: "(?:[^"\\]|\\.)*")*)`/).map { match in
            let strings = match.2.matches(of: /"((?:[^"\\]|\\.)*)"/).map { string in
                String(string.1).replacing(/\\(.)/) { String($0.1) }
            }
            return TXT(name: String(match.1), strings: strings)
        }
    }

    /// The lines of the policy file.
    static func file(in advice: String) -> [String] {
        advice.split(separator: "\n").dropFirst().filter { $0.hasPrefix("        ") }.map { String($0.dropFirst(8)) }
    }
}
