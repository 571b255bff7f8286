// SPDX-License-Identifier: Apache-2.0
import DNS
import Lists
import Logging
import Observations
public import Store
public import TLS

/// A scan from the list to the verdicts: a row of waves, each of which takes its work from the database and writes back
/// what it saw, so that a scan that was stopped in any way goes on where it was.
///
///     reading    lists → domains                     hosts      MX hosts, each once → addresses → endpoints
///     domains    MX question → hosts                 endpoints  each once, in pseudo-random order → observations
///     policies   each policy file once                          hellos     each address once → versions, groups
///     judging    chains, names, domains → verdicts
///
/// Whoever did not answer waits in the database until it is due again, and is asked while mail hosts are visited.
@NetworkLoop
public final class Survey {
    let configuration: SurveyConfiguration
    let session: ScanSession
    let instruments: Instruments
    let keeper: PaceKeeper
    /// nil where the survey has none.
    private(set) var canaries: CanaryWatch?
    let optOut: OptOutWatch
    /// Who refuses us, and how widely.
    var refusals: RefusalWatch
    /// Whether it is our own network that is gone.
    var outages: OutageWatch
    /// When the last retry of a visit that can be foreseen is over, and that of a look-up, by the pacer's clock.
    var retriesEndAt: Int64 = 0
    var lookupsEndAt: Int64 = 0
    /// Whether a round of look-ups that are due again is under way.
    var isLookingUpAgain = false
    /// When who could not be judged is asked again.
    let retries: RetrySchedule
    /// When what is due in the database is due.
    let clock = ScanClock()
    /// Whether so many refuse us that going on would be measured as a fact about them.
    var isRefusedEverywhere = false
    /// Why the opt-out list can no longer be read, which has stopped the scan.
    var optOutProblem: (any Error)?
    let probe: MailHostProbe
    let policyFiles: PolicyFileProbe
    let stop: StopSignal
    let report: (ProgressReport) -> Void
    /// What each wave of this run cost, in their order.
    public private(set) var costs: [StageCost] = []
    let chains = ChainReader()
    /// Names at an address that may stand for each other.
    let handshakes = KnownHandshakes()
    /// The policy files of an earlier survey.
    let previous: PreviousPolicies?
    /// Policies that this run has written down, and those of them that an earlier survey has fetched.
    var policiesDone = 0
    /// Policies that were not fetched, since an earlier survey knows them.
    public internal(set) var policiesCarriedOver = 0
    static let batch = 1_000
    /// What a kill may cost is measured again: at most so many milliseconds of work.
    private static let commitInterval: Int64 = 2_000

    /// A survey that has done nothing yet. `roots` are those that policy hosts are judged by. `report` is called on the
    /// network loop about every `reportInterval`.
    public init(
        _ configuration: SurveyConfiguration, session: ScanSession, previous: PreviousPolicies? = nil,
        context: TLSContext, roots: TrustStore, stop: StopSignal, report: @escaping (ProgressReport) -> Void
    ) {
        self.configuration = configuration
        self.session = session
        self.previous = previous
        self.stop = stop
        self.report = report
        instruments = Instruments(configuration.lookups)
        keeper = PaceKeeper(configuration.pace)
        retries = RetrySchedule(scale: configuration.pace.retryScale, seed: session.seed)
        refusals = RefusalWatch(scale: configuration.pace.retryScale)
        outages = OutageWatch(scale: configuration.pace.retryScale)
        optOut = OptOutWatch(
            configuration.optOut, path: configuration.optOutFile, tables: configuration.tables,
            obeysAll: !configuration.isLab)
        probe = MailHostProbe(context: context, settings: configuration.probe, now: { Timestamp.now })
        policyFiles = PolicyFileProbe(
            context: context, roots: roots, settings: configuration.policyFetch,
            connectTimeout: configuration.probe.connectTimeout,
            moment: Instruments.clock(fixedAt: configuration.lookups.validationTime))
        guard !configuration.canaries.isEmpty else { return }
        canaries = CanaryWatch(
            configuration.canaries, endpoints: { [unowned self] in await endpoints(of: $0) },
            visit: { [probe] in await probe.visit($0, serverName: $0.host.isRoot ? nil : $0.host) })
    }

    /// Runs every wave that is not finished. Where it ends before the end, what was seen is written, and the next run goes
    /// on from there. Throws what stops us; what was seen before is written then, too.
    public func run(_ input: SurveyInput, judge: Judge, reportEvery interval: Int64) async throws -> SurveyEnding {
        tellWhatCannotBeObeyed()
        try await requireResolver()
        try await beginUnderCanaries()
        let ticker = Ticker(intervalMilliseconds: interval)
        let committer = Ticker(intervalMilliseconds: Self.commitInterval)
        let looker = Ticker(intervalMilliseconds: OptOutWatch.interval * 1_000)
        let listener = Ticker(intervalMilliseconds: configuration.canaryInterval)
        let reporting: @Sendable @NetworkLoop () async -> Void = { [self] in
            await ticker.run { report(progressReport()) }
        }
        // A failed commit shows at the next row that is recorded.
        let committing: @Sendable @NetworkLoop () async -> Void = { [self] in
            await committer.run { try? await session.flush() }
        }
        let looking: @Sendable @NetworkLoop () async -> Void = { [self] in
            await looker.run { await lookAtOptOuts() }
        }
        let listening: @Sendable @NetworkLoop () async -> Void = { [self] in
            await listener.run { await lookAtCanaries() }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for work in [reporting, committing, looking, listening] { group.addTask(operation: work) }
            defer {
                for ticker in [ticker, committer, looker, listener] { ticker.stop() }
            }
            do {
                try await runWaves(input, judge: judge)
            } catch {
                try? await session.flush()
                throw error
            }
        }
        if let optOutProblem { throw optOutProblem }
        if let failure = canaries?.failure {
            try await takeBackWhatIsInDoubt(failure)
            return .canaryFailed(failure)
        }
        if isRefusedEverywhere { return .refusedEverywhere(pauses: refusals.scanPauses) }
        return stop.isRaised ? .stopped : .complete
    }

    private func runWaves(_ input: SurveyInput, judge: Judge) async throws {
        try await forgetOptedOut()
        if !session.inputWasComplete { try await enter(.reading) { try await read(input) } }
        // A clock that was set back since an earlier run would have its retries wait for that long.
        try await session.bringForward(
            to: clock.due(at: PaceKeeper.now + RefusalWatch.longestPause(configuration.pace.retryScale)))
        try await enter(.domains) { try await measureDomains() }
        try await enter(.hosts) { try await measureHosts() }
        try await enter(.policies) { try await measurePolicies() }
        try await enter(.endpoints) { try await measureEndpoints() }
        try await enter(.hellos) { try await measureHellos() }
        await lookAtCanaries(isLast: true)
        try await enter(.judging) { try await judge.run() }
    }

    /// Without a resolver every domain would be unknown for our own reason: better to say so and ask nobody.
    private func requireResolver() async throws {
        let answer = await instruments.resolve(Question(name: .root, type: .ns))
        try requireResolver(answer.status)
    }

    /// A resolver that is gone says nothing about anybody: what it did not answer stays pending for the next run.
    func requireResolver(_ status: LookupStatus) throws {
        guard status.isWithoutResolver else { return }
        throw SurveyError.noResolver(configuration.lookups.servers)
    }

    private var stage = ScanStage.reading
    private var stageBegan: Int64 = 0
    private var stageDoneBefore = 0
    private var stageRetryingBefore = 0

    private func enter(_ stage: ScanStage, _ wave: () async throws -> Void) async throws {
        guard !stop.isRaised else { return }
        self.stage = stage
        stageBegan = NetworkLoop.monotonicMilliseconds
        let report = progressReport()
        (stageDoneBefore, stageRetryingBefore) = (report.done, report.retrying)
        let before = ProcessCost.now
        let queriesBefore = instruments.resolver.queriesSent
        configuration.log.info("a wave begins", metadata: ["stage": "\(stage)"])
        try await wave()
        try await session.flush()
        let cost = StageCost(
            stage: stage, units: progressReport().doneNow,
            dnsQueries: instruments.resolver.queriesSent - queriesBefore, since: before)
        costs.append(cost)
        configuration.log.info("a wave ends", metadata: cost.metadata)
        self.report(progressReport())
    }

    /// Where the survey stands.
    public func progressReport() -> ProgressReport {
        let known = session.progress
        var report = ProgressReport()
        report.stage = stage
        let wave: ScanProgress.Wave? =
            switch stage {
            case .reading, .policies, .judging: nil
            case .domains: known.domains
            case .hosts: known.hosts
            case .endpoints: known.endpoints
            case .hellos: known.hellos
            }
        report.done = wave?.done ?? (stage == .policies ? policiesDone : known.domains.total)
        report.total = wave?.total
        report.inconclusive = wave?.inconclusive ?? 0
        report.retrying = wave?.retrying ?? 0
        report.optOutChecks = optOut.checks
        report.optOutRefusals = optOut.refusals
        report.prefixPauses = refusals.prefixPauses
        report.scanPauses = refusals.scanPauses
        report.openConnections = keeper.openConnections
        report.doneNow = report.done - stageDoneBefore
        report.seenNow = report.doneNow + max(0, report.retrying - stageRetryingBefore)
        if stage == .endpoints {
            let end = max(report.retrying > 0 ? retriesEndAt : 0, lookupsEndAt)
            report.retriesEndIn = Int(max(0, end - PaceKeeper.now) / 1_000_000)
        }
        report.retriesLast = Int(retries.longest(after: 1))
        report.elapsedMilliseconds = NetworkLoop.monotonicMilliseconds - stageBegan
        return report
    }
}
