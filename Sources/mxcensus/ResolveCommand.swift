// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DNS
import Observations
import Scan

/// One validated look-up, with its chain of proof.
struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract:
            "One validated look-up: the answer, its chain of proof, and secure, insecure, bogus or indeterminate.",
        discussion: "Exit status 0 whenever an answer was obtained, whatever it says; 1 where none was to be had."
    )

    @Argument(help: ArgumentHelp("The name to look up.", valueName: "NAME"))
    var name: String

    @Argument(help: ArgumentHelp("The record type: A, MX, TLSA, TYPE123 …", valueName: "TYPE"))
    var type: String = "A"

    @OptionGroup var options: MeasuringOptions

    @Option(help: "text for a person, json for a program.")
    var format: OutputFormat = .text

    func validate() throws {
        guard (try? DomainName(name)) != nil else { throw ValidationError("'\(name)' is no domain name") }
        guard RecordType(mnemonic: type) != nil else {
            throw ValidationError("'\(type)' is no record type; write A, MX, TLSA or TYPE123")
        }
    }

    func run() async throws {
        guard
            let question = RecordType(mnemonic: type).map({ Question(name: (try? DomainName(name)) ?? .root, type: $0) }
            )
        else { return }
        let instruments = try await Instruments(try options.lookupConfiguration())
        let answer = await instruments.resolve(question)
        print(format == .json ? AnswerReport.json(question, answer) : AnswerReport.text(question, answer))
        if answer.status.outcome.outcomeClass != .conclusive { throw ExitCode(1) }
    }
}
