// SPDX-License-Identifier: Apache-2.0
import Foundation
import Lists
import Observations
import Store
import Synchronization
import Testing

@testable import Scan

/// Somebody who opts out while a survey is about to ask one question after another.
@Suite @NetworkLoop final class SurveyOptOutTests {
    private let asked = Mutex<[String]>([])
    private let watch = Mutex<OptOutWatch?>(nil)
    private let path = NSTemporaryDirectory() + "mxcensus-optout-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The question that is under way then is the last packet; nothing about the domain stays.
    @Test(arguments: [
        "d.example MX", "_mta-sts.d.example TXT", "_smtp._tls.d.example TXT", "_dmarc.d.example TXT", "d.example NS",
        "mx.d.example A",
    ])
    func thePacketUnderWayIsTheLast(question: String) async throws {
        try "# nobody yet\n".write(toFile: path, atomically: true, encoding: .utf8)
        let server = try await ScriptedMailServer.start([.reply("554 no mail here")])
        let lab = try await SurveyInTheLab { [self] asked, _ in
            answer(asked, optingOutAt: question)
        } configure: {
            $0.optOutFile = path
            $0.ports = [server.endpoint.port]
        }
        watch.withLock { $0 = lab.survey.optOut }
        #expect(try await lab.run(.domains([try DomainName("d.example")])) == .complete)
        try await server.stop()
        #expect(asked.withLock { $0.last } == question)
        #expect(lab.survey.optOut.rereadings == 1 && lab.survey.optOut.refusals > 0)
        #expect(server.received.isEmpty)
        #expect(lab.session.progress.domains.total == (question == "mx.d.example A" ? 1 : 0))
        #expect(lab.session.progress.hosts.total == 0)
    }

    /// The list is read again on the loop before the answer can arrive there.
    private nonisolated func answer(_ question: String, optingOutAt last: String) -> DNSScript.Answer {
        asked.withLock { $0.append(question) }
        if question == last, let watch = watch.withLock({ $0 }) {
            try? "domain:d.example\n".write(toFile: path, atomically: true, encoding: .utf8)
            Task { @NetworkLoop in _ = try watch.look(forced: true, at: .now) }
        }
        return switch question {
        case "d.example MX": .record(DNSScript.exchange)
        case "mx.d.example A": .record([127, 0, 0, 1])
        default: .nodata
        }
    }
}
