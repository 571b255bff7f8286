// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Lists
import Logging
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

            Outside --lab a survey is only begun with what it owes to those whom it asks: a name that leads to us and back, \
            an address for complaints, a page, an opt-out file, and a --dry-run before.

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

    @Flag(
        help: """
            Surveys only the first 100 domains, as the first survey with these options: what comes out is looked at before \
            the whole list is surveyed into the same file.
            """)
    var dryRun = false

    @OptionGroup(title: "What is told")
    var logging: LoggingOptions

    @OptionGroup(title: "Our own servers")
    var canaries: CanaryOptions

    @OptionGroup var options: MeasuringOptions

    func validate() throws {
        guard !lists.isEmpty else { throw ValidationError("name a list") }
        guard (1...1_000_000).contains(rowsPerCommit) else {
            throw ValidationError("--rows-per-commit \(rowsPerCommit) is not between 1 and 1000000")
        }
    }

    func run() async throws {
        let reporter = ProgressReporter(isQuiet: quiet)
        var configuration = try options.configuration(isNameChecked: true)
        canaries.apply(to: &configuration)
        configuration.log = try logging.logger { reporter.remark($0) }
        configuration.carriesPoliciesOver = previous != nil
        // A list that cannot be read is said before anything is made or anybody asked.
        for path in lists where path != "-" { _ = try ListReader(path: path) }
        let roots = try TrustStore(caFile: configuration.caFile)
        let description = ScanDescription(
            configuration, lists: try ListIdentity(paths: lists), roots: roots, toolVersion: toolVersion,
            isDryRun: dryRun)
        if !options.lab { try await requireManners(configuration, description) }
        let store = try SurveyStore(path: into, access: .createOrOpen)
        // It may be the same file, whose scans so far are the earlier ones.
        let earlier = try previous.map { PreviousPolicies(try SurveyStore(path: $0, access: .readOnly)) }
        let session = try store.beginOrResumeScan(description, again: newScan, rowsPerBatch: rowsPerCommit)
        switch session.beginning {
        case .alreadyComplete(let end):
            reporter.say("\(into): this scan is complete since \(end); --new-scan begins another")
            return
        case .resumed(let count): reporter.say("\(into): scan \(session.scanID) goes on (run \(count + 1))")
        case .new: reporter.say("\(into): scan \(session.scanID)")
        }
        try await run(session, earlier, configuration, roots, reporter)
    }

    /// What a survey owes to strangers is looked for before the database is made and before anybody is asked.
    private func requireManners(_ configuration: SurveyConfiguration, _ description: ScanDescription) async throws {
        let wasTried =
            try FileManager.default.fileExists(atPath: into)
            && SurveyStore(path: into, access: .readOnly).hasDryRun(conduct: description.conductSHA256)
        let check = await StartCheck(
            options.identity.identity, families: configuration.families,
            instruments: Instruments(configuration.lookups))
        if let refusal = await check.refusal(hasDryRun: dryRun || wasTried) {
            throw RefusedToStart(refusal: refusal)
        }
        if configuration.canaries.isEmpty {
            configuration.log.warning(
                "without --canary a network that closes port 25 looks like a world without mail servers")
        }
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
        let began = NetworkLoop.monotonicMilliseconds
        let ending = try await survey.run(
            .lists(
                lists, limit: dryRun ? DryRun.mostDomains : nil, onInvalid: { remarks.take($0) },
                onUnreadable: { remarks.take($0) }), judge: judge, reportEvery: reporter.intervalMilliseconds)
        let isEmpty = ending == .complete && session.progress.domains.total == 0
        let status = isEmpty ? .partial : ending.status
        try await session.finish(status, at: .now)
        reporter.finish()
        try await file?.end(survey.progressReport(), as: status)
        let summary = await RunSummary(
            figures: try session.figures(), progress: session.progress, costs: survey.costs,
            seconds: Int((NetworkLoop.monotonicMilliseconds - began) / 1_000),
            carriedOver: survey.policiesCarriedOver, optOuts: survey.progressReport())
        if let path = self.summary { try summary.write(to: path) }
        if isEmpty { throw EmptyInput(lists: lists, invalid: remarks.count) }
        reporter.say(summary.text(ending, into: into, isDryRun: dryRun))
        // Stopped, or with a list that was not read to its end: done it is not.
        if let failure = ending.failure { throw failure }
        if ending != .complete || remarks.hasUnreadable { throw ExitCode(1) }
    }
}

extension SurveyEnding {
    /// What has to be said even to those who want quiet.
    fileprivate var failure: Aborted? {
        switch self {
        case .complete, .stopped: nil
        case .canaryFailed(let failure):
            Aborted(
                reason: "\(failure). What was seen since the canaries were last well is asked again when the same "
                    + "command is run, once they are")
        case .refusedEverywhere(let pauses):
            Aborted(
                reason:
                    "refusals for reputation went on after \(pauses) pauses: look for this address on block lists and "
                    + "in the mailbox for complaints; the same command goes on from here")
        }
    }
}

/// A scan that must not go on.
struct Aborted: Error, CustomStringConvertible {
    let reason: String

    var description: String { "the scan is aborted: \(reason)" }
}

/// A survey that is not begun: it is the command line that has to be mended.
struct RefusedToStart: Error, CustomStringConvertible {
    let refusal: StartRefused

    var description: String { "\(refusal)" }
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
