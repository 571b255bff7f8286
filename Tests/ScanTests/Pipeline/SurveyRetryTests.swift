// SPDX-License-Identifier: Apache-2.0
import Observations
import Store
import Synchronization
import Testing

@testable import Scan

/// What was not answered is asked again while mail hosts are visited, on the same times.
@Suite @NetworkLoop struct SurveyRetryTests {
    /// Retries a second, a second and three seconds after the attempt before.
    private static let scale = 0.000_2

    /// A mail host that refuses has retries that go on; a domain that nobody answered for at first is asked again
    /// meanwhile, and its mail host is visited by the same wave.
    @Test func lookupsAreAskedAgainWhileMailHostsAreVisited() async throws {
        let server = try await ScriptedMailServer.start([.reply("554 no mail here")])
        let doneWhenAsked = Mutex<[Int]>([])
        let lab = try await SurveyInTheLab { question, session in
            switch question {
            case "late.example MX":
                guard session.progress.domains.done == 2 else { return .servfail }
                doneWhenAsked.withLock { $0.append(session.progress.endpoints.done) }
                return .record(DNSScript.exchange)
            case "dead.example MX": return .record(DNSScript.exchange)
            // Nobody listens there.
            case "mx.dead.example A": return .record([127, 0, 0, 77])
            case "mx.late.example A": return .record([127, 0, 0, 1])
            default: return .nodata
            }
        } configure: {
            $0.pace.retryScale = Self.scale
            $0.ports = [server.endpoint.port]
        }
        let names = [try DomainName("dead.example"), try DomainName("late.example")]
        #expect(try await lab.run(.domains(names)) == .complete)
        try await server.stop()
        #expect(doneWhenAsked.withLock { $0 } == [0], "asked once more, before the dead host had all its attempts")
        #expect(lab.session.progress.domains.inconclusive == 0)
        let progress = lab.session.progress
        #expect(progress.hosts.total == 2 && progress.hosts.done == 2)
        #expect(progress.endpoints.total == 2 && progress.endpoints.done == 2 && progress.endpoints.inconclusive == 1)
        #expect(
            lab.survey.costs.map(\.stage) == [.reading, .domains, .hosts, .policies, .endpoints, .hellos, .judging])
    }

    /// The record comes with the second question; its file does not come however often it is asked for.
    @Test func policiesAndTheirFilesAreAskedForAgain() async throws {
        let server = try await ScriptedMailServer.start([.nothing, .close])
        let lab = try await SurveyInTheLab { question, session in
            switch question {
            case "d.example MX": .record(DNSScript.exchange)
            case "_mta-sts.d.example TXT":
                session.progress.domains.done == 0 ? .servfail : .record(DNSScript.text("v=STSv1; id=a1;"))
            case "mta-sts.d.example A": .record([127, 0, 0, 1])
            default: .nodata
            }
        } configure: {
            $0.pace.retryScale = Self.scale
            $0.policyFetch.port = server.endpoint.port
        }
        #expect(try await lab.run(.domains([try DomainName("d.example")])) == .complete)
        try await server.stop()
        #expect(server.received.count == 4)
        #expect(lab.survey.policiesDone == 4)
    }
}
