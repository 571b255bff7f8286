// SPDX-License-Identifier: Apache-2.0

/// A record as a zone file has it (RFC 1035 §5.1), to be copied.
enum ZoneFileLine {
    /// A TXT record. A text of more than 255 octets is several strings (RFC 1035 §3.3), which readers join without a blank.
    static func txt(at name: String, _ text: String) -> String {
        var strings: [String] = []
        var rest = Array(text.utf8)[...]
        repeat {
            strings.append(quoted(rest.prefix(255)))
            rest = rest.dropFirst(255)
        } while !rest.isEmpty
        return "`\(name). TXT \(strings.joined(separator: " "))`"
    }

    private static func quoted(_ octets: ArraySlice<UInt8>) -> String {
        let special = "\"\\".utf8
        let escaped = octets.flatMap { special.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
        return "\"" + String(decoding: escaped, as: UTF8.self) + "\""
    }
}
