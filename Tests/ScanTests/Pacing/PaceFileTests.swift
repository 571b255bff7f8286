// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scan

@Suite struct PaceFileTests {
    @Test func aFileChangesWhatItNamesAndNothingElse() throws {
        let pace = try PaceFile.parse(
            """
            # for the lab
            address   concurrent=1 spacing=0.5 per_scan=3   # slowly

            network none
            global per_second=20
            retry scale=0.01
            """, file: "p")
        #expect(pace[.address] == PaceLimit(concurrent: 1, spacing: 0.5, perScan: 3))
        #expect(pace[.network] == PaceLimit())
        #expect(pace[.global] == PaceLimit(perSecond: 20))
        #expect(pace[.provider] == Pace.default[.provider])
        #expect(pace.retryScale == 0.01)
    }

    @Test(arguments: [
        ("addresses concurrent=1", "`addresses` is no scope"), ("address", "`address` says nothing"),
        ("address concurrent", "`concurrent` is no name=value"),
        ("address concurrent=0", "concurrent=0 is not between"),
        ("address spacing=-1", "spacing=-1 is not between"), ("address speed=1", "`speed` is not concurrent"),
        ("retry scale=1000", "scale=1000 is not between"), ("retry times=2", "`times` is not scale"),
        ("global per_second=nan", "per_second=nan is not between"),
        ("address spacing=nan", "spacing=nan is not between"),
    ])
    func aBadLineIsNamed(line: String, reason: String) {
        do {
            _ = try PaceFile.parse("\n# x\n\(line)\n", file: "pace.txt")
            Issue.record("\(line) was read")
        } catch {
            #expect(error.line == 3 && error.file == "pace.txt")
            #expect(error.reason.hasPrefix(reason), "\(error)")
        }
    }

    @Test func namesOfPacesAndMissingFiles() throws {
        #expect(try PaceFile.pace(named: "default") == .default)
        #expect(try PaceFile.pace(named: "lab") == .lab)
        #expect(throws: PaceFile.Malformed.self) { try PaceFile.pace(named: "/nowhere/pace") }
    }

    /// No second, wherever it begins, sees more than the rate, and half-empty buckets do not add up.
    @Test(arguments: [1, 7, 10, 20, 200, 1_000])
    func aBucketKeepsItsRateInEverySecond(perSecond: Int) throws {
        let bucket = try #require(TokenBucket(PaceLimit(perSecond: perSecond)))
        var full: Int64 = 0
        var begun: [Int64] = []
        var now: Int64 = 5_000_000
        while begun.count < 5 * perSecond {
            now = max(now, bucket.opens(full: full))
            // A pause now and then lets the bucket fill.
            if begun.count == 2 * perSecond { now += 3_000_000 }
            begun.append(now)
            full = bucket.afterBeginning(at: now, full: full)
        }
        for (index, moment) in begun.enumerated() {
            #expect(begun[index...].prefix { $0 < moment + 1_000_000 }.count <= perSecond)
        }
    }
}
