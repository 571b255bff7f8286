// SPDX-License-Identifier: Apache-2.0

/// The encodings of octets in presentation form: hexadecimal and base64 (RFC 4648 §§4, 8).
enum PresentationFormat {
    static func hexadecimal(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map(nibble)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var octets: [UInt8] = []
        for at in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[at], let low = digits[at + 1] else { return nil }
            octets.append(high << 4 | low)
        }
        return octets
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    static func base64(_ text: some StringProtocol) -> [UInt8]? {
        let characters = Array(text.utf8)
        let padding = characters.suffix(2).count { $0 == UInt8(ascii: "=") }
        guard characters.count.isMultiple(of: 4) else { return nil }
        var octets: [UInt8] = []
        var bits: UInt32 = 0
        for (index, character) in characters.dropLast(padding).enumerated() {
            guard let value = sextet(character) else { return nil }
            bits = bits << 6 | UInt32(value)
            if index % 4 != 0 { octets.append(UInt8(bits >> UInt32(6 - 2 * (index % 4)) & 0xFF)) }
        }
        return octets
    }

    private static func sextet(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x61...0x7A: character - 0x47
        case 0x30...0x39: character + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
