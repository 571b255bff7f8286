// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// Groups have two names: the library's (`prime256v1`) and the registry's (`secp256r1`, IANA "TLS Supported Groups").
enum CurveName {
    /// The library's name for the group of a key; nil where it has none.
    static func library(of key: OpaquePointer) -> String? {
        var count = 0
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 80) { buffer in
            guard let start = buffer.baseAddress,
                EVP_PKEY_get_group_name(key, start, buffer.count, &count) == 1
            else { return nil }
            return String(cString: start)
        }
    }

    /// The registry's name for the curve of a key.
    static func iana(of key: OpaquePointer) -> String? {
        library(of: key).map { name in
            switch name {
            case "prime256v1": "secp256r1"
            case "prime192v1": "secp192r1"
            default: name
            }
        }
    }
}
