// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Store

/// Which scan of which database.
struct DatabaseOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("A survey database, made by `mxcensus scan`.", valueName: "FILE"))
    var database: String

    @Option(help: ArgumentHelp("The scan, by its identifier. Default: the latest in the file.", valueName: "ID"))
    var scan: String?

    func open(_ access: SurveyStore.Access) throws -> (SurveyStore, String) {
        let store = try SurveyStore(path: database, access: access)
        return (store, try scan ?? store.latestScanID())
    }
}
