// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DNS
import Foundation
import Lists
import Observations
import Scan

/// One validated look-up, with its chain of proof; or a file of them, each in a line.
struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract:
            "One validated look-up: the answer, its chain of proof, and secure, insecure, bogus or indeterminate.",
        discussion: "Exit status 0 whenever an answer was obtained, whatever it says; 1 where none was to be had."
    )

    @Argument(help: ArgumentHelp("The name to look up.", valueName: "NAME"))
    var name: String?

    @Argument(help: ArgumentHelp("The record type: A, MX, TLSA, TYPE123 …", valueName: "TYPE"))
    var type: String = "A"

    @Option(
        help: ArgumentHelp(
            "Instead of NAME: a file with NAME TYPE on each line; prints NAME TYPE outcome security for each, or JSON.",
            valueName: "FILE"))
    var batch: String?

    @OptionGroup var options: MeasuringOptions

    @Option(help: "text for a person, json for a program.")
    var format: OutputFormat = .text

    func validate() throws {
        guard (name == nil) != (batch == nil) else { throw ValidationError("give either NAME or --batch FILE") }
        if let name { _ = try Question(name: name, type: type) }
    }

    func run() async throws {
        let optOut = try options.identity.optOutList()
        let list = try batch.map { try QuestionList(path: $0) }
        let instruments = await Instruments(try options.lookupConfiguration())
        if let list {
            try await answer(list, optOut, instruments)
        } else if let name {
            let question = try Question(name: name, type: type)
            guard !optOut.covers(host: question.name) else { throw OptedOut(name: question.name) }
            let answer = await instruments.resolve(question)
            print(format == .json ? AnswerReport.json(question, answer) : AnswerReport.text(question, answer))
            if !answer.wasAnswered { throw ExitCode(1) }
        }
    }

    private func answer(_ list: QuestionList, _ optOut: OptOutList, _ instruments: Instruments) async throws {
        for mistake in list.mistakes { StandardError.write(mistake + "\n") }
        var wasAnswered = false
        for question in list.questions where !optOut.covers(host: question.name) {
            let answer = await instruments.resolve(question)
            wasAnswered = wasAnswered || answer.wasAnswered
            let status = answer.status
            print(
                format == .json
                    ? AnswerReport.json(question, answer, isLine: true)
                    : "\(question) \(status.outcome.rawValue) \(status.security.rawValue)")
        }
        if !wasAnswered { throw ExitCode(1) }
    }
}

/// Somebody asked not to be asked about.
struct OptedOut: Error, CustomStringConvertible {
    let name: DomainName

    var description: String { "\(name): on the opt-out list, not asked" }
}
