// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scan

@Suite struct ProgressReportTests {
    private static func report(done: Int, retrying: Int, total: Int, seconds: Int64) -> ProgressReport {
        var report = ProgressReport()
        (report.done, report.doneNow, report.retrying, report.total) = (done, done, retrying, total)
        report.seenNow = done + retrying
        report.elapsedMilliseconds = seconds * 1_000
        report.retriesLast = 20_000
        return report
    }

    @Test func atTheRateSoFar() {
        #expect(Self.report(done: 250, retrying: 0, total: 1_000, seconds: 50).remainingSeconds == 150)
        #expect(Self.report(done: 1_000, retrying: 0, total: 1_000, seconds: 50).remainingSeconds == 0)
    }

    @Test func whatIsDueAgainIsWaitedFor() {
        var report = Self.report(done: 900, retrying: 100, total: 1_000, seconds: 50)
        report.retriesEndIn = 1_234
        #expect(report.remainingSeconds == 1_234)
        report.retriesEndIn = 0
        #expect(report.remainingSeconds == 0)
    }

    /// Who has failed once was seen once: the rate is that of first visits, and those that come will have failures, too.
    @Test func whatIsStillUnseenWillFailToo() {
        var report = Self.report(done: 400, retrying: 100, total: 1_000, seconds: 50)
        report.retriesEndIn = 1_234
        #expect(report.remainingSeconds == 50 + 20_000)
    }

    @Test func nothingIsKnownBeforeTheFirstVisit() {
        #expect(Self.report(done: 0, retrying: 0, total: 1_000, seconds: 50).remainingSeconds == nil)
    }

    /// The estimate of a scan that goes as it began only comes down: 1,000 hosts, a tenth of them dead.
    @Test func itHoldsWhileTheScanGoesOn() {
        var last = Int.max
        for seconds in stride(from: Int64(10), through: 100, by: 10) {
            let seen = Int(seconds) * 10
            let left = Self.report(done: seen * 9 / 10, retrying: seen / 10, total: 1_000, seconds: seconds)
            var report = left
            report.retriesEndIn = 20_000
            let remaining = report.remainingSeconds ?? .max
            #expect(remaining <= last)
            last = remaining
        }
        #expect(last == 20_000)
    }
}
