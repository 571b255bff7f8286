// SPDX-License-Identifier: Apache-2.0
import Foundation
import Scan

/// Shows where a scan stands, on standard error: one line that rewrites itself on a terminal, a plain line now and then
/// elsewhere, nothing when told to be quiet.
final class ProgressReporter: @unchecked Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let isQuiet: Bool
    private var stage: ScanStage?
    private var lastLine: Date?

    /// How often the pipeline should report, in milliseconds.
    var intervalMilliseconds: Int64 { isTerminal ? 250 : 10_000 }

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
    }

    /// Takes one report; called from one place at a time.
    func report(_ progress: ProgressReport) {
        guard !isQuiet else { return }
        let isNewStage = progress.stage != stage
        if isTerminal {
            if isNewStage, stage != nil { write("\n") }
            write("\r\u{1B}[K" + Self.line(progress))
        } else if isNewStage || progress.done == progress.total {
            write(Self.line(progress) + "\n")
        } else if lastLine.map({ Date().timeIntervalSince($0) >= 10 }) ?? true {
            write(Self.line(progress) + "\n")
            lastLine = Date()
        }
        stage = progress.stage
    }

    /// Ends the line that rewrites itself.
    func finish() {
        if isTerminal, !isQuiet, stage != nil { write("\n") }
    }

    /// A sentence for a person, kept whatever the line does.
    func say(_ sentence: String) {
        guard !isQuiet else { return }
        remark(sentence)
    }

    /// The same, for those who want quiet, too.
    func remark(_ line: String) {
        write((isTerminal && !isQuiet && stage != nil ? "\n" : "") + line + "\n")
    }

    private func write(_ text: String) {
        StandardError.write(text)
    }

    static func line(_ progress: ProgressReport) -> String {
        var parts = [progress.stage.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)]
        parts.append(progress.total.map { "\(progress.done)/\($0)" } ?? "\(progress.done)")
        if progress.rate > 0 { parts.append(String(format: "%.0f/s", progress.rate)) }
        if progress.openConnections > 0 { parts.append("\(progress.openConnections) open") }
        if progress.inconclusive > 0 { parts.append("\(progress.inconclusive) inconclusive so far") }
        if progress.retrying > 0 { parts.append("\(progress.retrying) to be asked again") }
        if let seconds = progress.remainingSeconds, seconds > 0 { parts.append("\(duration(seconds)) to go") }
        return parts.joined(separator: "  ")
    }

    static func duration(_ seconds: Int) -> String {
        seconds >= 3_600
            ? "\(seconds / 3_600) h \(seconds / 60 % 60) min"
            : seconds >= 60
                ? "\(seconds / 60) min \(seconds % 60) s" : "\(seconds) s"
    }
}
