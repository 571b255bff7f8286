// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observations
import Testing

struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01", 0), ("1969-12-31T23:59:59Z", -1),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-01-31T23:59:59Z", 1_769_903_999), ("2038-01-19T03:14:08Z", 2_147_483_648),
            ("1985-04-12T23:20:50.52Z", 482_196_050), ("1996-12-19T16:39:57-08:00", 851_042_397),  // RFC 3339 §5.8
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_173), ("2026-06-15t12:00:00z", 1_781_524_800),
            ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
            ("1900-03-01", -2_203_891_200),
        ] as [(String, Int64)])
    func text_IsRead(_ text: String, _ seconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.seconds == seconds)
    }

    /// RFC 3339 §5.6, §5.7: field ranges, days of the month, leap seconds.
    @Test(arguments: [
        "", "2026", "2026-1-01", "2026-13-01", "2026-00-01", "2026-02-29", "2026-04-31", "2026-01-00", "1900-02-29",
        "2026-01-01T", "2026-01-01T24:00:00Z", "2026-01-01T23:60:00Z", "2026-01-01T23:59:61Z", "2026-01-01T23:59Z",
        "2026-01-01T23:59:59", "2026-01-01T23:59:59.Z", "2026-01-01T23:59:59+0100", "2026-01-01T23:59:59+24:00",
        "2026-01-01T23:59:59+01:60", "2026-01-01T23:59:59Zx", "2026-01-01 23:59:59Z", "2026/01/01", "+026-01-01",
        "2026-01-01x", "2026-01-01T23:59:59+1", "２０２６-01-01", "2026-01-01T23:59:59+01:0",
    ])
    func otherText_IsNoMoment(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    /// Against Foundation's calendar, over four centuries and both sides of 1970.
    @Test func text_AgreesWithFoundation() throws {
        let formatter = Date.ISO8601FormatStyle(timeZone: .gmt)
        for seconds in stride(from: Int64(-6_000_000_000), through: 9_000_000_000, by: 7_654_321) {
            let text = Timestamp(seconds: seconds).description
            #expect(text == Date(timeIntervalSince1970: Double(seconds)).formatted(formatter))
            #expect(Timestamp(rfc3339: text)?.seconds == seconds)
        }
    }

    @Test func order_AndAddition() throws {
        let day = try #require(Timestamp(rfc3339: "2026-02-28"))
        #expect(day.adding(seconds: 86_400).description == "2026-03-01T00:00:00Z")
        #expect(day < day.adding(seconds: 1))
    }
}
