// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Observations
import Testing

@testable import Store

@Suite struct KilledScanTests {
    /// A process of its own writes, commits some, begins a transaction and is killed in the middle of it.
    @Test func aScanKilledInTheMiddleOfATransactionGoesOnFromItsLastCommit() async throws {
        let folder = try ScratchFolder()
        let path = folder.file("killed.sqlite")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try SurveyStore(path: path, access: .createOrOpen)
            let session = try store.beginOrResumeScan(Sample.description())
            try await session.addInput(["a.test", "b.test", "c.test"].map { InputRow(domain: try Sample.name($0)) })
            try await session.record(domain: Sample.domain("a.test", .explicit, [(1, "m.test")]))
            try await session.flush()
            try await session.record(domain: Sample.domain("b.test", .explicit, [(1, "n.test")]))
            try await session.writer.submit(rows: 1) { _ in kill(getpid(), SIGKILL) }
            try await session.flush()
        }
        let store = try SurveyStore(path: path, access: .createOrOpen)
        let session = try store.beginOrResumeScan(Sample.description())
        #expect(session.beginning == .resumed(count: 1))
        #expect(try await session.pendingDomains(limit: 9).map(\.description) == ["b.test", "c.test"])
        #expect(try await session.pendingHosts(limit: 9).map(\.description) == ["m.test"])
        #expect(try store.rows("SELECT domain, mx_host FROM domain_mx") == ["a.test|m.test"])
        #expect(try store.rows("PRAGMA integrity_check") == ["ok"])
        try await session.record(domain: Sample.domain("b.test", .explicit, [(1, "n.test")]))
        try await session.flush()
        #expect(try store.rows("SELECT domain, mx_host FROM domain_mx") == ["a.test|m.test", "b.test|n.test"])
        #expect(session.progress.domains.done == 2)
    }
}
