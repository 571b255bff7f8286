// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Observations
import SMTP
import Scan

/// The page that explains the survey to those who are surveyed.
struct InfoPageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info-page",
        abstract: "The page that explains a survey: who asks, what is sent to the octet, how often, how to opt out."
    )

    /// How the page is written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case html
        case markdown
    }

    @Option(help: ArgumentHelp("The name that the survey says behind EHLO.", valueName: "FQDN"))
    var ehloName: String

    @Option(help: ArgumentHelp("E-mail address for complaints and opt-outs.", valueName: "ADDRESS"))
    var contact: String

    @Option(help: ArgumentHelp("Where this page will be.", valueName: "URL"))
    var infoUrl: String?

    @Option(help: ArgumentHelp("Who surveys: a person, an institute.", valueName: "NAME"))
    var `operator`: String?

    @Option(help: ArgumentHelp("An address that the survey connects from; repeatable.", valueName: "IP"))
    var source: [String] = []

    @Option(help: ArgumentHelp("The budgets of the survey: a file, `default` or `lab`.", valueName: "PACE"))
    var pace: String = "default"

    @Option(help: "html or markdown.")
    var format: Format = .html

    func validate() throws {
        for address in source where IPAddress(address) == nil {
            throw ValidationError("--source '\(address)' is no IP address")
        }
    }

    func run() throws {
        let name: EHLOName
        do {
            name = try EHLOName(ehloName)
        } catch {
            throw ValidationError(
                "--ehlo-name '\(ehloName)' is neither a full host name nor an address literal in brackets")
        }
        let page = InfoPage(
            ehloName: name, contact: contact, infoURL: infoUrl, addresses: source, operatorName: `operator`,
            pace: try PaceFile.pace(named: pace))
        print(format == .html ? page.html : page.markdown, terminator: "")
    }
}
