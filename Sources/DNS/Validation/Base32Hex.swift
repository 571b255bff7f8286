// SPDX-License-Identifier: Apache-2.0

/// Base32 with the extended hex alphabet (RFC 4648 §7), without padding, as NSEC3 owners are written (RFC 5155 §1.3).
enum Base32Hex {
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var octets: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text {
            let value: UInt8
            switch character {
            case 0x30...0x39: value = character - 0x30
            case 0x41...0x56: value = character - 0x37
            case 0x61...0x76: value = character - 0x57
            default: return nil
            }
            bits = bits << 5 | UInt32(value)
            count += 5
            if count >= 8 {
                count -= 8
                octets.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return octets
    }

    static func encode(_ octets: [UInt8]) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        func append(_ value: UInt32) {
            let digit = UInt8(value & 0x1F)
            text.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
        for octet in octets {
            bits = bits << 8 | UInt32(octet)
            count += 8
            while count >= 5 {
                count -= 5
                append(bits >> UInt32(count))
            }
        }
        if count > 0 { append(bits << UInt32(5 - count)) }
        return String(decoding: text, as: UTF8.self)
    }
}
