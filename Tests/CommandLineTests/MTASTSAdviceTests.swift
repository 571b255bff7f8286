// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import mxcensus

/// What is proposed in the place of broken MTA-STS records and files.
struct MTASTSAdviceTests {
    private let record = ["_mta-sts": ["v=STSv1; id=20261122;"]]

    @Test(arguments: [
        (["v=STSv1; id=20261122; =nothing; note=fine"], "v=STSv1; id=20261122; note=fine;"),
        (["v=STSv1"], "v=STSv1; id=20260921T141320Z;"),
        (["v=STSv1; id=a", "v=STSv1; id=b"], "v=STSv1; id=20260921T141320Z;"),
    ])
    func records(published: [String], right: String) async throws {
        let line = try await AdvisedDomain(texts: ["_mta-sts": published]).line()
        let proposed = try #require(Proposal.records(in: line).first)
        #expect(proposed.name == "_mta-sts.mail.example.com.")
        #expect(proposed.text == right)
    }

    /// What could not be asked for has no proposal.
    @Test func recordsWithoutAnAnswer() async throws {
        let line = try await AdvisedDomain(failing: ["_mta-sts.mail.example.com"]).line()
        #expect(line.contains("Right: name servers") && Proposal.records(in: line).isEmpty, "\(line)")
    }

    @Test(arguments: [
        "mode: enforce\nmx: *.example.com\nmax_age: 1209600\n",
        "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 1209600\nno colon\n",
        "version: STSv1\nmode: enforce\nmx: *.example.com\nmx: *\nmax_age: 1209600\n",
        "version: STSv1\rmode: enforce\rmx: *.example.com\rmax_age: 1209600\r",
        "version: STSv1\nmode: enforce\nmode: testing\nmx: *.example.com\nmax_age: 1209600\n",
    ])
    func filesKeepWhatIsSound(file: String) async throws {
        let line = try await AdvisedDomain(texts: record, file: file).line()
        let lines = ["version: STSv1", "mode: enforce", "mx: *.example.com", "max_age: 1209600"]
        #expect(Proposal.file(in: line) == lines, "\(line)")
    }

    /// Longer than what is kept of it: known by what was read in it.
    @Test func longFiles() async throws {
        let notes = (0..<200).map { "note\($0): long\n" }.joined()
        let file = notes + "mode: enforce\nmx: *.example.com\nmax_age: 1209600\n"
        let line = try await AdvisedDomain(texts: record, file: file).line()
        let lines = ["version: STSv1", "mode: enforce", "mx: *.example.com", "max_age: 1209600"]
        #expect(Proposal.file(in: line) == lines, "\(line)")
    }

    @Test func hostsThatAreNotNamed() async throws {
        var domain = AdvisedDomain(
            texts: record, file: "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1209600\n")
        domain.hosts = ["a.example", "b.example"]
        let line = try await domain.line()
        #expect(
            Proposal.file(in: line) == [
                "version: STSv1", "mode: enforce", "mx: a.example", "mx: b.example", "max_age: 1209600",
            ])
    }

    /// Whoever asks to come again is told so, and no file is put in the place of one that nobody saw.
    @Test(arguments: [(429, true), (408, true), (425, true), (403, false)])
    func statuses(status: Int, isPassing: Bool) async throws {
        var domain = AdvisedDomain(texts: record)
        domain.fetch = (.clientError, status)
        let line = try await domain.line()
        #expect(line.contains("status \(status)"))
        #expect(line.contains("at the moment of this check") == isPassing, "\(line)")
        #expect(Proposal.file(in: line).isEmpty == isPassing, "\(line)")
    }

    @Test(arguments: [STSFetchOutcome.tcpTimeout, .serverError, .truncated, .timeout, .hostDNSTempfail])
    func whatIsOutOfReachHasNoProposal(outcome: STSFetchOutcome) async throws {
        var domain = AdvisedDomain(texts: record)
        domain.fetch = (outcome, 503)
        #expect(Proposal.file(in: try await domain.line()).isEmpty)
    }
}
