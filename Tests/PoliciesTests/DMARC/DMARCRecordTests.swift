// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

/// One record at the domain itself.
struct DMARCRecordTests {
    private func evaluate(_ text: String, _ rules: DMARCRuleSet = .rfc9989) async throws -> DMARCObservation {
        let source = ScriptedPolicies(texts: ["_dmarc.example.com": [text]])
        return await DMARCEvaluation(rules: rules, from: source).evaluate(try DomainName("example.com"))
    }

    @Test(arguments: [
        ("v=DMARC1; p=none", DMARCPolicy.none), ("v=DMARC1;p=ReJect", .reject),
        ("v = DMARC1\t;\tp\t=\treject\t;", .reject),
        ("V=DMARC1;P=quarantine;", .quarantine), ("v=DMARC1; sp=none; p=reject", .reject),
        ("v=DMARC1; p=reject; foobar=baz; pct=abc; rf=x; ri=-1", .reject), ("v=DMARC1; p=reject; t=y", .quarantine),
        ("v=DMARC1; p=quarantine; t=y", .none), ("v=DMARC1; p=none; t=y", .none),
        ("v=DMARC1; p=reject; t=n; psd=u", .reject),
        ("v=DMARC1; p=reject; fo=0:d; adkim=S; aspf=r; np=none", .reject),
        ("v=DMARC1; p=none; rua=mailto:a%2Cb@example.com", .none),
        ("v=DMARC1; p=none; rua=mailto:a@example.com!10m", .none),
        ("v=DMARC1; p=none; rua=https://x.example/submit#reports", .none),
        // §4.8: any URI; that this one names nobody is no breach of the grammar.
        ("v=DMARC1; p=none; ruf=mailto://abuse.example; foo=bar; buzz=happy;", .none),
    ])
    func valid(text: String, effective: DMARCPolicy) async throws {
        let seen = try await evaluate(text)
        #expect(seen.outcome == .valid)
        #expect(seen.effective == effective)
        #expect(seen.place == .own)
    }

    @Test(arguments: [
        // The version is not what it must be: no record, but somebody meant one.
        ("v=DMARC12; p=none", DMARCOutcome.syntax, nil), ("v=dmarc1; p=none", .syntax, nil),
        ("v=DMARC1 p=none", .syntax, nil),
        (" v=DMARC1; p=none", .syntax, nil), ("p=none; v=DMARC1", .syntax, nil), ("v=spf1 -all", .absent, nil),
        ("", .absent, nil),
        // A list with a tag twice is invalid as a whole (RFC 6376 §3.2).
        ("v=DMARC1; p=none; p=none", .syntax, nil), ("v=DMARC1; p=none; v=DMARC1", .syntax, nil),
        // Other errors are discarded, and the policy stays.
        ("v=DMARC1; p=reject; fo=x", .syntax, .reject), ("v=DMARC1; p=reject; fo=", .syntax, .reject),
        ("v=DMARC1; p=reject; adkim=x", .syntax, .reject), ("v=DMARC1; p=reject; t=x", .syntax, .reject),
        ("v=DMARC1; p=reject; psd=x", .syntax, .reject), ("v=DMARC1; p=reject;;", .syntax, .reject),
        ("v=DMARC1; p=reject; x", .syntax, .reject), ("v=DMARC1; p=reject; rua=bogus", .syntax, .reject),
        ("v=DMARC1; p=reject; rua=", .syntax, .reject), ("v=DMARC1; p=reject; rua=a@example.com", .syntax, .reject),
        ("v=DMARC1; p=none; rua=mailto:a@example.com!", .syntax, DMARCPolicy.none),
        ("v=DMARC1; p=none; rua=mailto:a@example.com!10p", .syntax, DMARCPolicy.none),
        ("v=DMARC1; p=none; rua=mailto:a@example.com!99999999999999999999999", .syntax, DMARCPolicy.none),
        ("v=DMARC1; p=none; ruf=abuse@example.com", .syntax, DMARCPolicy.none),
        // Without a valid policy: `none` if reports are asked for, and nothing if not.
        ("v=DMARC1", .noPolicy, nil), ("v=DMARC1;", .noPolicy, nil), ("v=DMARC1; sp=none", .noPolicy, nil),
        ("v=DMARC1; rua=mailto:a@example.com", .noPolicy, DMARCPolicy.none),
        ("v=DMARC1; p=foo", .badPolicy, nil),
        ("v=DMARC1; p=foo; rua=mailto:a@example.com", .badPolicy, DMARCPolicy.none),
        ("v=DMARC1; p=reject; sp=invalid", .badPolicy, nil), ("v=DMARC1; p=reject; np=invalid", .badPolicy, nil),
        ("v=DMARC1; p=reject; sp=invalid; rua=mailto:a@example.com", .badPolicy, DMARCPolicy.none),
        ("v=DMARC1; p", .syntax, nil),
    ])
    func notValid(text: String, outcome: DMARCOutcome, effective: DMARCPolicy?) async throws {
        let seen = try await evaluate(text)
        #expect(seen.outcome == outcome)
        #expect(seen.effective == effective)
    }

    @Test(arguments: [
        ("v=DMARC1; p=reject; pct=0", DMARCOutcome.valid, DMARCPolicy.quarantine),
        ("v=DMARC1; p=reject; pct=25", .valid, .reject),
        ("v=DMARC1; p=reject; pct=101", .syntax, .reject), ("v=DMARC1; p=reject; pct=", .syntax, .reject),
        // RFC 7489 §6.4: `p` is the only tag with a place.
        ("v=DMARC1; sp=none; p=reject", .syntax, .reject),
        // RFC 6376 §3.2: names of tags have digits and `_` behind their first letter.
        ("v=DMARC1; p=reject; x_1=y", .valid, .reject), ("v=DMARC1; p=reject; 1x=y", .syntax, .reject),
        ("v=DMARC1; p=reject; x-y=z", .syntax, .reject),
        ("v=DMARC1; p=reject; ri=bad", .syntax, .reject), ("v=DMARC1; p=reject; t=y; np=bad; psd=x", .valid, .reject),
    ])
    func oldRules(text: String, outcome: DMARCOutcome, effective: DMARCPolicy) async throws {
        let seen = try await evaluate(text, .rfc7489)
        #expect(seen.outcome == outcome)
        #expect(seen.effective == effective)
    }

    @Test(arguments: [";", "a=b;", "rua=mailto:a@b.c,", "=", " ", "p=none;"])
    func everyRecordHasAWord(unit: String) async throws {
        let text = "v=DMARC1;" + String(repeating: unit, count: 65_000 / unit.utf8.count)
        #expect(try await evaluate(text).outcome != .absent)
    }
}
