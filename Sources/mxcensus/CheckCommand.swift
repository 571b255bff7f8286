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

    /// So many domains are asked for by hand, without the promises that a survey makes.
    private static let mostDomains = 25

    func validate() throws {
        guard !domains.isEmpty else { throw ValidationError("name a domain") }
        guard options.lab || domains.count <= Self.mostDomains else {
            throw ValidationError(
                "\(domains.count) domains are a survey, which owes more to those whom it asks: put them into a list and use "
                    + "`mxcensus scan`")
        }
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
