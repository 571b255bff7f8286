// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What `resolve` says of every name of the lab, beside what two other validators say of it in the same lab:
/// unbound-host of all names, delv, which is slower, of those in one zone of each shape.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LiveDNSSECTests {
    @Test func everyNameIsToOthersWhatItIsToUs() throws {
        let lab = try Lab.required()
        let world = LabNames(try lab.description())
        let scratch = try Scratch()
        let file = try scratch.write("questions", world.questions.map { "\($0)\n" }.joined())
        let (output, errors) = (scratch.path("output"), scratch.path("errors"))
        let program = try Program.start(["resolve", "--batch", file] + lab.options, output: output, errors: errors)
        let peers = try ValidatingPeers(lab, scratch)
        let unbound = peers.ask(world.questions, peers.unboundHost)
        let delv = peers.ask(world.questions.filter { world.hasZoneOfItsShape.contains($0.domain) }, peers.delv)
        program.waitUntilExit()
        let lines = try String(contentsOfFile: output, encoding: .utf8).split(whereSeparator: \.isNewline)
            .map { $0.split(separator: " ").map(String.init) }
        let complaints = try String(contentsOfFile: errors, encoding: .utf8)
        try #require(lines.count == world.questions.count, "\(complaints)")
        var agreed = 0
        var explained: [String: Int] = [:]
        for (question, line) in zip(world.questions, lines) {
            let (outcome, ours) = (line[line.count - 2], line[line.count - 1])
            let theirs = unbound[question]
            // One word for both failures: delv does not tell them apart.
            let hasFailed = ours == "bogus" || ours == "indeterminate"
            let bind = delv[question].map { $0 == "unanswered" && hasFailed ? ours : $0 }
            if theirs != ours, question.domain == "ed448.alpha", theirs == "insecure" {
                explained["unbound-host: Debian builds libunbound on nettle, which has no Ed448", default: 0] += 1
            } else {
                #expect(theirs == ours, "unbound-host, \(question) \(outcome)")
                agreed += 1
            }
            guard let bind else { continue }
            if bind == "secure", ours == "insecure", theirs == "insecure", outcome == "nxdomain" {
                explained["delv: BIND calls a name below an opt-out span proven, RFC 5155 §9.2 does not", default: 0] +=
                    1
            } else {
                #expect(bind == ours, "delv, \(question) \(outcome)")
                agreed += 1
            }
        }
        print("\(agreed) answers alike of \(unbound.count) by unbound-host and \(delv.count) by delv")
        for (reason, count) in explained.sorted(by: { $0.key < $1.key }) { print("skipped \(count): \(reason)") }
        #expect(delv.count > 40)
    }
}

/// A question about one name of the lab, and the domain for whose sake it is asked.
struct LabQuestion: Hashable, CustomStringConvertible {
    let name: String
    let type: String
    let domain: String

    var description: String { "\(name) \(type)" }
}

/// Each domain's MX, each host's addresses, and in each domain a name that is not there, or comes from a wildcard.
struct LabNames {
    let questions: [LabQuestion]
    /// One domain for each algorithm, denial and damage below each top-level domain.
    let hasZoneOfItsShape: Set<String>

    init(_ description: [String: Any]) {
        let domains = description["domains"] as? [String: [String: Any]] ?? [:]
        let hosts = (description["hosts"] as? [String: Any] ?? [:]).keys.sorted()
        var questions: [LabQuestion] = []
        var shapes: [String: String] = [:]
        for (domain, facts) in domains.sorted(by: { $0.key < $1.key }) {
            for name in [domain, "nobody.\(domain)"] {
                questions.append(LabQuestion(name: name, type: "MX", domain: domain))
            }
            let zone = (facts["zone"] as? [String: Any] ?? [:]).map { "\($0.key) \($0.value)" }.sorted()
            let shape = zone.joined(separator: ", ") + " " + (domain.split(separator: ".").last ?? "")
            shapes[shape] = shapes[shape] ?? domain
        }
        for host in hosts {
            questions += ["A", "AAAA"].map { LabQuestion(name: host, type: $0, domain: host) }
        }
        self.questions = questions
        hasZoneOfItsShape = Set(shapes.values)
    }
}
