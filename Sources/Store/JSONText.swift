// SPDX-License-Identifier: Apache-2.0
// Arrays and objects are JSON strings in their columns (RFC 8259). Written here, keys sorted, so that equal values are
// equal octets; read back with SQLite's own JSON functions.

enum JSONText {
    /// `["a","b"]`
    static func array(_ values: some Sequence<String>) -> String {
        "[" + values.map(string).joined(separator: ",") + "]"
    }

    /// `{"a":"b"}`, keys in the order of their octets.
    static func object(_ values: [String: String]) -> String {
        let members = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return "{" + members.map { string($0.key) + ":" + string($0.value) }.joined(separator: ",") + "}"
    }

    /// A JSON string: quotation mark, backslash and the C0 controls escaped (RFC 8259 §7).
    static func string(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            return "\"" + value + "\""
        }
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..<" ":
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    /// The strings of an array that `array` wrote.
    static func strings(_ text: String?) -> [String] {
        guard let text else { return [] }
        var reader = JSONStringReader(text)
        return reader.all()
    }
}

/// Takes the strings out of a JSON array of strings; anything else in the text is passed over.
private struct JSONStringReader {
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) { rest = Substring(text).unicodeScalars }

    mutating func all() -> [String] {
        var found: [String] = []
        while let scalar = rest.popFirst() {
            if scalar == "\"" { found.append(one()) }
        }
        return found
    }

    private mutating func one() -> String {
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst(), scalar != "\"" {
            text.append(scalar == "\\" ? escaped() : scalar)
        }
        return String(text)
    }

    private mutating func escaped() -> Unicode.Scalar {
        switch rest.popFirst() {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            let digits = rest.prefix(4)
            rest.removeFirst(digits.count)
            return UInt32(String(digits), radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
        case let scalar?: return scalar
        case nil: return "\\"
        }
    }
}
