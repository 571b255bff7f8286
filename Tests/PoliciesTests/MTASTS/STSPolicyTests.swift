// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

struct STSPolicyTests {
    private func read(_ text: String) -> STSPolicyObservation { STSPolicy.read(Array(text.utf8)) }

    @Test(arguments: ["\n", "\r\n"])
    func valid(end: String) {
        let lines = ["version: STSv1", "mode: enforce", "mx: Mail.Example.com", "mx: *.example.net", "max_age: 604800"]
        for text in [lines.joined(separator: end), lines.joined(separator: end) + end] {
            let seen = read(text)
            #expect(seen.outcome == .validEnforce)
            #expect(seen.mode == .enforce)
            #expect(seen.maxAge == 604_800)
            #expect(seen.patterns == ["mail.example.com", "*.example.net"])
            #expect(seen.flags.isEmpty)
        }
    }

    @Test(arguments: [
        ("mode: testing\nmx: a.example\nversion: STSv1\nmax_age: 86401", STSPolicyOutcome.validTesting),
        ("version:STSv1\r\nmode:\tenforce \nmx:  \t *.example.com\t\nmax_age: 31557600", .validEnforce),
        ("version: STSv1\nmode: none\nmax_age: 0", .validNone),
        ("version: STSv1\nmode: none\nmax_age: 0\n\n \n", .validNone),
        ("version: STSv1\nmode: none\nmax_age: 0000000001", .validNone),
    ])
    func validForms(text: String, outcome: STSPolicyOutcome) {
        #expect(read(text).outcome == outcome)
    }

    @Test(arguments: [
        ("", STSPolicyOutcome.noVersion, nil), ("max_age:0\nmode:none", .noVersion, nil),
        ("version: STSv10\nmode:none\nmax_age:0", .badVersion, 1), ("version:\nmode:none\nmax_age:0", .badVersion, 1),
        ("version: stsv1\nmode:none\nmax_age:0", .badVersion, 1),
        ("version:STSv1\nmax_age:0\nmx:example.com", .noMode, nil),
        ("version:STSv1\nMode:none\nmax_age:0", .noMode, nil),
        ("version:STSv1\nmode:report\nmax_age:1", .badMode, 2), ("version:STSv1\nmode:Enforce\nmax_age:1", .badMode, 2),
        ("version:STSv1\nmode:none", .noMaxAge, nil), ("version:STSv1\nmode:none\nmax_age:a", .badMaxAge, 3),
        ("version:STSv1\nmode:none\nmax_age:31557601", .badMaxAge, 3),
        ("version:STSv1\nmode:none\nmax_age:-1", .badMaxAge, 3),
        ("version:STSv1\nmode:none\nmax_age:1_000", .badMaxAge, 3),
        ("version:STSv1\nmode:none\nmax_age:+5", .badMaxAge, 3),
        ("version:STSv1\nmode:none\nmax_age:86400.5", .badMaxAge, 3),
        ("version:STSv1\nmode:none\nmax_age:", .badMaxAge, 3),
        ("version:STSv1\nmode:none\nmax_age:01234567890", .badMaxAge, 3),
        ("version:STSv1\nmax_age:0\nmode:enforce", .noMX, nil), ("version:STSv1\nmax_age:0\nmode:testing", .noMX, nil),
        ("garbage", .badLine, 1), ("version:STSv1\n\nmode:none\nmax_age:0", .badLine, 2),
        ("version : STSv1\nmode:none\nmax_age:0", .badLine, 1), (" version: STSv1\nmode:none\nmax_age:0", .badLine, 1),
        ("version:STSv1\nmode:none\nmax_age:0\next:", .badLine, 4),
        ("version:STSv1\nmode:none\nmax_age:0\n_bad:a", .badLine, 4),
        ("version:STSv1\nmode:none\nmax_age:0\next:a\tb", .badLine, 4),
        ("version:STSv1\nmode:none\nmax_age:0\n\(String(repeating: "a", count: 33)):1", .badLine, 4),
        ("version: STSv1\u{0B}mode: none\u{0B}max_age: 86400", .badLine, 1),
        ("\u{FEFF}version: STSv1\nmode:none\nmax_age:0", .badLine, 1),
    ])
    func notValid(text: String, outcome: STSPolicyOutcome, line: Int?) {
        let seen = read(text)
        #expect(seen.outcome == outcome)
        #expect(seen.line == line)
    }

    /// What is sound in a file that is no policy is seen all the same.
    @Test(
        arguments: [
            (
                "mode: enforce\nmx: a.example\nmax_age: 604800", STSPolicyOutcome.noVersion,
                STSPolicyObservation.Mode.enforce, 604_800
            ),
            ("version: STSv2\nmode: enforce\nmx: a.example\nmax_age: 604800", .badVersion, .enforce, 604_800),
            ("version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 604800", .badMode, nil, 604_800),
            ("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: a week", .badMaxAge, .enforce, nil),
            ("version: STSv1\nmode: enforce\nmx: a.example\nmx: *\nmax_age: 604800", .badMXPattern, .enforce, 604_800),
            ("version: STSv1\nno colon\nmode: enforce\nmx: a.example\nmax_age: 604800", .badLine, .enforce, 604_800),
            ("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 604800\n\0", .notText, .enforce, 604_800),
        ] as [(String, STSPolicyOutcome, STSPolicyObservation.Mode?, Int?)])
    func whatIsSoundIsSeen(
        text: String, outcome: STSPolicyOutcome, mode: STSPolicyObservation.Mode?, maxAge: Int?
    ) {
        let seen = read(text)
        #expect(seen.outcome == outcome && seen.mode == mode && seen.maxAge == maxAge)
        #expect(seen.patterns == ["a.example"])
    }

    @Test(arguments: [
        "", "*", "*.", "*.*.example", "**.example", "*example.com", "mail.*.example.com", "test.example-", "-a.example",
        "møx.example", "a..example", "..--", "mx.example.", "192.0.2.1", "not a hostname!", "a_b.example",
        String(repeating: "a", count: 64) + ".example",
    ])
    func badPattern(mx: String) {
        let seen = read("version:STSv1\nmode:enforce\nmx:good.example\nmx:\(mx)\nmax_age:604800")
        #expect(seen.outcome == .badMXPattern)
        #expect(seen.line == 4)
    }

    @Test func firstOfAKeyCounts() {
        let seen = read("version: STSv1\nmode: enforce\nmode: nonsense\nmax_age: 604800\nmx: a.example\nmax_age: x")
        #expect(seen.outcome == .validEnforce)
        #expect(seen.flags == [.duplicateKeyIgnored])
    }

    @Test func unknownKeysAreIgnored() {
        let seen = read("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 86400\nfoo_ext: ba r é")
        #expect(seen.outcome == .validEnforce)
        #expect(seen.flags == [.unknownKey, .maxAgeShort])
    }

    @Test func carriageReturnsAloneEndNoLine() {
        let seen = read("version: STSv1\rmode: none\rmax_age: 86400\r")
        #expect(seen.outcome == .badLine)
        #expect(seen.flags == [.crOnly])
    }

    @Test(arguments: [[0xFF, 0xFE, 0x41], [0x76, 0x00]] as [[UInt8]])
    func notText(body: [UInt8]) { #expect(STSPolicy.read(body).outcome == .notText) }

    /// The fuller the file, the more steps, and no more than that: a body of the greatest size, of the worst kinds.
    @Test(arguments: ["a", ":", "\n", "mx:a.b\n", "a:b\n", "mode:x\n", "*."])
    func everyBodyHasAWord(unit: String) {
        let body = Array(String(repeating: unit, count: STSPolicyFetch.bodyLimit / unit.utf8.count).utf8)
        #expect(STSPolicy.read(body).mode == nil)
        #expect(STSPolicy.read(body).outcome.rawValue.hasPrefix("valid_") == false)
    }
}
