// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observations
import Testing

@testable import Lists

/// `Tests/Fixtures/mmdb` tells what is in the tables.
@Suite struct AddressTableTests {
    static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/mmdb").path

    private func tables() throws -> AddressTables {
        AddressTables(
            systems: try AddressTable(path: Self.folder + "/asn.mmdb"),
            countries: try AddressTable(path: Self.folder + "/country.mmdb"))
    }

    @Test(arguments: [
        ("192.0.2.9", 64_500, "192.0.2.0/24", "NL"), ("198.51.100.1", 64_501, "198.51.100.0/25", "IS"),
        ("198.51.100.200", 4_200_000_000, "198.51.100.128/25", "IS"),
        ("2001:db8:1::53", 64_500, "2001:db8:1::/48", "PT"),
        ("203.0.113.7", 64_501, "203.0.113.7/32", nil), ("2001:db8:2:ffff::1", 64_501, "2001:db8:2::/48", nil),
    ]) func anAddressHasTheOriginOfItsNetwork(text: String, system: Int, prefix: String, country: String?) throws {
        let origin = try tables().origin(of: try #require(IPAddress(text)))
        #expect(origin.autonomousSystem == system)
        #expect(origin.prefix?.description == prefix)
        #expect(origin.country == country)
    }

    @Test(arguments: ["203.0.113.8", "2001:db8:3::1", "8.8.8.8", "::1"]) func whoIsNotThereIsNotGuessed(text: String)
        throws
    {
        #expect(try tables().origin(of: try #require(IPAddress(text))) == AddressOrigin())
    }

    @Test func aFileThatIsNoTableIsNamed() throws {
        let missing = #expect(throws: AddressTable.Unusable.self) { try AddressTable(path: "/nowhere/asn.mmdb") }
        #expect(missing?.description == "/nowhere/asn.mmdb: cannot be read")
        let other = #expect(throws: AddressTable.Unusable.self) { try AddressTable(path: Self.folder + "/make.py") }
        #expect(other?.description.contains("make.py: is no table in MaxMind's format") == true)
    }

    /// An entry that nobody could obey is an error, and not lost.
    @Test func anOptOutOfASystemWantsATable() throws {
        let folder = try ScratchFolder()
        let path = try folder.file("domain:a.example\nAS64500\n\nAS64499\nAS64500\n".utf8, "opt-out")
        let now = Timestamp(seconds: 1_790_000_000)
        let error = #expect(throws: OptOutError.self) { try OptOutList(path: path, at: now, tables: AddressTables()) }
        #expect(error == .noTableOfSystems(file: path, line: 2, system: 64_500, otherLines: [4]))
        let text = error?.description ?? ""
        #expect(text.hasPrefix("\(path):2: nobody can tell which addresses belong to AS64500 (nor for line 4): "))
        #expect(text.contains("--asn-file"))
        let list = try OptOutList(path: path, at: now, tables: tables())
        #expect(list.autonomousSystems == [64_499, 64_500])
        #expect(list.unobeyed(in: path, try tables()) == nil)
        #expect(list.unobeyed(in: path, AddressTables()) == error)
    }
}
