// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite struct ForwarderTests {
    private static let answer = ResponseBytes(answer: [.a("example.org", "192.0.2.9")])
    private let question = Question("example.org", .a)

    private func forwarder(
        _ transport: ScriptedTransport, servers: [DNSServer] = [.first, .second],
        _ change: (inout ResolverOptions) -> Void = { _ in }
    ) -> Forwarder {
        var options = ResolverOptions(servers: servers)
        change(&options)
        return Forwarder(options: options, transport: transport, clock: transport.clock)
    }

    private func outcome(_ asked: Forwarder.Asked) -> DNSOutcome? {
        guard case .failure(let status) = asked.reply else { return nil }
        return status.outcome
    }

    @Test func oneAnswerTakesOneQuestion() async {
        let transport = ScriptedTransport { _ in .respond(Self.answer) }
        let asked = await forwarder(transport).ask(question, .unchecked)
        #expect(outcome(asked) == nil)
        #expect(transport.asked.map(\.server) == [asked.server])
        #expect(transport.asked.first?.carrier == .udp)
    }

    @Test func theFlagsAreSent() async {
        let transport = ScriptedTransport { _ in .respond(Self.answer) }
        let forwarder = forwarder(transport)
        for flags in [QueryFlags.unchecked, .checked, .plain] { _ = await forwarder.ask(question, flags) }
        #expect(transport.asked.map(\.dnssecOK) == [true, true, false])
        #expect(transport.asked.map(\.checkingDisabled) == [true, false, false])
    }

    @Test(arguments: [1, 2, 4, 5]) func aFailureOfOneResolverIsTriedAtTheOtherOnce(rcode: Int) async {
        let transport = ScriptedTransport { $0.server == .first ? .respond(ResponseBytes(rcode: rcode)) : .silence }
        let forwarder = forwarder(transport)
        let asked = await forwarder.ask(question, .unchecked)
        #expect(outcome(asked) == DNSOutcome(failedRCODE: rcode), "what a resolver says counts more than silence")
        #expect(transport.questions.count { $0.server == .first } == 1)
    }

    @Test func theOtherResolversAnswerStands() async {
        let transport = ScriptedTransport {
            $0.server == .first ? .respond(ResponseBytes(rcode: 2)) : .respond(Self.answer)
        }
        let forwarder = forwarder(transport)
        for _ in 0..<4 { #expect(await forwarder.ask(question, .unchecked).server == .second) }
        #expect(transport.asked.contains { $0.server == .first })
    }

    @Test func aSilentNameIsATimeoutAndTheResolverStaysInUse() async {
        let transport = ScriptedTransport { $0.question.name == self.question.name ? .silence : .respond(Self.answer) }
        let forwarder = forwarder(transport, servers: [.first])
        #expect(outcome(await forwarder.ask(question, .unchecked)) == .timeout)
        #expect(transport.questions.count == 3)
        #expect(transport.asked.contains { $0.question == Question(".", .ns) }, "a sign of life was asked for")
        #expect(outcome(await forwarder.ask(Question("example.net", .a), .unchecked)) == nil)
    }

    @Test func theAttemptsWaitLongerEachTimeAndAlternate() async {
        let transport = ScriptedTransport { _ in .silence }
        _ = await forwarder(transport).ask(question, .unchecked)
        let times = transport.questions.map(\.at)
        #expect(times.count == 3)
        #expect(zip(times.dropFirst(), times).map { $0 - $1 } == [3_000, 5_000])
        #expect(transport.questions[0].server != transport.questions[1].server)
    }

    @Test func aDeadResolverIsNotTheNamesFault() async {
        let transport = ScriptedTransport { _ in .silence }
        transport.rootIsAnswered = false
        let forwarder = forwarder(transport, servers: [.first])
        #expect(outcome(await forwarder.ask(question, .unchecked)) == .resolverDown)
        #expect(transport.asked.count == 4, "one question in three attempts, and one for a sign of life")
        #expect(outcome(await forwarder.ask(question, .unchecked)) == .resolverDown)
        #expect(transport.asked.count == 4, "left alone while it rests")
        transport.advance(1_000)
        #expect(outcome(await forwarder.ask(question, .unchecked)) == .resolverDown)
        #expect(transport.asked.count == 6, "then tried again, once")
    }

    /// A resolver that takes four seconds for everything, or whose first datagrams are lost, was called dead.
    @Test func aResolverThatIsOnlySlowIsNotDead() async {
        let transport = ScriptedTransport { $0.at < 1_003_000 ? .silence : .respond(Self.answer) }
        transport.rootIsAnswered = false
        let asked = await forwarder(transport, servers: [.first]).ask(question, .unchecked)
        #expect(outcome(asked) == nil)
        #expect(transport.questions.count == 2)
        #expect(transport.questions.count == transport.asked.count, "no sign of life was needed")
    }

    @Test func aResolverThatComesBackIsUsedAgain() async {
        var isDead = true
        let transport = ScriptedTransport { _ in isDead ? .error(111) : .respond(Self.answer) }
        transport.rootIsAnswered = false
        let forwarder = forwarder(transport, servers: [.first])
        #expect(outcome(await forwarder.ask(question, .unchecked)) == .resolverDown)
        isDead = false
        transport.advance(1_000)
        for _ in 0..<3 { #expect(outcome(await forwarder.ask(question, .unchecked)) == nil) }
    }

    @Test func aResolverThatRestartsSpoilsNothing() async {
        var isDead = false
        let transport = ScriptedTransport { _ in isDead ? .error(111) : .respond(Self.answer) }
        let forwarder = forwarder(transport, servers: [.first])
        _ = await forwarder.ask(question, .unchecked)
        isDead = true
        transport.rootIsAnswered = false
        transport.onPause = { now in
            if now > 1_005_000 { (isDead, transport.rootIsAnswered) = (false, true) }
        }
        #expect(outcome(await forwarder.ask(question, .unchecked)) == nil, "waited for")
        isDead = true
        transport.rootIsAnswered = false
        transport.onPause = { _ in }
        let began = transport.now
        #expect(outcome(await forwarder.ask(question, .unchecked)) == .resolverDown, "but not for ever")
        #expect((30_000...60_000).contains(transport.now - began))
        #expect(transport.questions.count < 20)
    }

    @Test func aDeadResolverIsLeftAloneWhileAnotherAnswers() async {
        let transport = ScriptedTransport { $0.server == .first ? .error(111) : .respond(Self.answer) }
        transport.rootIsAnswered = false
        let forwarder = forwarder(transport)
        for _ in 0..<20 { #expect(outcome(await forwarder.ask(question, .unchecked)) == nil) }
        #expect(transport.questions.count { $0.server == .first } <= 1)
    }

    @Test func aRefusalOfTheNetworkIsNotATimeout() async {
        let transport = ScriptedTransport { _ in .error(1) }
        let asked = await forwarder(transport).ask(question, .unchecked)
        #expect(outcome(asked) == .networkError)
        guard case .failure(let status) = asked.reply else { return }
        #expect(status.reason == "errno 1")
    }

    @Test func noResolverIsNoAnswer() async {
        let transport = ScriptedTransport { _ in .silence }
        #expect(outcome(await forwarder(transport, servers: []).ask(question, .unchecked)) == .resolverDown)
    }

    @Test func truncatedOverUDPIsAskedOverTCP() async {
        let transport = ScriptedTransport {
            .respond($0.carrier == .udp ? ResponseBytes(isTruncated: true) : Self.answer)
        }
        let asked = await forwarder(transport).ask(question, .unchecked)
        #expect(outcome(asked) == nil)
        #expect(transport.asked.map(\.carrier) == [.udp, .tcp])
        #expect(transport.asked[0].server == transport.asked[1].server)
    }

    @Test(arguments: [0, 1, 2]) func truncatedAndNotToBeHadOverTCPHasItsWord(how: Int) async {
        let transport = ScriptedTransport {
            if $0.carrier == .udp { return .respond(ResponseBytes(isTruncated: true)) }
            return [.silence, .error(111), .respond(ResponseBytes(isTruncated: true))][how]
        }
        #expect(outcome(await forwarder(transport).ask(question, .unchecked)) == .truncatedTcpFailed)
        #expect(transport.questions.count { $0.carrier == .tcp } == 2, "each resolver is asked")
    }

    @Test func theAvoidedResolverIsAskedOnlyIfThereIsNoOther() async {
        let transport = ScriptedTransport { _ in .respond(Self.answer) }
        for _ in 0..<5 {
            #expect(await forwarder(transport).ask(question, .unchecked, avoiding: .first).server == .second)
        }
        let alone = forwarder(transport, servers: [.first])
        #expect(await alone.ask(question, .unchecked, avoiding: .first).server == .first)
        #expect(!alone.hasAlternative(to: .first))
        #expect(forwarder(transport).hasAlternative(to: .first))
    }

    @Test func theRateIsKept() async {
        let transport = ScriptedTransport { _ in .respond(Self.answer) }
        let forwarder = forwarder(transport, servers: [.first]) { $0.queriesPerSecond = 100 }
        let began = transport.now
        for _ in 0..<200 { _ = await forwarder.ask(question, .unchecked) }
        #expect((1_880...2_000).contains(transport.now - began))
    }

    @Test @ResolverLoop func noMoreQuestionsAtOnceThanAllowedAndAllAreAnswered() async {
        let transport = ScriptedTransport { _ in .respond(Self.answer) }
        transport.turns = 3
        let forwarder = forwarder(transport, servers: [.first]) {
            $0.inFlightLimit = 7
            $0.queriesPerSecond = 0
        }
        let tasks = (0..<100).map { number in
            Task { @ResolverLoop in await forwarder.ask(Question("n\(number).example", .a), .unchecked).server }
        }
        for task in tasks { _ = await task.value }
        #expect(transport.mostAtOnce == 7)
        #expect(transport.questions.count == 100)
    }

    @Test @ResolverLoop func theSignOfLifeIsAskedForOnceForAll() async {
        let transport = ScriptedTransport { _ in .silence }
        transport.turns = 3
        transport.rootIsAnswered = false
        let forwarder = forwarder(transport, servers: [.first])
        let tasks = (0..<20).map { number in
            Task { @ResolverLoop in await forwarder.ask(Question("n\(number).example", .a), .unchecked).reply }
        }
        for task in tasks {
            guard case .failure(let status) = await task.value else {
                Issue.record("an answer from nowhere")
                continue
            }
            #expect(status.outcome == .resolverDown)
        }
        #expect(transport.asked.count { $0.question.name.isRoot } == 1)
    }
}
