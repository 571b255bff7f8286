// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

struct STSPolicyRepairTests {
    private func repaired(_ text: String, hosts: [String] = ["mx.example.com"]) throws -> [String]? {
        let hosts = try hosts.map { try DomainName($0) }
        return STSPolicyRepair(Array(text.utf8), seen: nil, hosts: hosts).lines
    }

    @Test(arguments: [
        // Whatever else is wrong, what parses stays: the mode, the age, the names.
        ("mode: enforce\nmx: mx.example.com\nmax_age: 1209600", "enforce", 1_209_600, ["mx.example.com"]),
        ("version: STSv2\nmode: enforce\nmx: *.example.com\nmax_age: 604801", "enforce", 604_801, ["*.example.com"]),
        ("version: STSv1\nmode: enforce\nmax_age: 604801", "enforce", 604_801, ["mx.example.com"]),
        ("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: a week", "enforce", 604_800, ["mx.example.com"]),
        (
            "version: STSv1\nmode: enforce\nmx: mx*.example\nmx: a.example\nmax_age: 604801", "enforce", 604_801,
            ["a.example", "mx.example.com"]
        ),
        (
            "version: STSv1\n\nmode: enforce\nno colon\nmx: mx.example.com\nmax_age: 604801", "enforce", 604_801,
            ["mx.example.com"]
        ),
        (
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604801\n\0", "enforce", 604_801,
            ["mx.example.com"]
        ),
        (
            "version: STSv1\rmode: enforce\rmx: mx.example.com\rmax_age: 604801\r", "enforce", 604_801,
            ["mx.example.com"]
        ),
        (
            "\u{FEFF}version: STSv1\r\nmode: enforce\r\nmx: mx.example.com\r\nmax_age: 604801\r\n", "enforce", 604_801,
            ["mx.example.com"]
        ),
        // A policy that takes an earlier one back names whom it likes.
        ("mode: none\nmax_age: 86400", "none", 86_400, []), ("mode: none", "none", 604_800, []),
        // Too short an age helps nobody; a mode that is none is not guessed.
        ("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 3600", "enforce", 604_800, ["mx.example.com"]),
        ("version: STSv1\nmode: enforced\nmx: mx.example.com\nmax_age: 604801", "testing", 604_801, ["mx.example.com"]),
        ("", "testing", 604_800, ["mx.example.com"]),
        // Twice: the first counts.
        (
            "version: STSv1\nmode: enforce\nmode: none\nmx: mx.example.com\nmx: mx.example.com\nmax_age: 604801\nmax_age: 1",
            "enforce", 604_801, ["mx.example.com"]
        ),
        // Keys in other letters are not those of an extension, and come after the right ones.
        ("Version: STSv1\nMode: enforce\nMX: *.example.com\nmax-age: 604801", "enforce", 604_801, ["*.example.com"]),
        (
            "MODE: none\nmode: enforce\nMx: a.example\nMaxAge: 604801\nmax_age:604802", "enforce", 604_802,
            ["a.example", "mx.example.com"]
        ),
        // A mode in other letters, or a key with blanks behind it, is clear all the same.
        (
            "version: STSv1\nmode: Enforce\nmx: a.example\nmax_age : 604801", "enforce", 604_801,
            ["a.example", "mx.example.com"]
        ),
        (
            "version: STSv1\r\nmode : ENFORCE\r\nmx: mx.example.com\r\nmax_age: 604801\r\n", "enforce", 604_801,
            ["mx.example.com"]
        ),
        ("mode: NONE", "none", 604_800, []),
    ])
    func whatIsSoundStays(text: String, mode: String, age: Int, patterns: [String]) throws {
        #expect(
            try repaired(text) == ["version: STSv1", "mode: \(mode)"] + patterns.map { "mx: \($0)" } + [
                "max_age: \(age)"
            ])
    }

    @Test func hostsThatAreNotNamedAreAdded() throws {
        let text = "version: STSv1\nmode: enforce\nmx: *.old.example\nmax_age: 604800\nx-note: keep me"
        #expect(
            try repaired(text, hosts: ["mx.old.example", "mx.new.example", "mx_2.new.example"]) == [
                "version: STSv1", "mode: enforce", "mx: *.old.example", "mx: mx.new.example", "mx: *.new.example",
                "max_age: 604800", "x-note: keep me",
            ])
    }

    @Test func aFileThatWasNotKeptWholeIsKnownByWhatWasSeen() throws {
        let seen = STSPolicyObservation(outcome: .badLine, mode: .enforce, maxAge: 604_801, patterns: ["*.example.com"])
        let hosts = [try DomainName("mx.example.com")]
        #expect(
            STSPolicyRepair(nil, seen: seen, hosts: hosts).lines == [
                "version: STSv1", "mode: enforce", "mx: *.example.com", "max_age: 604801",
            ])
        let many = STSPolicyObservation(outcome: .badLine, mode: .enforce, patterns: (0..<400).map { "a\($0).example" })
        #expect(STSPolicyRepair(nil, seen: many, hosts: hosts).lines == nil)
    }

    @Test func whoCannotBeNamedHasNoProposal() throws {
        #expect(try repaired("", hosts: ["a_b.c_d.example"]) == nil)
        #expect(try repaired("", hosts: []) == nil)
    }
}
