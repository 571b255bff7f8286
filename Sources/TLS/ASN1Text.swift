// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations

/// ASN.1 strings, identifiers and times as values.
enum ASN1Text {
    static func bytes(_ string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
        let count = Int(ASN1_STRING_length(string))
        guard count > 0, let data = ASN1_STRING_get0_data(string) else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: count))
    }

    /// Octets that are not printable ASCII as `\xHH`: a NUL inside a name must stay visible, since old clients read
    /// only up to it.
    static func printable(_ bytes: [UInt8]) -> String {
        bytes.map { (0x21...0x7E).contains($0) ? String(UnicodeScalar($0)) : "\\x" + Hex.lower([$0]) }.joined()
    }

    /// UTF-8 as it is, but for control characters, which are written as `\xHH`.
    static func withoutControls(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            if byte < 0x20 || byte == 0x7F {
                text.append(contentsOf: "\\x\(Hex.lower([byte]))".utf8)
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `1.2.840.113549.1.1.11`.
    static func dotted(_ identifier: OpaquePointer?) -> String {
        guard let identifier else { return "" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress, OBJ_obj2txt(start, Int32(buffer.count), identifier, 1) > 0
            else { return "" }
            return String(cString: start)
        }
    }
}

extension ParsedCertificate {
    var validFrom: Timestamp? { Self.timestamp(X509_get0_notBefore(handle)) }
    var validUntil: Timestamp? { Self.timestamp(X509_get0_notAfter(handle)) }

    /// UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5); nil where it is neither.
    private static func timestamp(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp? {
        guard let time, let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Timestamp(seconds: Int64(days) * 86_400 + Int64(seconds))
    }
}
