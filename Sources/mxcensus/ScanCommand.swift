// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Lists
import Observations
import Scan
import Store
import TLS

/// A scan of lists into a survey database, new or resumed.
struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Surveys the domains of one or more lists into a database; the same command again resumes.",
        discussion: """
            A list holds one domain a line, or is a CSV file whose header has a column `domain` (further columns are \
            carried along), or a Tranco list; e-mail addresses and URLs are reduced to their domain; gzip is \
            understood; `-` is standard input, which is another list each time and cannot be resumed. Lines that are no \
            domain are named, counted and passed over.

            ^C once finishes what is in flight and writes it; twice stops at once. Nothing that was written is lost; the \
            exit status is then 1, since the survey is not done.
            """
    )

    @Argument(help: ArgumentHelp("Lists of domains.", valueName: "LIST"))
    var lists: [String]

    @Option(help: ArgumentHelp("The database to write; made where it is missing.", valueName: "FILE"))
    var into: String

    @Flag(help: "Begins another scan although one of the same lists and options is complete.")
    var newScan = false

    @Option(
        help: ArgumentHelp(
            "An earlier survey: policy files of MTA-STS that it has read within the last 7 days are not fetched again where "
                + "the record's id is the same. Their rows keep its facts and the moment of its fetch.",
            valueName: "FILE"))
    var previous: String?

    @Flag(name: .shortAndLong, help: "No progress and no remarks, only errors.")
    var quiet = false

    @Option(help: ArgumentHelp("Writes what each stage cost as JSON.", valueName: "FILE"))
    var summary: String?

    @Option(
        help: ArgumentHelp(
            "Keeps where the scan stands in this JSON file, and beside it for Prometheus in one ending in .prom.",
            valueName: "FILE"))
    var status: String?

    @Option(help: ArgumentHelp("Rows written in one transaction.", valueName: "N"))
    var rowsPerCommit: Int = 2_000

    @OptionGroup var options: MeasuringOptions

    func validate() throws {
        guard !lists.isEmpty else { throw ValidationError("name a list") }
        guard (1...1_000_000).contains(rowsPerCommit) else {
            throw ValidationError("--rows-per-commit \(rowsPerCommit) is not between 1 and 1000000")
        }
    }

    func run() async throws {
        var configuration = try options.configuration()
        configuration.carriesPoliciesOver = previous != nil
        // A list that cannot be read is said before anything is made or anybody asked.
        for path in lists where path != "-" { _ = try ListReader(path: path) }
        let roots = try TrustStore(caFile: configuration.caFile)
        let identity = try ListIdentity(paths: lists)
        let store = try SurveyStore(path: into, access: .createOrOpen)
        // It may be the same file, whose scans so far are the earlier ones.
        let earlier = try previous.map { PreviousPolicies(try SurveyStore(path: $0, access: .readOnly)) }
        let reporter = ProgressReporter(isQuiet: quiet)
        let session = try store.beginOrResumeScan(
            ScanDescription(configuration, lists: identity, roots: roots, toolVersion: toolVersion), again: newScan,
            rowsPerBatch: rowsPerCommit)
        switch session.beginning {
        case .alreadyComplete(let end):
            reporter.say("\(into): this scan is complete since \(end); --new-scan begins another")
            return
        case .resumed(let count): reporter.say("\(into): scan \(session.scanID) goes on (run \(count + 1))")
        case .new: reporter.say("\(into): scan \(session.scanID)")
        }
        try await run(session, earlier, configuration, roots, reporter)
    }

    private func run(
        _ session: ScanSession, _ earlier: PreviousPolicies?, _ configuration: SurveyConfiguration,
        _ roots: TrustStore, _ reporter: ProgressReporter
    ) async throws {
        let stop = StopSignal()
        let file = status.map { StatusFile(path: $0, scanID: session.scanID) }
        let remarks = InvalidLineReporter(say: { reporter.say($0) })
        let survey = try await Survey(
            configuration, session: session, previous: earlier, context: TLSContext(decoders: options.tlsDecoders),
            roots: roots,
            stop: stop,
            report: {
                reporter.report($0)
                do { try file?.write($0) } catch { reporter.say("\(error)") }
            })
        let interruption = Interruption(
            stop: stop, say: { reporter.say($0) }, hangUp: { await survey.lookAtOptOuts(forced: true) })
        defer { interruption.end() }
        let judge = await Judge(
            session: session, roots: roots, at: configuration.lookups.validationTime ?? .now, stop: stop)
        let isComplete = try await survey.run(
            .lists(lists, onInvalid: { remarks.take($0) }, onUnreadable: { remarks.take($0) }), judge: judge,
            reportEvery: reporter.intervalMilliseconds)
        let isEmpty = session.progress.domains.total == 0
        try await session.finish(isComplete && !isEmpty ? .complete : .partial, at: .now)
        reporter.finish()
        let costs = await survey.costs
        if let summary { try RunSummary.write(costs, to: summary) }
        if isEmpty { throw EmptyInput(lists: lists, invalid: remarks.count) }
        reporter.say(
            RunSummary.sentence(
                session, costs, carriedOver: await survey.policiesCarriedOver, isComplete: isComplete, into: into))
        // Stopped, or with a list that was not read to its end: done it is not.
        if !isComplete || remarks.hasUnreadable { throw ExitCode(1) }
    }
}

/// Nothing to survey.
struct EmptyInput: Error, CustomStringConvertible {
    let lists: [String]
    let invalid: Int

    var description: String {
        "\(lists.joined(separator: ", ")): no domain to survey"
            + (invalid > 0 ? "; \(invalid) line\(invalid == 1 ? " is" : "s are") no domain" : "; the list is empty")
    }
}
