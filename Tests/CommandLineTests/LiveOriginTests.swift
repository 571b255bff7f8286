// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Tables of networks (`Tests/Fixtures/mmdb`) over the lab's addresses.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LiveOriginTests {
    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/mmdb").path

    /// Postfix is AS64502 in Finland, Exim AS64503 wherever; who is in the latter has opted out.
    @Test func aNetworkIsKnownAndMayOptOut() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "good.alpha\nexim.beta\n")
        let optOut = try scratch.write("opt-out.txt", "AS64503 reason=\"by telephone\"\n")
        let export = try lab.survey(
            list: list, into: scratch,
            extra: [
                "--opt-out", optOut, "--asn-file", Self.folder + "/asn.mmdb", "--country-file",
                Self.folder + "/country.mmdb",
            ])
        let endpoints = try CSVTable(file: export + "/endpoints.csv").rows
        let postfix = endpoints.filter { $0["ip"]?.hasPrefix("127.0.1.") == true }
        #expect(!postfix.isEmpty)
        for row in postfix {
            #expect(row["asn"] == "64502" && row["prefix"] == "127.0.1.0/24" && row["country"] == "FI", "\(row)")
        }
        #expect(!endpoints.contains { $0["ip"]?.hasPrefix("127.0.2.") == true }, "nobody there was asked")
    }
}
