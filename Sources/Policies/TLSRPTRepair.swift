// SPDX-License-Identifier: Apache-2.0

import Observations

/// The TLS-RPT record (RFC 8460 §3) that broken ones should have been: all of their report addresses in one `rua`, which
/// many readers expect, and the sound extensions.
public struct TLSRPTRepair: Hashable, Sendable {
    /// The record; nil where none comes of it that would be valid.
    public let record: String?
    /// Whether nothing that was published says where reports go, so that the mailbox is an example.
    public let isMailboxExample: Bool

    /// Takes what was published at `_smtp._tls` of a domain.
    public init(_ published: [[UInt8]], domain: String) {
        let fields = published.flatMap { SoundFields(of: $0, names: ["rua"], mend: Self.mend).fields }
        let uris = fields.filter { $0.name == "rua" }.flatMap { ReportURIList(Array($0.value.utf8)[...]).uris }
        // What nobody has to support is no address by itself, and does no harm beside one.
        isMailboxExample = !uris.contains { $0.kind != .other }
        let rua = isMailboxExample ? ["mailto:tlsrpt@\(domain)"] : uris.map(\.text).firstOfEach(by: \.self)
        let extensions = fields.filter { $0.name != "rua" }.firstOfEach(by: \.name).map(\.text)
        let text = (["v=TLSRPTv1", "rua=" + rua.joined(separator: ",")] + extensions).joined(separator: "; ")
        record = TLSRPTRecord.isValid(Array(text.utf8)) ? text : nil
    }

    private static func mend(_ name: String, _ value: ArraySlice<UInt8>) -> SoundFields.Field? {
        if name.lowercased() == "rua" {
            let uris = ReportURIList.mended(value)
            return uris.isEmpty ? nil : SoundFields.Field(name: "rua", value: uris.joined(separator: ","))
        }
        let field = FieldList.Field(name: Array(name.utf8)[...], value: value)
        return field.isExtension ? SoundFields.Field(name: name, value: value.text) : nil
    }
}
