// SPDX-License-Identifier: Apache-2.0
import DNS
import Lists
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
@NetworkLoop
public final class Survey {
    let configuration: SurveyConfiguration
    let session: ScanSession
    let instruments: Instruments
    let keeper: PaceKeeper
    let optOut: OptOutWatch
    /// Who refuses us, and how widely.
    var refusals: RefusalWatch
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
        refusals = RefusalWatch(scale: configuration.pace.retryScale)
        optOut = OptOutWatch(configuration.optOut, path: configuration.optOutFile)
        probe = MailHostProbe(context: context, settings: configuration.probe, now: { Timestamp.now })
        policyFiles = PolicyFileProbe(
            context: context, roots: roots, settings: configuration.policyFetch,
            connectTimeout: configuration.probe.connectTimeout,
            moment: Instruments.clock(fixedAt: configuration.lookups.validationTime))
    }

    /// Runs every wave that is not finished. False when it was told to stop before the end: what was seen is written,
    /// and the next run goes on from there. Throws what stops us; what was seen before is written then, too.
    public func run(_ input: SurveyInput, judge: Judge, reportEvery interval: Int64) async throws -> Bool {
        try await requireResolver()
        let ticker = Ticker(intervalMilliseconds: interval)
        let committer = Ticker(intervalMilliseconds: Self.commitInterval)
        let looker = Ticker(intervalMilliseconds: OptOutWatch.interval * 1_000)
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
        try await withThrowingTaskGroup(of: Void.self) { group in
            for work in [reporting, committing, looking] { group.addTask(operation: work) }
            defer {
                for ticker in [ticker, committer, looker] { ticker.stop() }
            }
            do {
                try await runWaves(input, judge: judge)
            } catch {
                try? await session.flush()
                throw error
            }
        }
        if let optOutProblem { throw optOutProblem }
        return !stop.isRaised
    }

    private func runWaves(_ input: SurveyInput, judge: Judge) async throws {
        try await forgetOptedOut()
        if !session.inputWasComplete { try await enter(.reading) { try await read(input) } }
        try await enter(.domains) { try await measureDomains() }
        try await enter(.hosts) { try await measureHosts() }
        try await enter(.policies) { try await measurePolicies() }
        try await enter(.endpoints) { try await measureEndpoints() }
        try await enter(.hellos) { try await measureHellos() }
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

    private func enter(_ stage: ScanStage, _ wave: () async throws -> Void) async throws {
        guard !stop.isRaised else { return }
        self.stage = stage
        stageBegan = NetworkLoop.monotonicMilliseconds
        stageDoneBefore = progressReport().done
        let before = ProcessCost.now
        let queriesBefore = instruments.resolver.queriesSent
        try await wave()
        try await session.flush()
        costs.append(
            StageCost(
                stage: stage, units: progressReport().doneNow,
                dnsQueries: instruments.resolver.queriesSent - queriesBefore, since: before))
        report(progressReport())
    }

    private func measureDomains() async throws {
        let queue = PendingQueue<DomainName>(stop: stop) { [session] last in
            try await session.pendingDomains(after: last, limit: Self.batch)
        }
        try await runWave(slots: configuration.maximumLookups, queue: queue) { [self] domain in
            guard !optOut.covers(domain: domain) else { return try await session.forget(domain: domain) }
            let route = await MailRouting.route(for: domain, from: instruments.resolver)
            try requireResolver(route.status)
            guard !optOut.covers(domain: domain) else { return try await session.forget(domain: domain) }
            let policies = await policies(of: domain, route: route)
            // Somebody may have asked to be left alone while we waited for the answers.
            guard !optOut.covers(domain: domain) else { return try await session.forget(domain: domain) }
            let unasked = Set(route.exchanges.map(\.host).filter { optOut.covers(host: $0) })
            try await session.record(
                domain: DomainResult(
                    domain: domain, route: route.remarking(policies), measuredAt: .now, optedOut: unasked,
                    policies: policies, stsDomain: route.stsDomain(policies)))
        }
    }

    private func measureHosts() async throws {
        let queue = PendingQueue<DomainName>(stop: stop) { [session] last in
            try await session.pendingHosts(after: last, limit: Self.batch)
        }
        try await runWave(slots: configuration.maximumLookups, queue: queue) { [self] host in
            guard !optOut.covers(host: host) else { return try await session.forget(host: host) }
            let found = await MailRouting.addresses(
                of: host, families: configuration.families, allowSpecialUse: configuration.isLab,
                from: instruments.resolver)
            try requireResolver(found.v4.status)
            try requireResolver(found.v6.status)
            guard !isOptedOut(found) else { return try await session.forget(host: host) }
            let tlsa = await tlsa(of: found, port: configuration.mailPort)
            let caa = await MailRouting.caa(of: found, from: instruments.resolver)
            var others: [Int: TLSALookup] = [:]
            for port in configuration.ports where port != configuration.mailPort {
                others[port] = await self.tlsa(of: found, port: port)
            }
            for lookup in [tlsa] + others.values { try requireResolver(lookup.status) }
            try requireResolver(caa.status)
            // Here, too, time has passed.
            guard !isOptedOut(found) else { return try await session.forget(host: host) }
            var result = HostResult(
                addresses: found, tlsa: tlsa, endpoints: endpoints(of: found), measuredAt: .now,
                hasUnaskedAddress: (found.v4.addresses + found.v6.addresses).contains {
                    optOut.covers(address: $0)
                })
            result.caa = caa
            result.tlsaOfOtherPorts = others
            try await session.record(host: result)
        }
    }

    /// Whether the host has opted out, by its own name or by any that its aliases lead through.
    func isOptedOut(_ found: MailHostAddresses) -> Bool {
        ([found.host, found.expandedName] + found.aliases).contains { optOut.covers(host: $0) }
    }

    /// TLSA records belong to a port (RFC 6698 §3).
    private func tlsa(of found: MailHostAddresses, port: Int) async -> TLSALookup {
        var lookup = await MailRouting.tlsa(of: found, port: port, from: instruments.resolver)
        lookup.records = lookup.records.map { $0.readingFullData() }
        return lookup
    }

    /// What may be contacted: no special-use address outside a lab, nothing that is opted out.
    private func endpoints(of found: MailHostAddresses) -> [Endpoint] {
        (found.v4.addresses + found.v6.addresses)
            .filter { (configuration.isLab || !$0.isSpecialUse) && !optOut.covers(address: $0) }
            .flatMap { address in
                configuration.ports.map { Endpoint(host: found.host, address: address, port: $0) }
            }
    }

    private func progressReport() -> ProgressReport {
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
        report.elapsedMilliseconds = NetworkLoop.monotonicMilliseconds - stageBegan
        return report
    }
}
