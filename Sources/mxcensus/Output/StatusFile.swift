// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observations
import Scan
import Store

/// Where a scan stands, for programs: a JSON file that is replaced as a whole, so that a reader never sees half of one,
/// and beside it the same figures for Prometheus' node exporter (text format 0.0.4).
final class StatusFile: @unchecked Sendable {
    private let path: String
    private let scanID: String
    private var lastWritten: Date?
    private static let interval: TimeInterval = 2

    /// Writes `path` and, with `.prom` instead of its extension, the figures.
    init(path: String, scanID: String) {
        self.path = path
        self.scanID = scanID
    }

    /// Writes at most every other second.
    func write(_ progress: ProgressReport) throws {
        let now = Date()
        if let lastWritten, abs(now.timeIntervalSince(lastWritten)) < Self.interval { return }
        lastWritten = now
        try write(progress, state: "running", at: now)
    }

    /// Writes how the run ended, the last word.
    func end(_ progress: ProgressReport, as status: ScanStatus) throws {
        try write(progress, state: status.rawValue, at: Date())
    }

    private func write(_ progress: ProgressReport, state: String, at now: Date) throws {
        let figures = Self.figures(progress)
        var object: [String: Any] = [
            "scan_id": scanID, "state": state, "stage": progress.stage.rawValue,
            "written_at": "\(Timestamp(seconds: Int64(now.timeIntervalSince1970)))",
        ]
        for (name, value) in figures { object[name] = value }
        try put(JSONText.object(object) + "\n", to: path)
        let lines = figures.map { name, value in
            "# TYPE mxcensus_\(name) gauge\nmxcensus_\(name){stage=\"\(progress.stage.rawValue)\"} \(value)\n"
        }
        try put(lines.joined(), to: (path as NSString).deletingPathExtension + ".prom")
    }

    private static func figures(_ progress: ProgressReport) -> [(String, Int)] {
        var figures = [
            ("done", progress.done), ("open_connections", progress.openConnections),
            ("inconclusive", progress.inconclusive), ("retrying", progress.retrying),
            ("opt_out_checks", progress.optOutChecks), ("opt_out_refusals", progress.optOutRefusals),
            ("prefix_pauses", progress.prefixPauses), ("scan_pauses", progress.scanPauses),
            ("peak_memory_kib", ProcessCost.peakMemory),
        ]
        if let total = progress.total { figures.append(("total", total)) }
        if let seconds = progress.remainingSeconds { figures.append(("remaining_seconds", seconds)) }
        return figures
    }

    private func put(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw FileProblem(path: path, doing: "written", error: error)
        }
    }
}
