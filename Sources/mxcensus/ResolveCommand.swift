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
            "Instead of NAME: a file with NAME TYPE on each line; prints NAME TYPE outcome security for each.",
            valueName: "FILE"))
    var batch: String?

    @OptionGroup var options: MeasuringOptions

    @Option(help: "text for a person, json for a program.")
    var format: OutputFormat = .text

    func validate() throws {
        guard (name == nil) != (batch == nil) else { throw ValidationError("give either NAME or --batch FILE") }
        if let name { _ = try Self.question(name, type) }
    }

    func run() async throws {
        let optOut = try options.identity.optOutList()
        let instruments = await Instruments(try options.lookupConfiguration())
        if let batch {
            for question in try Self.questions(in: batch) {
                guard !optOut.covers(host: question.name) else { continue }
                let status = await instruments.resolve(question).status
                print("\(question) \(status.outcome.rawValue) \(status.security.rawValue)")
            }
        } else if let name {
            let question = try Self.question(name, type)
            guard !optOut.covers(host: question.name) else { throw OptedOut(name: question.name) }
            let answer = await instruments.resolve(question)
            print(format == .json ? AnswerReport.json(question, answer) : AnswerReport.text(question, answer))
            if !answer.status.hasAnswer { throw ExitCode(1) }
        }
    }

    private static func question(_ name: String, _ type: String) throws -> Question {
        guard let domain = try? DomainName(name) else { throw ValidationError("'\(name)' is no domain name") }
        guard let number = RecordType(mnemonic: type) else {
            throw ValidationError("'\(type)' is no record type; write A, MX, TLSA or TYPE123")
        }
        return Question(name: domain, type: number)
    }

    private static func questions(in path: String) throws -> [Question] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw FileProblem(path: path, doing: "read", error: error)
        }
        return try text.split(whereSeparator: \.isNewline).map { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 2 else { throw ValidationError("'\(line)' in \(path) is not NAME TYPE") }
            return try question(words[0], words[1])
        }
    }
}

extension LookupStatus {
    /// Whether a resolver said what is there or is not, whatever validation could make of it.
    fileprivate var hasAnswer: Bool { outcome.outcomeClass == .conclusive || rcode == 0 || rcode == 3 }
}

/// Somebody asked not to be asked about.
struct OptedOut: Error, CustomStringConvertible {
    let name: DomainName

    var description: String { "\(name): on the opt-out list, not asked" }
}
