// SPDX-License-Identifier: Apache-2.0

import Observations

/// The MTA-STS record (RFC 8461 §3.1) that a broken one, or several, should have been. The published `id` stays where there
/// is one and it is sound: a new one says that the policy file is another.
public struct STSRecordRepair: Hashable, Sendable {
    /// The record; nil where none comes of it that would be valid.
    public let record: String?

    /// Takes what was published at `_mta-sts`, and an `id` for where that has none.
    public init(_ published: [[UInt8]], newID: String) {
        let fields = published.flatMap { SoundFields(of: $0, names: ["id"], mend: Self.mend).fields }
        let ids = fields.filter { $0.name == "id" }.firstOfEach(by: \.value).map(\.value)
        let extensions = fields.filter { $0.name != "id" }.firstOfEach(by: \.name)
        // Of several records nobody but their owner knows which one is meant, if they differ.
        let id = ids.count == 1 || published.count == 1 ? ids.first : nil
        let text = (["v=STSv1", "id=\(id ?? newID)"] + extensions.map(\.text)).joined(separator: "; ") + ";"
        record = STSRecord.isValid(Array(text.utf8)) ? text : nil
    }

    private static func mend(_ name: String, _ value: ArraySlice<UInt8>) -> SoundFields.Field? {
        if name.lowercased() == "id" {
            let isSound = STSRecord.isValid(Array("v=STSv1;id=".utf8) + value)
            return isSound ? SoundFields.Field(name: "id", value: value.text) : nil
        }
        let field = FieldList.Field(name: Array(name.utf8)[...], value: value)
        return field.isExtension ? SoundFields.Field(name: name, value: value.text) : nil
    }
}
