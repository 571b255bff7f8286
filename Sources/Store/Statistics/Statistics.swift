// SPDX-License-Identifier: Apache-2.0
import GRDB

/// How the units of a statistic are split.
public enum Stratification: Hashable, Sendable {
    /// Not at all.
    case overall
    /// By a column of the list, such as `sector`; units without it stand under `(none)`.
    case label(String)
    /// By the last label of the domain.
    case topLevelDomain
}

/// One metric in one stratum: counts first, the share after.
public struct StatisticRow: Hashable, Sendable {
    /// The metric's identifier.
    public let metric: String
    /// The same for people.
    public let title: String
    /// `domain`, `mx_host` or `endpoint`.
    public let unit: String
    /// `any`, `all`, `primary`, or empty.
    public let aggregation: String
    /// The stratum; `all` where nothing is split.
    public let stratum: String
    /// Units for which it holds.
    public let yes: Int
    /// Units for which it does not.
    public let no: Int
    /// Units of which it could not be found out.
    public let unknown: Int
    /// Units to which the question does not apply.
    public let excluded: Int
    /// What the share is a share of.
    public let denominator: String

    /// yes / (yes + no); nil where nothing is known.
    public var rate: Double? { yes + no > 0 ? Double(yes) / Double(yes + no) : nil }
    /// The share if every unknown were a no (Manski's bounds); nil where the question applies to nothing.
    public var lowerBound: Double? { asked > 0 ? Double(yes) / Double(asked) : nil }
    /// The share if every unknown were a yes.
    public var upperBound: Double? { asked > 0 ? Double(yes + unknown) / Double(asked) : nil }

    private var asked: Int { yes + no + unknown }
}

/// The statistics of a scan, counted by SQLite in one pass over each unit.
public enum Statistics {
    /// Every metric in every stratum, strata in alphabetical order, metrics in the order of the documentation.
    ///
    /// A host or endpoint belongs to each stratum that one of its domains belongs to, once.
    public static func compute(
        _ store: SurveyStore, scanID: String, by stratification: Stratification = .overall
    ) throws(StoreError) -> [StatisticRow] {
        try store.read { db in
            guard try Bool.fetchOne(db, sql: "SELECT 1 FROM scans WHERE scan_id = ?", arguments: [scanID]) != nil else {
                throw StoreError.noSuchScan(path: store.path, scanID: scanID)
            }
            let pass = CountingPass(scanID: scanID, stratification: stratification, db: db)
            let counts = try Metric.Unit.allCases.map { try pass.count($0) }
            let strata = Set(counts.flatMap(\.keys)).sorted()
            return strata.flatMap { stratum in
                Metric.all.compactMap { metric in
                    counts.lazy.compactMap { $0[stratum]?[metric.key] }.first.map { row(metric, stratum, $0) }
                }
            }
        }
    }

    private static func row(_ metric: Metric, _ stratum: String, _ counts: [Int]) -> StatisticRow {
        StatisticRow(
            metric: metric.id, title: metric.title, unit: metric.unit.rawValue, aggregation: metric.aggregation,
            stratum: stratum, yes: counts[1], no: counts[0], unknown: counts[2], excluded: counts[3],
            denominator: metric.denominator)
    }
}

extension Metric {
    /// Identifiers repeat over units and aggregations.
    fileprivate var key: String { "\(id) \(unit.rawValue) \(aggregation)" }
}

/// Counts the four answers of all metrics of a unit.
private struct CountingPass {
    let scanID: String
    let stratification: Stratification
    let db: Database

    /// Stratum -> metric -> how often the answers 0...3 were given.
    func count(_ unit: Metric.Unit) throws -> [String: [String: [Int]]] {
        let metrics = Metric.all.filter { $0.unit == unit }
        let answers = metrics.enumerated().map { "\($1.answer) AS m\($0)" }
        let sums = metrics.indices.flatMap { index in (0...3).map { "sum(m\(index) = \($0))" } }
        let sql = """
            SELECT stratum, \(sums.joined(separator: ", "))
            FROM (SELECT \(stratum(of: unit)) AS stratum, \(answers.joined(separator: ", ")) FROM \(source(of: unit)))
            GROUP BY stratum
            """
        var counts: [String: [String: [Int]]] = [:]
        let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
        while let row = try rows.next() {
            var counted: [String: [Int]] = [:]
            for (index, metric) in metrics.enumerated() {
                counted[metric.key] = (0...3).map { row[1 + 4 * index + $0] }
            }
            counts[row[0]] = counted
        }
        return counts
    }

    private var arguments: StatementArguments {
        guard case .label(let name) = stratification else { return ["scan": scanID] }
        return ["scan": scanID, "label": "$.\"\(name)\""]
    }

    private var stratumOfDomain: String {
        switch stratification {
        case .overall: "'all'"
        case .label: "coalesce(json_extract(d.labels, :label), '(none)')"
        // What is left when everything but dots is trimmed from the end is the name up to its last dot.
        case .topLevelDomain: "substr(d.domain, length(rtrim(d.domain, replace(d.domain, '.', ''))) + 1)"
        }
    }

    private func stratum(of unit: Metric.Unit) -> String {
        if unit == .domain { return stratumOfDomain }
        return stratification == .overall ? "'all'" : "s.stratum"
    }

    private func source(of unit: Metric.Unit) -> String {
        let hostsOfStrata = """
            (SELECT DISTINCT \(stratumOfDomain) AS stratum, m.mx_host
                FROM domains d JOIN domain_mx m ON m.scan_id = d.scan_id AND m.domain = d.domain
                WHERE d.scan_id = :scan) s
            """
        let probe = ([("p", "full")] + Metric.hellos.sorted { $0.key < $1.key }).map { alias, profile in
            """
            LEFT JOIN tls_probes \(alias) ON \(alias).scan_id = e.scan_id AND \(alias).mx_host = e.mx_host
                AND \(alias).ip = e.ip AND \(alias).port = e.port AND \(alias).hello_profile = '\(profile)'
            """
        }.joined(separator: " ")
        switch (unit, stratification) {
        case (.domain, _): return Self.domains
        case (.host, .overall): return "mx_hosts h WHERE h.scan_id = :scan"
        case (.host, _): return "\(hostsOfStrata) JOIN mx_hosts h ON h.scan_id = :scan AND h.mx_host = s.mx_host"
        case (.endpoint, .overall): return "endpoints e \(probe) WHERE e.scan_id = :scan AND \(Self.isMail)"
        case (.endpoint, _):
            return """
                \(hostsOfStrata) JOIN endpoints e ON e.scan_id = :scan AND e.mx_host = s.mx_host \(probe)
                WHERE \(Self.isMail)
                """
        }
    }

    /// Mail goes to port 25; other ports count only where a survey asked for nothing else.
    private static let isMail = """
        (e.port = 25 OR NOT EXISTS (SELECT 1 FROM endpoints o WHERE o.scan_id = :scan AND o.port = 25))
        """

    /// Domains with how many of their hosts have an IPv6 address that can be used, and of how many that is not known.
    private static let domains = """
        domains d LEFT JOIN (
            SELECT m.domain, count(*) AS hosts, sum(h.address_v6_outcome = 'resolved') AS with_,
                sum(h.address_v6_outcome IN ('dns_tempfail', 'family_disabled', 'not_measured', 'not_reached')) AS unknown
            FROM domain_mx m JOIN mx_hosts h ON h.scan_id = m.scan_id AND h.mx_host = m.mx_host
            WHERE m.scan_id = :scan GROUP BY m.domain) v6 ON v6.domain = d.domain
        WHERE d.scan_id = :scan
        """
}
