// SPDX-License-Identifier: Apache-2.0
import Testing

/// Every certificate of the lab reads the same, however much of OpenSSL reads it during the handshake.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LiveDecodersTests {
    /// What no two visits have in common.
    private static let ofTheMoment: Set = [
        "duration_ms", "first_seen", "last_seen", "scan_id", "measured_at", "days_left",
    ]

    @Test func theLabIsTheSameWithAllDecoders() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let lean = try lab.survey(into: scratch, name: "lean", extra: ["--tls-decoders", "lean"])
        let whole = try lab.survey(into: scratch, name: "whole", extra: ["--tls-decoders", "all"])
        for table in ["tls_probes", "certificates", "endpoint_certs"] {
            let left = try Self.rows(of: lean + "/\(table).csv")
            let right = try Self.rows(of: whole + "/\(table).csv")
            #expect(left.count > 20, "\(table)")
            #expect(left.subtracting(right).isEmpty, "\(table), lean alone: \(left.subtracting(right))")
            #expect(right.subtracting(left).isEmpty, "\(table), all alone: \(right.subtracting(left))")
        }
    }

    private static func rows(of file: String) throws -> Set<[String: String]> {
        Set(try CSVTable(file: file).rows.map { row in row.filter { !ofTheMoment.contains($0.key) } })
    }
}
