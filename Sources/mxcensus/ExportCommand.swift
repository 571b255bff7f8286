// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Store

/// The published tables.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the tables of a scan as CSV.",
        discussion: """
            Rows are sorted by their keys, so that two releases can be compared line by line; the same database gives \
            the same bytes. Columns and words are explained in docs/dataset.md.
            """
    )

    @OptionGroup var source: DatabaseOptions

    @Option(help: ArgumentHelp("The folder to write into; made where it is missing.", valueName: "DIR"))
    var to: String

    func run() throws {
        let (store, scanID) = try source.open(.readOnly)
        for file in try Exporter(store, scanID: scanID).write(to: to) {
            print("\(file.path): \(file.rows) rows")
        }
    }
}
