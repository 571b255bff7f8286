// SPDX-License-Identifier: Apache-2.0
import Foundation
import Store

/// JSON for programs: keys sorted, so that two runs can be compared as text.
enum JSONText {
    /// One object, over several lines for people who look at it too, or on one.
    static func object(_ object: Any, isLine: Bool = false) -> String {
        var options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        if !isLine { options.insert(.prettyPrinted) }
        guard let data = try? JSONSerialization.data(withJSONObject: object, options: options) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// One string. Terminals act on DEL, which JSON leaves as it is.
    static func string(_ text: String) -> String {
        let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: text, options: options) else { return "\"\"" }
        return String(decoding: data, as: UTF8.self).replacing("\u{7F}", with: "\\u007f")
    }

    /// A cell of a table.
    static func value(_ value: DomainReport.Value) -> Any {
        switch value {
        case .text(let text): text
        case .integer(let number): number
        case .number(let number): number
        case .boolean(let flag): flag
        case .json(let text): (try? JSONSerialization.jsonObject(with: Data(text.utf8))) ?? NSNull()
        }
    }
}
