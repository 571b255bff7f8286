// SPDX-License-Identifier: Apache-2.0

private import CIDN2

/// Names in other scripts (IDNA2008, RFC 5891), mapped as UTS #46 does without the transitional rules, so that `ß`
/// stays `ß` as registries and browsers have it.
enum InternationalName {
    /// Lower-case A-labels of a name that has U-labels.
    static func aLabels(of text: String) throws(InvalidReason) -> String {
        var output: UnsafeMutablePointer<UInt8>?
        let flags = CInt(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
        let code = idn2_lookup_u8(text, &output, flags)
        defer { idn2_free(output) }
        switch code {
        case IDN2_OK.rawValue:
            guard let output else { throw .notIDNA }
            return String(cString: output)
        case IDN2_TOO_BIG_LABEL.rawValue, IDN2_PUNYCODE_BIG_OUTPUT.rawValue: throw .labelTooLong
        case IDN2_TOO_BIG_DOMAIN.rawValue: throw .nameTooLong
        default: throw .notIDNA
        }
    }

    /// U-labels of a name that has A-labels; nil where there are none, or where they do not lead back to the same
    /// A-labels (RFC 5891 §5.4): such names are registered and answer in DNS, but no text may stand for them.
    static func uLabels(of text: String) -> String? {
        var output: UnsafeMutablePointer<CChar>?
        let code = idn2_to_unicode_8z8z(text, &output, 0)
        defer { idn2_free(output) }
        guard code == IDN2_OK.rawValue, let output else { return nil }
        let unicode = String(cString: output)
        guard unicode != text, (try? aLabels(of: unicode)) == text else { return nil }
        return unicode
    }
}
