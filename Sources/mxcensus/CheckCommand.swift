// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Observations
import Scan
import Store

/// Everything about a few domains, judged.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Everything about one domain, judged, with what to fix."
    )

    @Argument(help: ArgumentHelp("Domains to check.", valueName: "DOMAIN"))
    var domains: [String]

    @Option(help: "text for a person, json for a program.")
    var format: OutputFormat = .text

    @OptionGroup var options: MeasuringOptions

    func validate() throws {
        guard !domains.isEmpty else { throw ValidationError("name a domain") }
    }

    func run() async throws {
        let names = try domains.map(NameArgument.domain)
        let visit = try await Visit(
            .domains(names), options.configuration(), decoders: options.tlsDecoders)
        let reports = try names.compactMap { try visit.report($0) }
        if format == .json {
            print(JSONText.object(reports.map { DomainPage.object(of: $0) }))
        } else {
            print(reports.map { DomainPage($0).text(colours: Terminal.hasColours) }.joined(separator: "\n\n"))
        }
        if let name = try names.first(where: { try visit.report($0) == nil }) { throw OptedOut(name: name) }
    }
}
