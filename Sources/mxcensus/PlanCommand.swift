// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Lists
import Scan
import Store

/// What a scan would send, before anything is sent.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Estimates what a scan of lists would send, to whom most, and how long it would take. Sends nothing.",
        discussion: """
            Lines are counted as they stand, twice where a domain stands twice. The estimate is drawn from the ratios of a \
            scan of popular domains, or, with --like, from those of a scan of your own, which also knows the largest \
            receivers. Retries are not counted.
            """
    )

    @Argument(help: ArgumentHelp("Lists of domains.", valueName: "LIST"))
    var lists: [String]

    @Option(help: ArgumentHelp("A survey database of domains of the same kind.", valueName: "FILE"))
    var like: String?

    @Option(help: ArgumentHelp("Budgets: a file, `default` or `lab`.", valueName: "PACE"))
    var pace: String = "default"

    func validate() throws {
        guard !lists.isEmpty else { throw ValidationError("name a list") }
    }

    func run() throws {
        var shape = ScanEstimate.popular
        if let like {
            let store = try SurveyStore(path: like, access: .readOnly)
            shape = try store.shape(scanID: store.latestScanID())
        }
        var domains = 0
        for path in lists {
            var reader = try ListReader(path: path)
            while let line = try reader.next() {
                if case .domain = line { domains += 1 }
            }
        }
        let plan = ScanEstimate(domains: domains, like: shape, at: try PaceFile.pace(named: pace))
        print(
            """
            \(domains) domains, about \(plan.hosts) mail hosts with \(plan.endpoints) endpoints
            about \(plan.questions) DNS questions and \(plan.connections) connections to mail hosts
            at least \(ProgressReporter.duration(plan.seconds)); what takes longest is the budget `\(plan.bottleneck.rawValue)`
            """)
        show(shape.largestHosts, as: "domains name", like: shape, domains)
        show(shape.largestAddresses, as: "endpoints at", like: shape, domains)
    }

    private func show(_ receivers: [SurveyShape.Receiver], as what: String, like shape: SurveyShape, _ domains: Int) {
        guard !receivers.isEmpty else { return }
        print("\nthe largest, scaled from \(like ?? ""):")
        for receiver in receivers {
            print("  \(receiver.count * domains / max(1, shape.domains)) \(what) \(receiver.name)")
        }
    }
}
