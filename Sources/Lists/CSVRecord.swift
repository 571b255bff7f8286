// SPDX-License-Identifier: Apache-2.0

/// One record of comma-separated values (RFC 4180 §2).
enum CSVRecord {
    case fields([[UInt8]])
    /// A quoted field has not been closed: it goes on in the next line.
    case open
    /// Something stands behind a closing quote.
    case malformed

    init(_ octets: [UInt8], separator: UInt8) {
        let quote = UInt8(ascii: "\"")
        var fields: [[UInt8]] = []
        var rest = octets[...]
        while true {
            var field: [UInt8] = []
            if rest.first == quote {
                rest.removeFirst()
                while true {
                    guard let end = rest.firstIndex(of: quote) else {
                        self = .open
                        return
                    }
                    field += rest[..<end]
                    rest = rest[(end + 1)...]
                    guard rest.first == quote else { break }
                    field.append(quote)  // RFC 4180 §2.7: a doubled quote stands for itself
                    rest.removeFirst()
                }
                guard rest.isEmpty || rest.first == separator else {
                    self = .malformed
                    return
                }
            } else {
                let end = rest.firstIndex(of: separator) ?? rest.endIndex
                field += rest[..<end]
                rest = rest[end...]
            }
            fields.append(field)
            guard !rest.isEmpty else { break }
            rest.removeFirst()
        }
        self = .fields(fields)
    }
}
