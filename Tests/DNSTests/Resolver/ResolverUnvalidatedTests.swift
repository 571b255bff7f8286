// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite struct ResolverUnvalidatedTests {
    private let question = Question("www.example.org", .a)

    private func resolver(_ transport: ScriptedTransport, _ mode: DNSSECMode) -> Resolver {
        Resolver(
            options: ResolverOptions(servers: [.first], mode: mode), transport: transport, clock: transport.clock
        ) {
            ScriptedJudge($0) { _, _ in
                Issue.record("nobody validates in this mode")
                return .bogus
            }
        }
    }

    private func resolve(_ mode: DNSSECMode, _ response: ResponseBytes) async -> ValidatedAnswer {
        await resolver(ScriptedTransport { _ in .respond(response) }, mode).resolve(question)
    }

    @Test(arguments: [true, false]) func theADBitIsBelieved(isAuthenticated: Bool) async {
        let response = ResponseBytes(answer: [.a("www.example.org", "192.0.2.9")], isAuthenticated: isAuthenticated)
        let answer = await resolve(.trustAD, response)
        #expect(answer.status.security == (isAuthenticated ? .secure : .insecure))
        #expect(await resolve(.off, response).status.security == .notValidated)
    }

    @Test func onlyAQuestionThatTrustsOrValidatesAsksForSignatures() async {
        for mode in [DNSSECMode.trustAD, .off] {
            let transport = ScriptedTransport { _ in
                .respond(ResponseBytes(answer: [.a("www.example.org", "192.0.2.9")]))
            }
            _ = await resolver(transport, mode).resolve(question)
            #expect(transport.asked.map(\.dnssecOK) == [mode == .trustAD])
            #expect(transport.asked.map(\.checkingDisabled) == [false])
        }
    }

    @Test(arguments: [nil, 6]) func whatAValidatingResolverRefusesAndHasUncheckedIsBogus(code: Int?) async {
        let transport = ScriptedTransport {
            .respond(
                $0.checkingDisabled
                    ? ResponseBytes(answer: [.a("www.example.org", "192.0.2.9")])
                    : ResponseBytes(rcode: 2, extendedError: code))
        }
        let status = await resolver(transport, .trustAD).resolve(question).status
        #expect(status.outcome == .bogus)
        #expect(status.security == .bogus)
    }

    @Test func whatItDoesNotHaveUncheckedEitherIsAFailure() async {
        #expect(await resolve(.trustAD, ResponseBytes(rcode: 2)).status.outcome == .servfail)
        #expect(await resolve(.trustAD, ResponseBytes(rcode: 2, extendedError: 7)).status.outcome == .bogus)
        #expect(await resolve(.trustAD, ResponseBytes(rcode: 2, extendedError: 22)).status.outcome == .servfail)
    }

    @Test func aliasesAreFollowedInsideAMessage() async {
        let answer = await resolve(
            .off,
            ResponseBytes(answer: [
                .cname("www.example.org", "a.example.net", ttl: 50), .cname("a.example.net", "b.example.net", ttl: 20),
                .a("b.example.net", "192.0.2.9"),
            ]))
        #expect(answer.status.outcome == .noerrorData)
        #expect(answer.canonicalName.description == "b.example.net")
        #expect(answer.aliases.map(\.target.description) == ["a.example.net", "b.example.net"])
        #expect(answer.aliases.map(\.owner.description) == ["www.example.org", "a.example.net"])
        #expect(answer.ttl == 20)
    }

    @Test func aChainThatEndsEarlyIsAskedFurther() async {
        let transport = ScriptedTransport {
            .respond(
                $0.question.name.description == "www.example.org"
                    ? ResponseBytes(answer: [.cname("www.example.org", "a.example.net")], isAuthenticated: true)
                    : ResponseBytes(answer: [.a("a.example.net", "192.0.2.9")]))
        }
        let answer = await resolver(transport, .trustAD).resolve(question)
        #expect(answer.status.outcome == .noerrorData)
        #expect(answer.status.security == .insecure, "the weakest part")
        #expect(answer.aliases.map(\.security) == [.secure])
    }

    @Test func theDenialOfAnAliasesTargetIsTheAnswer() async {
        let alias = ResponseBytes.Record.cname("www.example.org", "a.example.net")
        let soa = ResponseBytes.Record.soa("example.net", ttl: 60, minimum: 60)
        let nxdomain = await resolve(.off, ResponseBytes(rcode: 3, answer: [alias], authority: [soa]))
        #expect(nxdomain.status.outcome == .nxdomain)
        #expect(nxdomain.canonicalName.description == "a.example.net")
        #expect(nxdomain.ttl == 60)
        let nodata = await resolve(.off, ResponseBytes(answer: [alias], authority: [soa]))
        #expect(nodata.status.outcome == .noerrorNodata)
        #expect(nodata.rrset == nil)
    }

    @Test(arguments: [1, 2]) func aliasesThatLeadBackAreALoop(length: Int) async {
        let records: [ResponseBytes.Record] =
            length == 1
            ? [.cname("www.example.org", "www.example.org")]
            : [.cname("www.example.org", "b.example"), .cname("b.example", "www.example.org")]
        #expect(await resolve(.off, ResponseBytes(answer: records)).status.outcome == .cnameLoop)
    }

    @Test func aLoopOverSeveralMessagesIsFound() async {
        let transport = ScriptedTransport {
            let isFirst = $0.question.name.description == "www.example.org"
            return .respond(
                ResponseBytes(answer: [
                    isFirst ? .cname("www.example.org", "b.example") : .cname("b.example", "www.example.org")
                ]))
        }
        #expect(await resolver(transport, .off).resolve(question).status.outcome == .cnameLoop)
        #expect(transport.asked.count == 2)
    }

    @Test(arguments: [16, 17]) func sixteenAliasesAreEnough(count: Int) async {
        let transport = ScriptedTransport {
            let label = $0.question.name.description.prefix { $0 != "." }
            let step = Int(label.dropFirst()) ?? 0
            let owner = $0.question.name.description
            return .respond(
                ResponseBytes(answer: [
                    step == count ? .a(owner, "192.0.2.9") : .cname(owner, "n\(step + 1).example")
                ]))
        }
        let outcome = await resolver(transport, .off).resolve(question).status.outcome
        #expect(outcome == (count == 16 ? .noerrorData : .cnameTooLong))
    }

    @Test func aFailureIsNotValidatedEither() async {
        #expect(await resolve(.off, ResponseBytes(rcode: 5)).status.security == .notValidated)
    }
}
