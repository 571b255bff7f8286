// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// SHA-256 over data that comes in pieces, such as a list that is larger than memory.
public struct StreamingDigest: ~Copyable {
    private let context: OpaquePointer

    /// A digest of nothing so far.
    public init() throws(TLSLibraryError) {
        guard let context = EVP_MD_CTX_new() else { throw TLSLibraryError("EVP_MD_CTX_new") }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw TLSLibraryError("EVP_DigestInit_ex")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Takes the next piece.
    public func update(_ bytes: some Sequence<UInt8>) {
        let piece = Array(bytes)
        EVP_DigestUpdate(context, piece, piece.count)
    }

    /// Lower-case hex, once.
    public consuming func finish() -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
            EVP_DigestFinal_ex(context, digest.baseAddress, nil) == 1 ? Hex.lower(digest) : ""
        }
    }
}
