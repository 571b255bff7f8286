// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Scans that were disturbed, beside one that nobody disturbed.
enum Interrupted {
    /// Equal tables, what may differ between two runs left out (dataset.md: times, attempts).
    static func expectEqual(_ left: String, _ right: String) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: left).sorted()
        #expect(try FileManager.default.contentsOfDirectory(atPath: right).sorted() == files)
        for file in files where file.hasSuffix(".csv") && file != "attempts.csv" {
            let (one, other) = (try CSVTable(file: left + "/" + file), try CSVTable(file: right + "/" + file))
            #expect(one.header == other.header)
            #expect(one.rows.count == other.rows.count, "\(file)")
            let differences = zip(one.rows, other.rows).flatMap { difference($0, $1) }
            #expect(differences.isEmpty, "\(file)")
        }
    }

    private static let perRun: Set<String> = [
        "scan_id", "rtt_ms", "duration_ms", "attempts", "connections_used", "resumed_count", "config_sha256",
        "first_seen",
        "last_seen",
    ]

    /// The cells in which two rows differ and should not.
    private static func difference(_ left: [String: String], _ right: [String: String]) -> [String] {
        left.keys.filter { column in
            !perRun.contains(column) && !column.hasSuffix("_at") && left[column] != right[column]
        }.map { "\(left["mx_host"] ?? left["domain"] ?? "") \($0): \(left[$0] ?? "") / \(right[$0] ?? "")" }
    }
}
