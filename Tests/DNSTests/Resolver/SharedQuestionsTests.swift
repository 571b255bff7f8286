// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DNS

@Suite struct SharedQuestionsTests {
    private final class Bench {
        var now: Int64 = 0
        var fetches = 0
        lazy var shared = SharedQuestions<Int>(options: ResolverOptions(servers: [])) { [unowned self] in now }

        func ask(_ lifetime: Lifetime) async -> Int {
            let question = Question("example", .mx)
            if let known = shared.cached(question) { return known.value }
            return await shared.value(for: question) {
                fetches += 1
                for _ in 0..<5 { await Task.yield() }
                return (fetches, lifetime, 100)
            }
        }
    }

    @Test func anAnswerIsKeptForItsTTL() async {
        let bench = Bench()
        #expect(await bench.ask(.seconds(10)) == 1)
        bench.now = 9_999
        #expect(await bench.ask(.seconds(10)) == 1)
        bench.now = 10_000
        #expect(await bench.ask(.seconds(10)) == 2)
    }

    @Test func aFailureIsKeptShortlyAndLongerWhileItLasts() async {
        let bench = Bench()
        var moments: [Int64] = []
        for expected in 1...5 {
            #expect(await bench.ask(.failure) == expected)
            moments.append(bench.now)
            while bench.shared.cached(Question("example", .mx)) != nil { bench.now += 100 }
        }
        #expect(moments == [0, 5_000, 15_000, 35_000, 65_000])
        #expect(bench.now == 95_000, "never longer than 30 s")
    }

    @Test func anAnswerEndsTheRowOfFailures() async {
        let bench = Bench()
        _ = await bench.ask(.failure)
        bench.now = 5_000
        _ = await bench.ask(.seconds(1))
        bench.now = 6_000
        _ = await bench.ask(.failure)
        bench.now = 10_999
        #expect(await bench.ask(.failure) == 3)
        bench.now = 11_000
        #expect(await bench.ask(.failure) == 4)
    }

    @Test(arguments: [true, false]) func aTTLOfZeroAndOurOwnTroubleAreNotKept(isZero: Bool) async {
        let bench = Bench()
        _ = await bench.ask(isZero ? .seconds(0) : .none)
        #expect(await bench.ask(.none) == 2)
    }

    @Test @ResolverLoop func whoAsksTheSameMeanwhileWaitsForThatAnswer() async {
        let bench = Bench()
        let tasks = (0..<50).map { _ in Task { @ResolverLoop in await bench.ask(.none) } }
        for task in tasks { #expect(await task.value == 1) }
        #expect(bench.fetches == 1)
        #expect(await bench.ask(.none) == 2, "who asks later is answered anew")
    }
}
