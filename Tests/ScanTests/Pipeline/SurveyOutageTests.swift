// SPDX-License-Identifier: Apache-2.0
import Logging
import Observations
import Store
import Testing

@testable import Scan

/// Our own network is gone: nobody loses an attempt for that.
@Suite @NetworkLoop struct SurveyOutageTests {
    /// The system itself refuses to connect to a multicast address as it does where there is no route.
    @Test func whatFailsInAnOutageWasNoVisit() async throws {
        let count = 40
        let stopper = Stopper()
        let lab = try await SurveyInTheLab { question, _ in
            guard question.hasSuffix(" A"), let number = UInt8(question.dropFirst(1).prefix { $0 != "." }) else {
                return .nodata
            }
            return .record([224, 1, number, 1])
        } configure: {
            $0.pace.retryScale = 1
            $0.pace[.global].concurrent = 1
            $0.log = Logger(label: "test") { _ in stopper }
        }
        stopper.stop = lab.stop
        let address = try #require(IPAddress("127.0.0.1"))
        var somebody = EndpointObservation(
            endpoint: Endpoint(host: try DomainName("mx.example"), address: address, port: 25), at: .now)
        somebody.tcp = .open
        _ = lab.survey.outages.take(somebody, at: 0)
        #expect(try await lab.run(.hosts((0..<count).map { try DomainName("m\($0).example") })) == .stopped)
        let progress = lab.session.progress.endpoints
        #expect(progress.total == count && progress.done == 0)
        #expect(progress.retrying == OutageWatch.networks - 1, "before it was noticed")
        let later = Timestamp.now.adding(seconds: 3_600)
        let due = try await lab.session.dueEndpoints(at: later, limit: count)
        #expect(due.filter { $0.attempts == 0 }.count == 1, "put off until the pause is over")
        #expect(try await lab.session.pendingEndpoints(limit: count).count == count - OutageWatch.networks)
    }

    /// Ends the survey at its first error in the log, on the loop where it is written.
    private final class Stopper: LogHandler, @unchecked Sendable {
        var stop: StopSignal?
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.error

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            Task { @NetworkLoop in stop?.raise() }
        }
    }
}
