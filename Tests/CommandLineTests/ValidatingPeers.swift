// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// unbound-host and delv, four at a time: the lab's machine may be small.
struct ValidatingPeers {
    private let lab: Lab
    private let anchor: String

    init(_ lab: Lab, _ scratch: Scratch) throws {
        self.lab = lab
        // BIND wants the trust anchor in words of its own.
        let keys = try String(contentsOfFile: lab.folder + "/root.key", encoding: .utf8).split(separator: "\n")
        let lines = keys.map { line in
            let words = line.split(separator: " ")
            return
                "trust-anchors { . static-key \(words[4..<7].joined(separator: " ")) \"\(words[7...].joined())\"; };\n"
        }
        anchor = try scratch.write("anchor", lines.joined())
    }

    func ask(_ questions: [LabQuestion], _ peer: @Sendable (LabQuestion) -> String) -> [LabQuestion: String] {
        let answers = Mutex<[LabQuestion: String]>([:])
        DispatchQueue.concurrentPerform(iterations: 4) { lane in
            for question in stride(from: lane, to: questions.count, by: 4).map({ questions[$0] }) {
                let answer = peer(question)
                answers.withLock { $0[question] = answer }
            }
        }
        return answers.withLock { $0 }
    }

    /// The weakest part of what it prints: it says of each record what it is.
    @Sendable func unboundHost(_ question: LabQuestion) -> String {
        let text = run(["unbound-host", "-r", "-v", "-f", lab.folder + "/root.key", "-t", question.type, question.name])
        let words: KeyValuePairs = [
            "(BOGUS": "bogus", "(error)": "indeterminate", "(insecure)": "insecure", "(secure)": "secure",
        ]
        return words.first { text.contains($0.key) }?.value ?? text
    }

    @Sendable func delv(_ question: LabQuestion) -> String {
        let text = run(["delv", "-a", anchor, "+root=.", "@\(lab.resolver)", question.name, question.type])
        let words: KeyValuePairs = [
            "unsigned answer": "insecure", "fully validated": "secure", "resolution failed": "unanswered",
        ]
        return words.first { text.contains($0.key) }?.value ?? text
    }

    private func run(_ command: [String]) -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        do { try process.run() } catch { return "\(command[0]): \(error)" }
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
