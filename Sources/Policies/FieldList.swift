// SPDX-License-Identifier: Apache-2.0

/// The grammar that MTA-STS and TLS-RPT records share (RFC 8461 §3.1, RFC 8460 §3): a version, then `name=value` fields,
/// separated by semicolons with white space around them, one semicolon allowed at the end.
///
/// Names and values are case-sensitive, and there is no white space around `=`.
struct FieldList {
    /// One field.
    struct Field {
        let name: ArraySlice<UInt8>
        let value: ArraySlice<UInt8>

        /// Whether the name is this one.
        func isNamed(_ text: String) -> Bool { name.elementsEqual(text.utf8) }

        /// `(ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")` and `1*(%x21-3A / %x3C / %x3E-7E)`.
        var isExtension: Bool {
            ExtensionName.isValid(name) && !value.isEmpty
                && value.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
        }
    }

    /// The fields behind the version, in their order; nil in the place of what is none.
    let fields: [Field?]

    /// What stands behind the version and its semicolon, and whether nothing stands between these two; nil where the text
    /// does not begin so.
    static func start(of text: [UInt8], _ version: String) -> (rest: ArraySlice<UInt8>, hasPlainStart: Bool)? {
        guard text.starts(with: version.utf8) else { return nil }
        let behind = text[version.utf8.count...]
        let delimiter = behind.drop { $0.isBlank }
        guard delimiter.first == UInt8(ascii: ";") else { return nil }
        return (delimiter.dropFirst(), delimiter.count == behind.count)
    }

    /// Reads what follows the version and its semicolon.
    init(afterVersion rest: ArraySlice<UInt8>) {
        var parts = rest.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(\.trimmingBlanks)
        // The one semicolon that may end the record, and a record that ends behind its version.
        if parts.last?.isEmpty == true { parts.removeLast() }
        fields = parts.map { part in
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            return Field(name: part[..<equals], value: part[(equals + 1)...])
        }
    }
}

/// Names of fields that a later standard may add (RFC 8461 §3.1 and §3.2, RFC 8460 §3).
enum ExtensionName {
    /// A letter or digit, then at most 31 letters, digits, `_`, `-` and `.`.
    static func isValid(_ name: ArraySlice<UInt8>) -> Bool {
        guard let first = name.first, first.isLetter || first.isDigit, name.count <= 32 else { return false }
        return name.allSatisfy { $0.isLetter || $0.isDigit || "_-.".utf8.contains($0) }
    }
}
