// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Observations
import Scan
import Store
import TLS

/// Verdicts again, from what was seen.
struct JudgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Judges a scan again from what it saw, without asking anybody anything.",
        discussion: "With other roots or another date, chains that were valid may not be, and the other way round."
    )

    @OptionGroup var source: DatabaseOptions

    @Option(help: ArgumentHelp("The trusted roots, as PEM.", valueName: "FILE"))
    var caFile: String = TrustStore.defaultFile

    @Option(help: ArgumentHelp("The moment for which certificates are judged. Default: now.", valueName: "RFC3339"))
    var at: Timestamp?

    func run() async throws {
        let roots = try TrustStore(caFile: caFile)
        let (store, scanID) = try source.open(.openExisting)
        let session = try store.reopenScan(scanID)
        try await Judge(session: session, roots: roots, at: at ?? .now, stop: StopSignal()).run()
        try await session.flush()
        print("\(source.database): scan \(scanID) judged against \(roots.name) as of \(at ?? .now)")
    }
}
