// SPDX-License-Identifier: Apache-2.0

/// Characters of the grammars (RFC 5234 appendix B.1).
extension UInt8 {
    /// ALPHA.
    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
    /// DIGIT.
    var isDigit: Bool { (0x30...0x39).contains(self) }
    /// WSP.
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    /// The lower-case letter of a letter; other octets as they are.
    var lowered: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

extension ArraySlice<UInt8> {
    /// Without spaces and tabs at both ends.
    var trimmingBlanks: ArraySlice<UInt8> {
        var trimmed = drop { $0.isBlank }
        while let last = trimmed.last, last.isBlank { trimmed.removeLast() }
        return trimmed
    }

    /// The octets as text; where they are no UTF-8, with U+FFFD.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// Whether this is the text, letters in any case.
    func equalsIgnoringCase(_ text: String) -> Bool {
        count == text.utf8.count && zip(self, text.utf8).allSatisfy { $0.lowered == $1.lowered }
    }
}

extension Array<UInt8> {
    /// Whether the octets begin with the text, letters in any case.
    func beginsIgnoringCase(_ text: String) -> Bool { self[...].prefix(text.utf8.count).equalsIgnoringCase(text) }

    /// Whether the text is among the octets, letters in any case. Takes as many steps as there are octets, times the
    /// length of a short word.
    func containsIgnoringCase(_ word: String) -> Bool {
        let length = word.utf8.count
        guard count >= length else { return false }
        return (0...(count - length)).contains { self[$0..<($0 + length)].equalsIgnoringCase(word) }
    }
}
