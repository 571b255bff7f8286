// SPDX-License-Identifier: Apache-2.0
import Foundation
import Lists
import Observations
import Testing

@testable import Scan

@NetworkLoop
@Suite struct OptOutWatchTests {
    private static let now = Timestamp(seconds: 1_790_000_000)

    private func file(_ text: String) throws -> String {
        let path = NSTemporaryDirectory() + "mxcensus-optout-\(UUID().uuidString)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func anEntryTakesEffectWhileTheScanRuns() throws {
        let path = try file("domain:a.test\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let watch = OptOutWatch(try OptOutList(path: path, at: Self.now), path: path)
        let later = try DomainName("mx.b.test")
        #expect(!watch.covers(host: later))
        #expect(try !watch.look(at: Self.now), "nothing has changed")
        try "domain:a.test\ndomain:b.test\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try watch.look(at: Self.now))
        #expect(watch.covers(host: later))
        #expect(watch.checks == 2 && watch.refusals == 1 && watch.rereadings == 1)
    }

    @Test func aFileThatStaysBrokenStopsTheScanAndLosesNoEntry() throws {
        let path = try file("domain:a.test\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let watch = OptOutWatch(try OptOutList(path: path, at: Self.now), path: path)
        try "domain:a.test\nnonsense\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try !watch.look(at: Self.now), "somebody may just be writing it")
        #expect(watch.covers(domain: try DomainName("a.test")))
        #expect(throws: OptOutError.self) { try watch.look(at: Self.now) }
    }

    @Test func aFileThatIsWholeAgainGoesOn() throws {
        let path = try file("domain:a.test\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let watch = OptOutWatch(try OptOutList(path: path, at: Self.now), path: path)
        try FileManager.default.removeItem(atPath: path)
        #expect(try !watch.look(at: Self.now))
        try "AS64500\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try watch.look(at: Self.now))
        #expect(watch.list.covers(autonomousSystem: 64_500))
    }

    /// Where such an entry is no error, it is still known.
    @Test func whatCannotBeObeyedIsKnownWithItsLine() throws {
        let path = try file("domain:a.test\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let watch = OptOutWatch(try OptOutList(path: path, at: Self.now), path: path)
        #expect(watch.problem == nil)
        try "domain:a.test\nAS64500\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try watch.look(at: Self.now))
        #expect(watch.problem == .noTableOfSystems(file: path, line: 2, system: 64_500, otherLines: []))
        let strict = OptOutWatch(try OptOutList(path: path, at: Self.now), path: path, obeysAll: true)
        #expect(try !strict.look(forced: true, at: Self.now))
        #expect(throws: OptOutError.self) { try strict.look(at: Self.now) }
    }

    @Test func standardInputIsReadOnce() throws {
        let watch = OptOutWatch(OptOutList(), path: "-")
        #expect(try !watch.look(forced: true, at: Self.now))
    }
}
