// SPDX-License-Identifier: Apache-2.0

import DNS
import Observations
import Testing

@Suite struct MXReadingTests {
    private func read(_ records: (Int, String)..., limit: Int = 32) throws -> MXReading {
        MXReading(
            try records.map { MailExchange(preference: $0, host: try DomainName($1)) }, limit: limit)
    }

    private func hosts(_ reading: MXReading) -> [String] {
        reading.exchanges.map { "\($0.preference) \($0.host)" }
    }

    @Test func hostsComeByPreferenceThenByName() throws {
        let reading = try read((20, "a.example"), (10, "c.example"), (10, "b.example"))
        #expect(reading.shape == .explicit)
        #expect(hosts(reading) == ["10 b.example", "10 c.example", "20 a.example"])
        #expect(reading.flags.isEmpty)
    }

    @Test func theNullMXIsASoleDotWithPreferenceZero() throws {
        #expect(try read((0, ".")) == read((0, ".")))
        #expect(try read((0, ".")).shape == .nullMx)
        #expect(try read((10, ".")).shape == .nullMxNonzeroPref)
        #expect(try read((0, ".")).exchanges.isEmpty)
        #expect(try read((0, ".")).flags.isEmpty)
    }

    @Test func aDotBesideOthersIsItsOwnShapeAndTheOthersStay() throws {
        let reading = try read((0, "."), (10, "mx.example"))
        #expect(reading.shape == .nullMxMixed)
        #expect(hosts(reading) == ["10 mx.example"])
        #expect(try read((0, "."), (10, ".")).shape == .nullMxMixed)
        #expect(try read((0, "."), (10, "192.0.2.1")).shape == .nullMxMixed)
    }

    @Test(arguments: [
        "192.0.2.1", "localhost", "mail.localhost", "-mx.example", "mx-.example", "m x.example", "*.example",
        "[192\\.0\\.2\\.1]",
    ])
    func targetsThatNoSenderCanUse(target: String) throws {
        let alone = try read((10, target))
        #expect(alone.shape == .allTargetsInvalid)
        #expect(alone.exchanges.isEmpty)
        let beside = try read((10, target), (20, "mx.example"))
        #expect(beside.shape == .explicit)
        #expect(hosts(beside) == ["20 mx.example"])
    }

    @Test func anUnderscoreIsUsable() throws {
        #expect(try read((10, "mx_1.example")).shape == .explicit)
    }

    @Test func aSingleLabelIsOddAndUsable() throws {
        let reading = try read((10, "mail"))
        #expect(reading.shape == .explicit)
        #expect(reading.flags == [.targetSingleLabel])
        #expect(hosts(reading) == ["10 mail"])
    }

    @Test func aTargetNamedTwiceCountsOnceWithItsLeastPreference() throws {
        let reading = try read((30, "mx.example"), (20, "other.example"), (10, "MX.example"))
        #expect(reading.flags == [.duplicateTarget])
        #expect(hosts(reading) == ["10 mx.example", "20 other.example"])
    }

    @Test func theLimitCutsTheLeastPreferredAndSaysSo() throws {
        let records = (0..<33).map {
            MailExchange(preference: 100 - $0, host: (try? DomainName("m\($0).example")) ?? .root)
        }
        let reading = MXReading(records)
        #expect(reading.exchanges.count == 32)
        #expect(reading.exchanges.first?.host.description == "m32.example")
        #expect(!reading.exchanges.contains { $0.host.description == "m0.example" })
        #expect(reading.flags == [.truncatedAtLimit])
        #expect(MXReading(Array(records.dropLast())).flags.isEmpty)
    }

    @Test func flagsComeInTheOrderOfTheVocabulary() throws {
        let reading = try read((10, "mail"), (20, "mail"), (30, "mx.example"), limit: 1)
        #expect(reading.flags == [.targetSingleLabel, .duplicateTarget, .truncatedAtLimit])
    }
}
