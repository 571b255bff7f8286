// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite struct ResolverTests {
    private static let data = ResponseBytes(answer: [.a("example.org", "192.0.2.9", ttl: 100)])
    private let question = Question("example.org", .a)

    private func resolver(
        _ transport: ScriptedTransport, mode: DNSSECMode = .validate,
        verdict: @escaping (Message, LookupReply) -> Security = { _, _ in .secure }
    ) -> Resolver {
        Resolver(
            options: ResolverOptions(servers: [.first], mode: mode), transport: transport, clock: transport.clock
        ) { ScriptedJudge($0, verdict) }
    }

    @Test func anAnswerIsRememberedAndItsTTLRunsDown() async {
        let transport = ScriptedTransport { _ in .respond(Self.data) }
        let resolver = resolver(transport)
        #expect(await resolver.resolve(question).ttl == 100)
        let asked = transport.asked.count
        transport.advance(30_000)
        let later = await resolver.resolve(question)
        #expect(later.ttl == 70)
        #expect(later.rrset?.addresses == [IPAddress("192.0.2.9")!])
        #expect(transport.asked.count == asked)
        transport.advance(70_000)
        #expect(await resolver.resolve(question).ttl == 100)
        #expect(transport.asked.count > asked)
    }

    @Test func aDenialIsRememberedToo() async {
        let transport = ScriptedTransport { _ in
            .respond(ResponseBytes(rcode: 3, authority: [.soa("org", ttl: 60, minimum: 60)]))
        }
        let resolver = resolver(transport)
        #expect(await resolver.resolve(question).status.outcome == .nxdomain)
        let asked = transport.asked.count
        transport.advance(59_000)
        #expect(await resolver.resolve(question).status.outcome == .nxdomain)
        #expect(transport.asked.count == asked)
    }

    @Test func aFailureIsRememberedForSeconds() async {
        let transport = ScriptedTransport { _ in .respond(ResponseBytes(rcode: 2, extendedError: 22)) }
        let resolver = resolver(transport)
        for _ in 0..<3 {
            let status = await resolver.resolve(question).status
            #expect(status.outcome == .servfail)
            #expect(status.security == .indeterminate)
            #expect(status.extendedError?.code == 22)
        }
        #expect(transport.asked.count == 1)
        transport.advance(5_000)
        _ = await resolver.resolve(question)
        #expect(transport.asked.count == 2)
    }

    @Test func ourOwnTroubleIsNotRememberedForTheName() async {
        var isDead = true
        let transport = ScriptedTransport { _ in isDead ? .silence : .respond(Self.data) }
        transport.rootIsAnswered = false
        let resolver = resolver(transport)
        #expect(await resolver.resolve(question).status.outcome == .resolverDown)
        isDead = false
        transport.advance(1_000)
        #expect(await resolver.resolve(question).status.outcome == .noerrorData)
    }

    @Test func zoneKeysAreAskedForOnce() async {
        let transport = ScriptedTransport {
            .respond(
                $0.question.type == .dnskey
                    ? ResponseBytes(answer: [.init(owner: "example.org", type: .dnskey, rdata: [1, 1, 3, 8, 1])])
                    : ResponseBytes(answer: [.init(owner: "example.org", type: $0.question.type, rdata: [0, 1, 0])]))
        }
        let resolver = resolver(transport)
        for type in [RecordType.mx, .txt, .tlsa] { _ = await resolver.resolve(Question("example.org", type)) }
        #expect(transport.asked.count { $0.question.type == .dnskey } == 1)
        #expect(transport.asked.allSatisfy { $0.dnssecOK && $0.checkingDisabled })
    }

    @Test func theServersErrorCodeIsKeptBesideAnAnswer() async {
        let transport = ScriptedTransport { _ in
            var response = Self.data
            response.extendedError = 29
            return .respond(response)
        }
        #expect(await resolver(transport).resolve(question).status.extendedError?.code == 29)
    }

    @Test @ResolverLoop func identicalQuestionsInFlightAreAskedOnce() async {
        let transport = ScriptedTransport { _ in .respond(Self.data) }
        transport.turns = 4
        let resolver = resolver(transport, mode: .off)
        let tasks = (0..<30).map { _ in Task { @ResolverLoop in await resolver.resolve(question).status.outcome } }
        for task in tasks { #expect(await task.value == .noerrorData) }
        #expect(transport.asked.count == 1)
    }

    @Test func theModesHaveTheirDocumentedWords() {
        #expect(DNSSECMode.allCases.map(\.rawValue) == ["validate", "trust_ad", "off"])
    }
}
