// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// One X.509 certificate in the library's memory. Parsing is the costly part of everything done with certificates, so
/// that an owner is shared and freed with its last user.
final class ParsedCertificate: Sendable {
    // X509 counts its references, and caches what it works out under a lock.
    nonisolated(unsafe) let handle: OpaquePointer

    /// Reads DER (RFC 5280 §4.1), which must be one certificate and nothing behind it; nil where it is not.
    init?(der: [UInt8]) {
        ErrorQueue.clear()
        var handle: OpaquePointer?
        var consumed = 0
        der.withUnsafeBufferPointer { buffer in
            var next = buffer.baseAddress
            handle = d2i_X509(nil, &next, buffer.count)
            if let next, let start = buffer.baseAddress { consumed = next - start }
        }
        ErrorQueue.clear()
        guard let handle else { return nil }
        guard consumed == der.count else {
            X509_free(handle)
            return nil
        }
        self.handle = handle
    }

    /// Takes over a reference that the caller owns.
    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        X509_free(handle)
    }

    /// SHA-256 over the DER as it was read, lower-case hex.
    var sha256: String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
            var count: UInt32 = 0
            guard X509_digest(handle, EVP_sha256(), digest.baseAddress, &count) == 1 else { return "" }
            return Hex.lower(digest)
        }
    }

    /// Issued by its own subject and signed by its own key. A key that cannot be read leaves the names to tell.
    var isSelfSigned: Bool {
        defer { ErrorQueue.clear() }
        let result = X509_self_signed(handle, 1)
        return result >= 0 ? result == 1 : hasFlag(UInt32(EXFLAG_SS))
    }

    /// One of the library's EXFLAG_ bits.
    func hasFlag(_ flag: UInt32) -> Bool {
        X509_get_extension_flags(handle) & flag != 0
    }
}

/// Digests as the tables write them.
enum Hex {
    static func lower(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// SHA-256 over bytes, lower-case hex; empty where the library has none, which no build does.
    static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
            var count: UInt32 = 0
            guard EVP_Digest(bytes.baseAddress, bytes.count, digest.baseAddress, &count, EVP_sha256(), nil) == 1
            else { return "" }
            return lower(digest)
        }
    }
}
