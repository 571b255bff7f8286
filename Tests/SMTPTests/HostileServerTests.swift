// SPDX-License-Identifier: Apache-2.0
import FuzzTargets
import Testing

/// The servers of all dialogues, damaged at random: `Tests/Fuzz/README.md`.
struct HostileServerTests {
    @Test func whateverIsSaid_TheRulesHold() throws {
        let seeds = try Dialogue.all().filter { !$0.name.contains("endless") }.map { dialogue in
            dialogue.lines.flatMap { line -> [UInt8] in
                guard case .server(let octets) = line else { return [] }
                return octets
            }
        }
        #expect(seeds.count > 60)
        for violation in FuzzTarget.smtp.run(seeds, rounds: FuzzRounds(400)) { Issue.record("\(violation)") }
    }
}
