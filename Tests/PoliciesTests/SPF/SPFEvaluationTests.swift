// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

struct SPFEvaluationTests {
    private func evaluate(_ source: ScriptedPolicies, _ domain: String = "example.com") async throws -> SPFObservation {
        await SPFEvaluation.evaluate(try DomainName(domain), from: source)
    }

    private func evaluate(_ record: String) async throws -> SPFObservation {
        try await evaluate(ScriptedPolicies(texts: ["example.com": [record]], v4: ["a.example": 1, "example.com": 1]))
    }

    @Test(arguments: [
        ("v=spf1 -all", SPFAll.fail), ("V=SPF1 ~ALL", .softfail), ("v=spf1 ?all", .neutral), ("v=spf1 all", .pass),
        ("v=spf1", .missing), ("v=spf1  ip4:192.0.2.1  ", .missing), ("v=spf1 ~all redirect=a.example", .softfail),
        ("v=spf1 -all +all", .fail), ("v=spf1 ip6:2001:db8::/32 ip4:0.0.0.0/0 -all x=%{i} exp=e.%{d}", .fail),
        // The grammar has these letters; only names are built without them. What nobody knows builds none.
        ("v=spf1 x=%{c} y=a%{Rr}%{t} -all", .fail),
    ])
    func all(record: String, all: SPFAll) async throws {
        let seen = try await evaluate(record)
        #expect(seen.outcome == .valid)
        #expect(seen.all == all)
        #expect(seen.lookups == 0)
    }

    @Test(arguments: [
        "v=spf1 !", "v=spf1 ?redirect=bogus.example", "v=spf1 redirect=a.example redirect=b.example",
        "v=spf1 exp=a.example exp=b.example", "v=spf1 ip4:10.0.0.256", "v=spf1 ip4:a.example", "v=spf1 ip4:8.8.8.8~all",
        "v=spf1 ip6:2001:db8:::1", "v=spf1 ip6:192.0.2.1", "v=spf1 ip4:10.0.0.1/33", "v=spf1 ip6:2001:db8::1/129",
        "v=spf1 ip4/24", "v=spf1 ip4", "v=spf1 ip4:1.2.3.4/", "v=spf1 a:b.example/33", "v=spf1 a:b.example//129",
        "v=spf1 a:x", "v=spf1 exists:%{l1r+}..", "v=spf1 exists:%{l1r+}._.", "v=spf1 exists:%{l1r+}.123.",
        "v=spf1 exists:%{l1r+}.bad-.", "v=spf1 exists:%{l1r+}./.", "v=spf1 exists:%{x}", "v=spf1 exists:%{s0}",
        "v=spf1 a:%{?} -all", "v=spf1 -all exp=%{z}", "v=spf1 -all exp=%{c}.example", "v=spf1 exists:%{d",
        "v=spf1 include: trust.example ~all", "v=spf1 include ~all", "v=spf1 mx\t-all", "v=spf1 a -all x",
        "v=spf1 ptr/24",
        "v=spf1 -all moo", "v=spf1 1a=b", "v=spf1 =b", "v=spf1 x=%b", "v=spf1 -all:x", "v=spf1 all/8", "v=spf1 a: -all",
    ])
    func syntax(record: String) async throws {
        let seen = try await evaluate(record)
        #expect(seen.outcome == .syntax)
        #expect(seen.problemTerm?.isEmpty == false)
        #expect(seen.all == nil)
    }

    @Test(arguments: [
        "v=spf1 exists:%%.%{l1r+}.%{d} -all", "v=spf1 a:%{D2r-+,/_=}.example", "v=spf1 exists:%{ir}.%{v}._spf.%{d2}",
        "v=spf1 a:foo:bar/baz.example.com", "v=spf1 a:%{S99}", "v=spf1 include:%{l}._spf.example -all",
    ])
    func macros(record: String) async throws {
        #expect(try await evaluate(record).outcome == .valid)
        #expect(try await evaluate(record).lookups == 1)
    }

    @Test(arguments: [
        ("%{d}.x.example", "example.com.x.example"), ("%{o}.x.example", "example.com.x.example"),
        ("%{d2r}.x", "com.example"), ("%{dr}.x.example", "com.example.x.example"), ("%{d1}.example.", "com.example"),
        ("a%{d1e}.example", nil), ("a.%{d.-}", "a.example.com"), ("a%_b.example", "a\\032b.example"),
    ])
    func knownMacros(spec: String, name: String?) async throws {
        let spec = spec == "%{d2r}.x" ? "%{d2r}" : spec
        let source = ScriptedPolicies(texts: ["example.com": ["v=spf1 exists:\(spec)"]])
        let seen = try await evaluate(source)
        guard let name else {
            #expect(seen.outcome == .syntax)
            return
        }
        #expect(try source.asked.last == .addresses(DomainName(name), .v4))
    }

    @Test func selection() async throws {
        let texts = ["v=spf10 -all", "v=spf1foo", " v=spf1 -all", "\tv=spf1", "v=spf2.0/pra ~all", "spf1"]
        #expect(try await evaluate(ScriptedPolicies(texts: ["example.com": texts])).outcome == .absent)
        let two = ScriptedPolicies(texts: ["example.com": ["v=spf1 -all", "v=SPF1"]])
        #expect(try await evaluate(two).outcome == .multiple)
        #expect(try await evaluate(ScriptedPolicies()).outcome == .absent)
        #expect(try await evaluate(ScriptedPolicies(texts: ["com": ["v=spf1 -all"]]), "com").outcome == .absent)
        #expect(try await evaluate(ScriptedPolicies(failing: ["example.com"])).outcome == .dnsTempfail)
        #expect(try await evaluate(ScriptedPolicies(bogus: ["example.com"])).outcome == .dnsTempfail)
    }

    @Test(arguments: [
        ("include:none.example", SPFOutcome.includeError), ("include:two.example", .includeError),
        ("include:bad.example", .includeError), ("include:missing.example", .includeError),
        ("include:deep.example", .includeError), ("include:a...b.example", .includeError),
        ("redirect=none.example", .redirectError), ("redirect=bad.example", .redirectError),
        ("redirect=missing.example", .redirectError), ("include:redirecting.example", .redirectError),
        ("include:example.com", .loop), ("redirect=example.com", .loop), ("include:there.example", .loop),
        ("include:slow.example", .dnsTempfail), ("a:slow.example", .dnsTempfail), ("mx:slow.example", .dnsTempfail),
        ("include:bad.example include:slow.example", .includeError), ("-all include:bad.example", .valid),
        // A receiver stops at the answer that does not come, with temperror (§5.2), and sees nothing behind it.
        ("include:slow.example include:bad.example", .dnsTempfail),
        ("include:slow.example a:gone1.example a:gone2.example a:gone3.example", .dnsTempfail),
        ("a:gone1.example a:gone2.example a:gone3.example include:slow.example", .voidLookups),
        ("-all redirect=bad.example", .valid), ("include:good.example include:good.example", .valid),
    ])
    func trees(terms: String, outcome: SPFOutcome) async throws {
        let source = ScriptedPolicies(
            texts: [
                "example.com": ["v=spf1 \(terms)"], "none.example": ["v=spfl"], "two.example": ["v=spf1", "v=spf1"],
                "bad.example": ["v=spf1 moo"], "deep.example": ["v=spf1 include:bad.example"],
                "redirecting.example": ["v=spf1 redirect=none.example"], "good.example": ["v=spf1 -all"],
                "there.example": ["v=spf1 include:back.example"], "back.example": ["v=spf1 include:there.example"],
            ], failing: ["slow.example"])
        #expect(try await evaluate(source).outcome == outcome)
    }

    @Test(arguments: [(10, SPFOutcome.valid), (11, .tooManyLookups), (29, .tooManyLookups), (200, .tooManyLookups)])
    func lookupLimit(terms: Int, outcome: SPFOutcome) async throws {
        let record = "v=spf1 " + String(repeating: "a:a.example ", count: terms) + "-all"
        let seen = try await evaluate(record)
        #expect(seen.outcome == outcome)
        #expect(seen.lookups == min(terms, SPFEvaluation.countingLimit))
    }

    @Test(arguments: [(2, SPFOutcome.valid), (3, .voidLookups)])
    func voidLimit(terms: Int, outcome: SPFOutcome) async throws {
        let kinds = ["a:x.example", "mx:y.example", "exists:z.example"]
        let seen = try await evaluate("v=spf1 a:a.example " + kinds.prefix(terms).joined(separator: " "))
        #expect(seen.outcome == outcome)
        #expect(seen.voidLookups == terms)
    }

    @Test func whatDoesNotAnswerIsNamed() async throws {
        let record = "v=spf1 include:inner.example a:gone.example -all"
        let source = ScriptedPolicies(
            texts: ["example.com": [record], "inner.example": ["v=spf1 include:slow.example"]],
            failing: ["slow.example"])
        let seen = try await evaluate(source)
        #expect(seen.outcome == .dnsTempfail && seen.lookups == 3)
        #expect(try seen.problemAt == DomainName("inner.example") && seen.problemTerm == "include:slow.example")
    }

    @Test func anAddressOfEitherFamilyIsNoVoid() async throws {
        let record = "v=spf1 a:six.example a:six.example a:six.example"
        let source = ScriptedPolicies(texts: ["example.com": [record]], v6: ["six.example": 1])
        #expect(try await evaluate(source).outcome == .valid)
    }

    @Test(arguments: [(10, SPFOutcome.valid), (11, .tooManyLookups)])
    func hostsOfAnMX(count: Int, outcome: SPFOutcome) async throws {
        let source = ScriptedPolicies(texts: ["example.com": ["v=spf1 mx"]], exchanges: ["example.com": count])
        #expect(try await evaluate(source).outcome == outcome)
    }

    /// Each record includes the next twice: two to the power of depth, if nobody counted.
    @Test func aHostileTreeCostsLittle() async throws {
        var texts: [String: [String]] = [:]
        for depth in 0..<60 {
            let next = "n\(depth + 1).example"
            texts["n\(depth).example"] = ["v=spf1 include:\(next) include:\(next) a:a\(depth).example mx:m.example"]
        }
        let source = ScriptedPolicies(texts: texts)
        let seen = try await evaluate(source, "n0.example")
        #expect(seen.outcome == .tooManyLookups)
        #expect(seen.lookups == SPFEvaluation.countingLimit)
        #expect(source.asked.count <= 2 * SPFEvaluation.countingLimit + 1)
    }

    @Test(arguments: ["a ", "%{d}", "a:%{d} ", "x=y ", "/", "ip4:1.2.3.4 ", "include:a.b "])
    func everyRecordHasAWord(unit: String) async throws {
        let record = "v=spf1 " + String(repeating: unit, count: 65_000 / unit.utf8.count)
        #expect(try await evaluate(record).outcome != .absent)
    }
}
