// SPDX-License-Identifier: Apache-2.0
import Foundation
import Scan
import Store

/// What a run did, what it cost us and others, and what it could not find out: text for a person, JSON for a program.
struct RunSummary {
    let figures: ScanFigures
    let progress: ScanProgress
    let costs: [StageCost]
    /// From its beginning to its end.
    let seconds: Int
    /// Policy files that were not fetched again.
    let carriedOver: Int
    /// The last report, for what the opt-outs and the pauses came to.
    let optOuts: ProgressReport

    /// Several lines, the first of which says it all.
    func text(_ ending: SurveyEnding, into path: String, isDryRun: Bool) -> String {
        let counts =
            "\(progress.domains.done) domains, \(progress.hosts.done) mail hosts, \(progress.endpoints.done) endpoints, "
            + "\(progress.endpoints.inconclusive) of them without a conclusive answer, in "
            + ProgressReporter.duration(seconds)
        let last =
            switch ending {
            case .complete where isDryRun:
                "\(path): the dry run; look at it with `mxcensus stats`, and at the mailbox, before you go on without --dry-run"
            case .complete: "\(path): ready for `mxcensus export` and `mxcensus stats`"
            default: "\(path): the same command again goes on from here"
            }
        let lines = [
            "\(ending == .complete ? "complete" : "stopped"): \(counts)", inference, questions, carried, sent,
            receivers, causes,
        ]
        return (lines.compactMap { $0 } + [last]).joined(separator: "\n")
    }

    /// How many handshakes were inferred, and how often the control sample shows that to be wrong.
    private var inference: String? {
        guard progress.inferred > 0 || progress.checks.total > 0 else { return nil }
        return
            "\(progress.inferred) handshakes inferred from another name at the address; \(progress.checks.done) measured "
            + "all the same, \(progress.disagreements) of them showed something else"
    }

    /// What DNS was asked: a domain's own questions, and those about each mail host.
    private var questions: String? {
        let parts = [(ScanStage.domains, "domain"), (.hosts, "mail host"), (.policies, "policy file")].compactMap {
            stage, unit -> String? in
            guard let cost = costs.first(where: { $0.stage == stage }), cost.units > 0 else { return nil }
            return String(format: "%.1f for each ", Double(cost.dnsQueries) / Double(cost.units)) + unit
        }
        return parts.isEmpty ? nil : "DNS queries: " + parts.joined(separator: ", ")
    }

    private var carried: String? {
        carriedOver > 0 ? "\(carriedOver) policy files not fetched again: unchanged since the survey before" : nil
    }

    private var sent: String {
        let traffic = Traffic.soFar
        return
            "this run: \(traffic.datagramsSent) packets to resolvers and \(traffic.datagramsReceived) back, "
            + "\(traffic.connections) connections, \(traffic.octetsSent) octets out and \(traffic.octetsReceived) in; the opt-out list was asked \(optOuts.optOutChecks) times and kept "
            + "\(optOuts.optOutRefusals) from being asked"
    }

    private var receivers: String? {
        guard !figures.receivers.isEmpty else { return nil }
        return "most connections: "
            + figures.receivers.map {
                "\($0.address) \($0.connections) (\($0.hosts) host\($0.hosts == 1 ? "" : "s"))"
            }.joined(separator: ", ")
    }

    private var causes: String? {
        guard !figures.inconclusive.isEmpty else { return nil }
        return "inconclusive: "
            + figures.inconclusive.map { "\($0.stage) \($0.outcome) \($0.count)" }.joined(separator: ", ")
    }

    private static var traffic: [String: Int] {
        let traffic = Traffic.soFar
        return [
            "dns_packets_sent": traffic.datagramsSent, "dns_packets_received": traffic.datagramsReceived,
            "connections": traffic.connections, "octets_sent": traffic.octetsSent,
            "octets_received": traffic.octetsReceived,
        ]
    }

    /// The same as JSON.
    func write(to path: String) throws {
        let stages = costs.map { cost in
            [
                "stage": cost.stage.rawValue, "units": cost.units, "wall_ms": cost.wallMilliseconds,
                "cpu_ms": cost.cpuMilliseconds, "dns_queries": cost.dnsQueries,
            ] as [String: Any]
        }
        let text = JSONText.object([
            "stages": stages, "peak_rss_kb": ProcessCost.peakMemory, "duration_s": seconds, "traffic": Self.traffic,
            "opt_out_checks": optOuts.optOutChecks, "opt_out_refusals": optOuts.optOutRefusals,
            "prefix_pauses": optOuts.prefixPauses, "scan_pauses": optOuts.scanPauses,
            "connections_to_mail_hosts": figures.connections,
            "receivers": figures.receivers.map {
                ["address": $0.address, "hosts": $0.hosts, "connections": $0.connections] as [String: Any]
            },
            "inconclusive": figures.inconclusive.map {
                ["stage": $0.stage, "outcome": $0.outcome, "count": $0.count] as [String: Any]
            },
        ])
        do {
            try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw FileProblem(path: path, doing: "written", error: error)
        }
    }
}
