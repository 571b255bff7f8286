// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A published table as a reader of the dataset sees it (RFC 4180).
struct CSVTable {
    let header: [String]
    let rows: [[String: String]]

    init(file: String) throws {
        var records = Self.records(try String(contentsOfFile: file, encoding: .utf8))
        let header = records.isEmpty ? [] : records.removeFirst()
        self.header = header
        rows = records.map { Dictionary(zip(header, $0)) { first, _ in first } }
    }

    /// The one row in which these columns have these values.
    func row(_ key: [String: String]) -> [String: String]? {
        rows.first { row in key.allSatisfy { row[$0.key] == $0.value } }
    }

    private static func records(_ text: String) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var cell: [UInt8] = []
        var quoted = false
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            switch (byte, quoted) {
            case (UInt8(ascii: "\""), true) where bytes.first == UInt8(ascii: "\""):
                bytes.removeFirst()
                cell.append(byte)
            case (UInt8(ascii: "\""), _):
                quoted.toggle()
            case (UInt8(ascii: ","), false):
                record.append(String(decoding: cell, as: UTF8.self))
                cell = []
            case (UInt8(ascii: "\n"), false):
                record.append(String(decoding: cell, as: UTF8.self))
                records.append(record)
                (record, cell) = ([], [])
            default:
                cell.append(byte)
            }
        }
        return records
    }
}
