// SPDX-License-Identifier: Apache-2.0
import DNS
import Observations
import Store
import Testing

@testable import Scan

/// Servers all over the address space that refuse us for our reputation: two pauses are tried, and the third ends it.
@Suite @NetworkLoop struct SurveyRefusalTests {
    @Test func theThirdPauseEndsTheScan() async throws {
        let server = try await ScriptedMailServer.start(
            [.send(Array("554 5.7.1 listed at dnsbl.example, see spamhaus.example\r\n".utf8)), .close], host: "0.0.0.0")
        // One network each, so that none of them is left in peace by itself.
        let count = 4 * RefusalWatch.leastVisits
        let lab = try await SurveyInTheLab { question, _ in
            guard question.hasSuffix(" A"), let number = Int(question.dropFirst(1).prefix { $0 != "." }) else {
                return .nodata
            }
            return .record([127, UInt8(1 + number / 250), UInt8(number % 250), 1])
        } configure: {
            // Every pause is a second.
            $0.pace.retryScale = 0.000_01
            $0.pace[.global].concurrent = 20
            $0.ports = [server.endpoint.port]
        }
        let hosts = try (0..<count).map { try DomainName("m\($0).example") }
        let ending = try await lab.run(.hosts(hosts))
        try await server.stop()
        #expect(ending == .refusedEverywhere(pauses: RefusalWatch.mostScanPauses))
        #expect(ending.status == .abortedComplaint)
        let visited = lab.session.progress.endpoints.done
        let least = RefusalWatch.mostScanPauses * RefusalWatch.leastVisits
        // Those in flight when a pause begins come to their end.
        #expect((least...least + 3 * 20).contains(visited))
        #expect(try await lab.session.pendingEndpoints(limit: count).count == count - visited, "the rest is left alone")
    }
}
