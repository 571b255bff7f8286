// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

/// Data that is damaged has the address 192.0.2.66; the judge calls it bogus.
@Suite struct ResolverSecondOpinionTests {
    private static let good = ResponseBytes(answer: [.a("example.org", "192.0.2.9")])
    private static let bad = ResponseBytes(answer: [.a("example.org", "192.0.2.66")])
    private let question = Question("example.org", .a)

    private func resolver(_ transport: ScriptedTransport, servers: [DNSServer] = [.first]) -> Resolver {
        Resolver(options: ResolverOptions(servers: servers), transport: transport, clock: transport.clock) { source in
            ScriptedJudge(source) { message, _ in
                message.answer.first?.rdatas.first == [192, 0, 2, 66] ? .bogus : .secure
            }
        }
    }

    @Test(arguments: [nil, 0, 6, 7, 9, 12]) func aSoleResolverThatRefusesTheAnswerUncheckedConfirms(
        code: Int?
    ) async {
        let transport = ScriptedTransport {
            .respond($0.checkingDisabled ? Self.bad : ResponseBytes(rcode: 2, extendedError: code))
        }
        let status = await resolver(transport).resolve(question).status
        #expect(status.outcome == .bogus)
        #expect(status.security == .bogus)
        #expect(status.reason == "a bad signature")
    }

    @Test(arguments: [3, 13, 14, 19, 22, 23]) func aResolverInTroubleConfirmsNothing(code: Int) async {
        let transport = ScriptedTransport {
            .respond($0.checkingDisabled ? Self.bad : ResponseBytes(rcode: 2, extendedError: code))
        }
        let answer = await resolver(transport).resolve(question)
        #expect(answer.status.outcome == .servfail)
        #expect(answer.status.security == .indeterminate)
        #expect(answer.status.reason?.contains("a bad signature") == true)
        #expect(answer.rrset == nil)
    }

    @Test func silenceConfirmsNothing() async {
        let transport = ScriptedTransport { $0.checkingDisabled ? .respond(Self.bad) : .silence }
        let status = await resolver(transport).resolve(question).status
        #expect(status.outcome == .timeout)
        #expect(status.security == .indeterminate)
    }

    @Test func aResolverThatDoesNotValidateGivesTheSameDataAgain() async {
        let transport = ScriptedTransport { _ in .respond(Self.bad) }
        #expect(await resolver(transport).resolve(question).status.outcome == .bogus)
        #expect(transport.questions.filter { $0.question.type == .a }.map(\.checkingDisabled) == [true, false])
    }

    @Test func theOtherResolverIsAskedFirstAndItsAnswerStands() async {
        var first: DNSServer?
        let transport = ScriptedTransport { asked in
            if asked.question.type == .a, first == nil { first = asked.server }
            return .respond(asked.server == first ? Self.bad : Self.good)
        }
        let answer = await resolver(transport, servers: [.first, .second]).resolve(question)
        #expect(answer.status.security == .secure)
        #expect(answer.rrset?.addresses == [IPAddress("192.0.2.9")!])
        #expect(transport.questions.allSatisfy { $0.checkingDisabled })
    }

    @Test func bogusAtBothResolversIsBogus() async {
        let transport = ScriptedTransport { _ in .respond(Self.bad) }
        let answer = await resolver(transport, servers: [.first, .second]).resolve(question)
        #expect(answer.status.outcome == .bogus)
        let asked = transport.questions.filter { $0.question.type == .a }
        #expect(Set(asked.map(\.server)) == [.first, .second])
        #expect(asked.count == 2)
    }

    @Test func anotherResolverThatFailsLeavesTheQuestionToTheLastResort() async {
        var first: DNSServer?
        let transport = ScriptedTransport { asked in
            if first == nil { first = asked.server }
            guard asked.checkingDisabled else { return .respond(ResponseBytes(rcode: 2)) }
            return .respond(asked.server == first ? Self.bad : ResponseBytes(rcode: 5))
        }
        // The second opinion under CD goes to the other, which refuses, then back to the first, which says the same.
        #expect(await resolver(transport, servers: [.first, .second]).resolve(question).status.outcome == .bogus)
    }

    @Test func aClearedSuspicionMakesUsAskForTheKeysAgain() async {
        var answers = 0
        let transport = ScriptedTransport { asked in
            guard asked.question.type == .a else {
                return .respond(
                    ResponseBytes(answer: [.init(owner: "example.org", type: .dnskey, rdata: [1, 1, 3, 8, 1])]))
            }
            answers += 1
            return .respond(answers == 1 ? Self.bad : Self.good)
        }
        let resolver = resolver(transport)
        #expect(await resolver.resolve(question).status.security == .secure)
        let before = transport.asked.count { $0.question.type == .dnskey && $0.checkingDisabled }
        _ = await resolver.lookup(Question("example.org", .dnskey))
        #expect(transport.asked.count { $0.question.type == .dnskey && $0.checkingDisabled } == before + 1)
    }

    @Test func aBogusAnswerIsRememberedShortly() async {
        let transport = ScriptedTransport { _ in .respond(Self.bad) }
        let resolver = resolver(transport)
        _ = await resolver.resolve(question)
        let asked = transport.asked.count
        _ = await resolver.resolve(question)
        #expect(transport.asked.count == asked)
        transport.advance(5_000)
        _ = await resolver.resolve(question)
        #expect(transport.asked.count > asked)
    }
}
