// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// OpenSSL 3.0 reads a certificate's key by walking every decoder of its provider times every type of key, although the
/// certificate names the one that it needs. That walk is the largest single cost of a client's handshake.
///
/// A provider (provider(7)) is a table of algorithms. This one hands out the default provider's own tables, less the
/// decoders and key types that no TLS handshake uses; what remains are the default provider's own functions. Only the
/// handshake uses it. Facts about certificates, and the verdicts, are worked out with the whole library, from the bytes.
enum LeanLibrary {
    /// A library context that knows only this provider, made once and kept while the process lives; nil where the
    /// library will not have it.
    nonisolated(unsafe) static let context: OpaquePointer? = {
        guard wholeProvider != nil, let context = OSSL_LIB_CTX_new() else { return nil }
        let added = OSSL_PROVIDER_add_builtin(context, "lean") { _, _, dispatch, providerContext in
            dispatch?.pointee = UnsafePointer(LeanLibrary.dispatch)
            // The algorithms are the default provider's, and expect its context.
            providerContext?.pointee = OSSL_PROVIDER_get0_provider_ctx(LeanLibrary.wholeProvider)
            return 1
        }
        guard added == 1, OSSL_PROVIDER_load(context, "lean") != nil else {
            OSSL_LIB_CTX_free(context)
            return nil
        }
        return context
    }()

    private nonisolated(unsafe) static let wholeProvider = OSSL_PROVIDER_load(nil, "default")

    /// Keys that certificates hold.
    private static let certificateKeys: Set = ["RSA", "RSA-PSS", "EC", "ED25519", "ED448", "DSA"]
    /// Keys that a handshake makes: key exchange, key derivation, and the MAC of suites older than AEAD.
    private static let handshakeKeys: Set = ["X25519", "X448", "DH", "HKDF", "TLS1-PRF", "HMAC"]

    // MARK: What the library calls

    private nonisolated(unsafe) static let dispatch: UnsafeMutablePointer<OSSL_DISPATCH> = {
        typealias Query =
            @convention(c) (UnsafeMutableRawPointer?, Int32, UnsafeMutablePointer<Int32>?) -> UnsafePointer<
                OSSL_ALGORITHM
            >?
        typealias Capabilities =
            @convention(c) (
                UnsafeMutableRawPointer?, UnsafePointer<CChar>?, shim_OSSL_CALLBACK?, UnsafeMutableRawPointer?
            ) -> Int32
        let query: Query = { _, operation, doNotCache in
            doNotCache?.pointee = 0
            return LeanLibrary.tables.indices.contains(Int(operation)) ? LeanLibrary.tables[Int(operation)] : nil
        }
        let capabilities: Capabilities = { _, capability, callback, argument in
            OSSL_PROVIDER_get_capabilities(LeanLibrary.wholeProvider, capability, callback, argument)
        }
        let table = UnsafeMutablePointer<OSSL_DISPATCH>.allocate(capacity: 3)
        table[0] = OSSL_DISPATCH(
            function_id: OSSL_FUNC_PROVIDER_QUERY_OPERATION,
            function: unsafeBitCast(query, to: (@convention(c) () -> Void).self))
        table[1] = OSSL_DISPATCH(
            function_id: OSSL_FUNC_PROVIDER_GET_CAPABILITIES,
            function: unsafeBitCast(capabilities, to: (@convention(c) () -> Void).self))
        table[2] = OSSL_DISPATCH(function_id: 0, function: nil)
        return table
    }()

    // MARK: The tables

    /// One table an operation, each ending in an entry without a name; nil for operations that TLS does not need.
    private nonisolated(unsafe) static let tables: [UnsafePointer<OSSL_ALGORITHM>?] = (0...OSSL_OP__HIGHEST).map {
        operation -> UnsafePointer<OSSL_ALGORITHM>? in
        guard operation != OSSL_OP_ENCODER, operation != OSSL_OP_STORE else { return nil }
        var doNotCache: Int32 = 0
        guard let whole = OSSL_PROVIDER_query_operation(wholeProvider, operation, &doNotCache) else { return nil }
        var kept: [OSSL_ALGORITHM] = []
        var next = whole
        while next.pointee.algorithm_names != nil {
            if isNeeded(next.pointee, for: operation) { kept.append(next.pointee) }
            next += 1
        }
        kept.append(next.pointee)
        let table = UnsafeMutablePointer<OSSL_ALGORITHM>.allocate(capacity: kept.count)
        table.initialize(from: kept, count: kept.count)
        return UnsafePointer(table)
    }

    private static func isNeeded(_ algorithm: OSSL_ALGORITHM, for operation: Int32) -> Bool {
        guard let names = algorithm.algorithm_names, let properties = algorithm.property_definition else {
            return false
        }
        let name = String(cString: names).split(separator: ":").first.map(String.init) ?? ""
        switch operation {
        case OSSL_OP_KEYMGMT:
            return certificateKeys.contains(name) || handshakeKeys.contains(name)
        case OSSL_OP_DECODER:
            let definition = String(cString: properties)
            return certificateKeys.contains(name) && definition.contains("structure=SubjectPublicKeyInfo")
                && definition.contains("input=der")
        default:
            return true
        }
    }
}
