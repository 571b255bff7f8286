// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations

/// Distinguished names as text (RFC 4514), without what identifies a person: e-mail addresses, given names, surnames.
enum DistinguishedName {
    /// `CN=mx.example,O=Example,C=DE`: the most specific part first.
    static func text(_ name: OpaquePointer?) -> String {
        guard let name, let published = X509_NAME_dup(name) else { return "" }
        defer { X509_NAME_free(published) }
        var index = X509_NAME_entry_count(published) - 1
        while index >= 0 {
            if let entry = X509_NAME_get_entry(published, index), isPersonal(entry) {
                X509_NAME_ENTRY_free(X509_NAME_delete_entry(published, index))
            }
            index -= 1
        }
        guard let bio = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(bio) }
        // RFC 2253's flags, but UTF-8 is written as it is.
        let flags = shim_XN_FLAG_RFC2253() & ~UInt(ASN1_STRFLGS_ESC_MSB)
        guard X509_NAME_print_ex(bio, published, 0, flags) >= 0 else { return "" }
        let count = BIO_ctrl_pending(bio)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = count == 0 ? 0 : Int(max(0, BIO_read(bio, buffer.baseAddress, Int32(clamping: count))))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All common names, the most specific last.
    static func commonNames(_ name: OpaquePointer?) -> [String] {
        guard let name else { return [] }
        var found: [String] = []
        var index = X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        while index >= 0 {
            if let entry = X509_NAME_get_entry(name, index) { found.append(value(entry)) }
            index = X509_NAME_get_index_by_NID(name, NID_commonName, index)
        }
        return found
    }

    private static func isPersonal(_ entry: OpaquePointer) -> Bool {
        switch OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) {
        case NID_pkcs9_emailAddress, NID_givenName, NID_surname: true
        default: value(entry).contains("@")
        }
    }

    private static func value(_ entry: OpaquePointer) -> String {
        var utf8: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry))
        guard count >= 0, let utf8 else { return "" }
        defer { CRYPTO_free(utf8, #fileID, #line) }
        return ASN1Text.withoutControls(UnsafeBufferPointer(start: utf8, count: Int(count)))
    }
}
