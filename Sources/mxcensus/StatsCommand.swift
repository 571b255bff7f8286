// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Store

/// The statistics of a scan.
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Statistics of a scan: shares with their denominators, unknowns counted apart."
    )

    /// How units are split.
    enum Split: String, ExpressibleByArgument, CaseIterable {
        case sector
        case tld
    }

    @OptionGroup var source: DatabaseOptions

    @Option(help: "Split by a column of the list or by the last label of the domain.")
    var by: Split?

    @Option(help: "text for a person, json for a program.")
    var format: OutputFormat = .text

    func run() throws {
        let (store, scanID) = try source.open(.readOnly)
        let stratification: Stratification =
            switch by {
            case nil: .overall
            case .sector: .label("sector")
            case .tld: .topLevelDomain
            }
        let table = StatisticsTable(try Statistics.compute(store, scanID: scanID, by: stratification))
        print(format == .json ? table.json : table.description)
    }
}
