// SPDX-License-Identifier: Apache-2.0

/// How long something fetched may be kept.
enum Lifetime {
    /// An answer, by its TTL (RFC 2308 for denials).
    case seconds(UInt32)
    /// A failure: shortly, and longer while it lasts (RFC 9520 §3.2).
    case failure
    /// Not at all.
    case none
}

/// Asks each question once: what is known comes from the cache, and who asks while somebody already asks the same waits
/// for that answer.
final class SharedQuestions<Value: Sendable> {
    private var cache: ResponseCache<Value>
    private var waiting: [Question: [CheckedContinuation<Value, Never>]] = [:]
    private let options: ResolverOptions
    private let clock: () -> Int64

    init(options: ResolverOptions, clock: @escaping () -> Int64) {
        self.options = options
        self.clock = clock
        cache = ResponseCache(capacity: options.cacheBytes)
    }

    /// The cached value and the milliseconds that it has left, if there is one.
    func cached(_ question: Question) -> (value: Value, millisecondsLeft: Int64)? {
        cache.value(for: question, at: clock())
    }

    /// The value that `fetch` brings, now or for somebody else.
    func value(
        for question: Question, fetch: () async -> (value: Value, lifetime: Lifetime, bytes: Int)
    ) async -> Value {
        if waiting[question] != nil {
            return await withCheckedContinuation { waiting[question]?.append($0) }
        }
        waiting[question] = []
        let fetched = await fetch()
        keep(fetched.value, for: question, fetched.lifetime, bytes: fetched.bytes)
        for waiter in waiting.removeValue(forKey: question) ?? [] { waiter.resume(returning: fetched.value) }
        return fetched.value
    }

    /// Forgets what is known.
    func forget(_ question: Question) {
        cache.remove(question)
    }

    private func keep(_ value: Value, for question: Question, _ lifetime: Lifetime, bytes: Int) {
        let now = clock()
        switch lifetime {
        case .seconds(let seconds):
            let milliseconds = min(Int64(seconds) * 1_000, options.longestLifetime)
            guard milliseconds > 0 else { return cache.remove(question) }
            cache.insert(value, for: question, cost: bytes, expires: now + milliseconds)
        case .failure:
            let failures = cache.failures(of: question)
            let doubled = options.firstFailureLifetime << Int64(min(failures, 16))
            let expires = now + min(doubled, options.longestFailureLifetime)
            cache.insert(value, for: question, cost: bytes, expires: expires, failures: failures + 1)
        case .none:
            cache.remove(question)
        }
    }
}
