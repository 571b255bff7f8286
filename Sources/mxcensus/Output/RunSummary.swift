// SPDX-License-Identifier: Apache-2.0
import Foundation
import Scan
import Store

/// What a run did and cost: a sentence for a person, JSON for a program.
enum RunSummary {
    static func sentence(
        _ session: ScanSession, _ costs: [StageCost], carriedOver: Int, isComplete: Bool, into path: String
    ) -> String {
        let progress = session.progress
        let seconds = Int(costs.reduce(0) { $0 + $1.wallMilliseconds } / 1_000)
        let counts =
            "\(progress.domains.done) domains, \(progress.hosts.done) mail hosts, \(progress.endpoints.done) endpoints, "
            + "\(progress.endpoints.inconclusive) of them without a conclusive answer, in "
            + ProgressReporter.duration(seconds) + inference(progress) + questions(costs)
            + (carriedOver > 0
                ? "\n\(carriedOver) policy files not fetched again: unchanged since the survey before" : "")
        return isComplete
            ? "complete: \(counts)\n\(path): ready for `mxcensus export` and `mxcensus stats`"
            : "stopped: \(counts)\n\(path): the same command again goes on from here"
    }

    /// How many handshakes were inferred, and how often the control sample shows that to be wrong.
    private static func inference(_ progress: ScanProgress) -> String {
        guard progress.inferred > 0 || progress.checks.total > 0 else { return "" }
        return
            "\n\(progress.inferred) handshakes inferred from another name at the address; \(progress.checks.done) measured "
            + "all the same, \(progress.disagreements) of them showed something else"
    }

    /// What DNS was asked: a domain's own questions, and those about each mail host.
    private static func questions(_ costs: [StageCost]) -> String {
        let parts = [(ScanStage.domains, "domain"), (.hosts, "mail host"), (.policies, "policy file")].compactMap {
            stage, unit -> String? in
            guard let cost = costs.first(where: { $0.stage == stage }), cost.units > 0 else { return nil }
            return String(format: "%.1f for each ", Double(cost.dnsQueries) / Double(cost.units)) + unit
        }
        return parts.isEmpty ? "" : "\nDNS queries: " + parts.joined(separator: ", ")
    }

    static func write(_ costs: [StageCost], to path: String) throws {
        let stages = costs.map { cost in
            [
                "stage": cost.stage.rawValue, "units": cost.units, "wall_ms": cost.wallMilliseconds,
                "cpu_ms": cost.cpuMilliseconds, "dns_queries": cost.dnsQueries,
            ] as [String: Any]
        }
        let text = JSONText.object(["stages": stages, "peak_rss_kb": ProcessCost.peakMemory])
        do {
            try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw FileProblem(path: path, doing: "written", error: error)
        }
    }
}
