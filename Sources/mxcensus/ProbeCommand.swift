// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Observations
import Scan
import Store

/// One mail host, whoever's it is.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "One mail host: its addresses, and what each of them offers."
    )

    @Argument(help: ArgumentHelp("The mail host's name.", valueName: "HOST"))
    var host: String

    @Option(help: "text for a person, json for a program.")
    var format: OutputFormat = .text

    @OptionGroup var options: MeasuringOptions

    func run() async throws {
        let name = try NameArgument.domain(host)
        let visit = try await Visit(.hosts([name]), options: options)
        guard let report = try visit.report(name), let host = report.hosts.first else {
            throw OptedOut(name: name)
        }
        if format == .json {
            print(JSONText.object(DomainPage.object(of: host)))
        } else {
            print(HostPage(host).text(colours: Terminal.hasColours))
        }
    }
}
