// SPDX-License-Identifier: Apache-2.0
public import Lists
public import Observations
import Store

/// What is to be surveyed.
public enum SurveyInput: Sendable {
    /// Lists of domains, by path; `-` is standard input. Of a dry run's, the first domains.
    case lists(
        [String], limit: Int? = nil, onInvalid: @Sendable (InvalidLine) -> Void,
        onUnreadable: @Sendable (ListError) -> Void)
    /// Domains that somebody named.
    case domains([DomainName])
    /// Mail hosts, whoever's they are: nothing is asked about domains.
    case hosts([DomainName])
}

/// The first wave: the lists become pending rows, line by line. Deduplication is the database's.
extension Survey {
    func read(_ input: SurveyInput) async throws {
        switch input {
        case .lists(let paths, let limit, let onInvalid, let onUnreadable):
            try await readLists(paths, limit ?? .max, onInvalid: onInvalid, onUnreadable: onUnreadable)
        case .domains(let names):
            let wanted = names.filter { !optOut.covers(domain: $0) }
            try await session.addInput(wanted.map { InputRow(domain: $0) })
            try await session.finishInput(rows: names.count, invalid: 0, optedOut: names.count - wanted.count)
        case .hosts(let names):
            let wanted = names.filter { !optOut.covers(host: $0) }
            try await session.addInput(wanted.map { InputRow(domain: $0) })
            for name in wanted { try await session.record(domain: .standingIn(for: name)) }
            try await session.finishInput(rows: names.count, invalid: 0, optedOut: names.count - wanted.count)
        }
    }

    private typealias Tally = (rows: Int, invalid: Int, optedOut: Int)

    /// A list that cannot be read, or only to some point, costs the others nothing.
    private func readLists(
        _ paths: [String], _ limit: Int, onInvalid: @Sendable (InvalidLine) -> Void,
        onUnreadable: @Sendable (ListError) -> Void
    ) async throws {
        var tally: Tally = (rows: 0, invalid: 0, optedOut: 0)
        for path in paths {
            do {
                try await readList(path, limit, &tally, onInvalid: onInvalid)
            } catch let problem as ListError {
                onUnreadable(problem)
            }
        }
        // Stopped in the middle: the next run reads the lists again, which changes nothing that is there.
        guard !stop.isRaised else { return }
        try await session.finishInput(rows: tally.rows, invalid: tally.invalid, optedOut: tally.optedOut)
    }

    private func readList(
        _ path: String, _ limit: Int, _ tally: inout Tally, onInvalid: @Sendable (InvalidLine) -> Void
    ) async throws {
        var reader = try ListReader(path: path)
        var domains: [InputRow] = []
        var errors: [InputError] = []
        var problem: ListError?
        // As many rows as that are at most as many domains.
        while !stop.isRaised, tally.rows - tally.invalid - tally.optedOut < limit {
            let line: ListLine?
            do {
                line = try reader.next()
            } catch {
                (line, problem) = (nil, error)
            }
            guard let line else { break }
            tally.rows += 1
            switch line {
            case .domain(let listed) where optOut.covers(domain: listed.name):
                tally.optedOut += 1
            case .domain(let listed):
                domains.append(InputRow(listed))
            case .invalid(let invalid):
                tally.invalid += 1
                onInvalid(invalid)
                errors.append(InputError(invalid))
            }
            if domains.count + errors.count >= 1_000 { try await add(&domains, &errors) }
        }
        try await add(&domains, &errors)
        if let problem { throw problem }
    }

    private func add(_ domains: inout [InputRow], _ errors: inout [InputError]) async throws {
        if !domains.isEmpty { try await session.addInput(domains) }
        if !errors.isEmpty { try await session.addInputErrors(errors) }
        domains = []
        errors = []
    }
}

extension InputRow {
    init(_ listed: ListedDomain) {
        self.init(
            domain: listed.name, unicode: listed.unicode, rank: listed.rank,
            labels: Dictionary(listed.labels.map { ($0.name, $0.value) }) { first, _ in first })
    }
}

extension InputError {
    init(_ invalid: InvalidLine) {
        self.init(file: invalid.file, line: invalid.line, text: invalid.text, reason: "\(invalid.reason)")
    }
}

extension DomainResult {
    /// A domain of which nothing was asked but its only host, itself.
    static func standingIn(for host: DomainName) -> DomainResult {
        let route = MailRoute(
            status: .notReached, shape: .notMeasured, exchanges: [MailExchange(preference: 0, host: host)])
        return DomainResult(domain: host, route: route, measuredAt: .now)
    }
}
