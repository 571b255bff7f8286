// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DNS

@Suite struct ResponseCacheTests {
    private func question(_ number: Int) -> Question { Question("n\(number).example", .mx) }

    @Test func aValueLivesUntilItsTimeIsOver() {
        var cache = ResponseCache<Int>(capacity: 10_000)
        cache.insert(7, for: question(1), cost: 100, expires: 5_000)
        #expect(cache.value(for: question(1), at: 4_999)?.value == 7)
        #expect(cache.value(for: question(1), at: 4_000)?.millisecondsLeft == 1_000)
        #expect(cache.value(for: question(1), at: 5_000) == nil)
        #expect(cache.value(for: question(2), at: 0) == nil)
    }

    @Test func whatWasNotAskedForLongestGoesFirst() {
        var cache = ResponseCache<Int>(capacity: 3 * 350)
        for number in 1...3 { cache.insert(number, for: question(number), cost: 100, expires: 9) }
        #expect(cache.value(for: question(1), at: 0)?.value == 1)
        cache.insert(4, for: question(4), cost: 100, expires: 9)
        #expect(cache.value(for: question(2), at: 0) == nil)
        for number in [1, 3, 4] { #expect(cache.value(for: question(number), at: 0)?.value == number) }
        #expect(cache.count == 3)
        #expect(cache.bytes == 3 * 350)
    }

    @Test func bytesNeverExceedTheCapacity() {
        var cache = ResponseCache<Int>(capacity: 50_000)
        var draw = SystemRandomNumberGenerator()
        for number in 0..<5_000 {
            cache.insert(number, for: question(number % 700), cost: Int(draw.next() % 3_000), expires: 1)
            #expect(cache.bytes <= 50_000)
            if number % 3 == 0 { cache.remove(question(number % 500)) }
        }
        for number in 0..<700 { cache.remove(question(number)) }
        #expect(cache.bytes == 0)
        #expect(cache.count == 0)
    }

    @Test func aNewValueTakesThePlaceOfTheOld() {
        var cache = ResponseCache<Int>(capacity: 1_000)
        cache.insert(1, for: question(1), cost: 500, expires: 9)
        cache.insert(2, for: question(1), cost: 100, expires: 9)
        #expect(cache.value(for: question(1), at: 0)?.value == 2)
        #expect(cache.bytes == 350)
    }

    @Test func whatIsTooLargeForTheWholeCacheIsNotKept() {
        var cache = ResponseCache<Int>(capacity: 1_000)
        cache.insert(1, for: question(1), cost: 100, expires: 9)
        cache.insert(2, for: question(2), cost: 1_000, expires: 9)
        #expect(cache.value(for: question(1), at: 0)?.value == 1)
        #expect(cache.value(for: question(2), at: 0) == nil)
    }
}
