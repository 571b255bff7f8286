// SPDX-License-Identifier: Apache-2.0

import Observations

/// The header bits that tell a resolver how to answer.
struct QueryFlags: Hashable {
    /// DO (RFC 3225): send the signatures.
    var dnssecOK: Bool
    /// CD (RFC 4035 §3.2.2): send what you do not believe, too.
    var checkingDisabled: Bool

    static let unchecked = QueryFlags(dnssecOK: true, checkingDisabled: true)
    static let checked = QueryFlags(dnssecOK: true, checkingDisabled: false)
    static let plain = QueryFlags(dnssecOK: false, checkingDisabled: false)
}

/// Asks one question of the resolvers until one of them has an answer.
///
/// A resolver that answers with a failure is not asked the same question again; one that stays silent may be, after the
/// others. What every resolver refuses is the question's own failure. Where all are silent, the cause is looked for: a
/// resolver that answers nothing else either is dead, and only if all of them are is the word `resolver_down`, which
/// says nothing about the name.
final class Forwarder {
    /// What came back, and from whom.
    struct Asked {
        var reply: LookupReply
        var server: DNSServer?
    }

    private let upstreams: [Upstream]
    private let transport: any DNSTransport
    private let options: ResolverOptions
    private let clock: () -> Int64
    private var turn = 0

    init(options: ResolverOptions, transport: any DNSTransport, clock: @escaping () -> Int64) {
        self.options = options
        self.transport = transport
        self.clock = clock
        upstreams = options.servers.map {
            Upstream(server: $0, options: options, transport: transport, clock: clock)
        }
    }

    /// Queries that the resolvers were sent so far, repeated ones and those over TCP included.
    var queriesSent: Int { upstreams.reduce(0) { $0 + $1.queriesSent } }

    /// Whether a resolver other than this one is worth asking.
    func hasAlternative(to server: DNSServer?) -> Bool {
        upstreams.contains { $0.server != server && $0.health.isUsable(at: clock()) }
    }

    /// Asks, the resolver `avoided` only if there is no other.
    func ask(_ question: Question, _ flags: QueryFlags, avoiding avoided: DNSServer? = nil) async -> Asked {
        let query = Message.query(
            question, id: 0, udpPayloadSize: options.udpPayloadSize, dnssecOK: flags.dnssecOK,
            checkingDisabled: flags.checkingDisabled, recursionDesired: true)
        let began = clock()
        var silent: [DNSServer] = []
        var failed: [DNSServer] = []
        var worst: Attempt?
        while silent.count < options.attemptTimeouts.count {
            guard let upstream = choose(silent: silent, failed: failed, avoided: avoided) else {
                guard failed.isEmpty, let rest = restLeft(since: began) else { break }
                await transport.pause(milliseconds: rest)
                continue
            }
            let timeout = options.attemptTimeouts[silent.count]
            let isLast = silent.count + 1 == options.attemptTimeouts.count
            let attempt = await attempt(query, question, at: upstream, timeout: timeout, isLast: isLast)
            switch attempt {
            case .answered(let message):
                return Asked(reply: .message(message), server: upstream.server)
            case .failed:
                failed.append(upstream.server)
            case .silent:
                silent.append(upstream.server)
            case .dead:
                break
            }
            // That it never answered explains its silence before.
            let wasNeverThere = attempt.isDead && silent.allSatisfy { $0 == upstream.server } && failed.isEmpty
            worst = wasNeverThere ? attempt : Attempt.moreTelling(worst, attempt)
        }
        return Asked(reply: .failure(worst?.status ?? .resolverDown), server: nil)
    }

    /// How long to wait for the next trial of a dead resolver, a second at most since it may come back by another
    /// question; nil where patience is at its end or there is nothing to wait for.
    private func restLeft(since began: Int64) -> Int64? {
        let now = clock()
        guard now - began < options.patience else { return nil }
        return upstreams.compactMap { $0.health.restLeft(at: now) }.min().map { min(max($0, 1), 1_000) }
    }

    /// The usable resolver with the fewest questions; those in turn that have equally few.
    private func choose(silent: [DNSServer], failed: [DNSServer], avoided: DNSServer?) -> Upstream? {
        let now = clock()
        var best: (upstream: Upstream, rank: Int)?
        turn &+= 1
        for offset in upstreams.indices {
            let upstream = upstreams[(turn &+ offset) % upstreams.count]
            guard !failed.contains(upstream.server), upstream.health.isUsable(at: now) else { continue }
            let silences = silent.reduce(0) { $0 + ($1 == upstream.server ? 1 : 0) }
            let rank = (silences << 1 | (upstream.server == avoided ? 1 : 0)) << 32 | upstream.inFlight
            if rank < best?.rank ?? .max { best = (upstream, rank) }
        }
        best?.upstream.health.willAsk(at: now)
        return best?.upstream
    }

    private func attempt(
        _ query: [UInt8], _ question: Question, at upstream: Upstream, timeout: Int64, isLast: Bool
    ) async -> Attempt {
        let began = clock()
        switch await upstream.exchange(query, over: .udp, timeout: timeout) {
        case .answer(let bytes):
            switch Response(bytes, to: question) {
            case .message(let message): return .answered(message)
            case .failure(let status): return .failed(status)
            case .truncated: return await attemptOverTCP(query, question, at: upstream, timeout: timeout)
            }
        case let silence:
            let status = silence.silence
            // Of one that is asked for the first time nobody knows how slow it is.
            if silence == .timeout, upstream.health.isUnknown, !isLast, !hasAlternative(to: upstream.server) {
                return .silent(status)
            }
            return await upstream.isAlive(since: began) ? .silent(status) : .dead
        }
    }

    /// Truncated over UDP: the same resolver has the rest (RFC 7766 §5).
    private func attemptOverTCP(
        _ query: [UInt8], _ question: Question, at upstream: Upstream, timeout: Int64
    ) async -> Attempt {
        switch await upstream.exchange(query, over: .tcp, timeout: timeout) {
        case .answer(let bytes):
            switch Response(bytes, to: question) {
            case .message(let message): return .answered(message)
            case .failure(let status): return .failed(status)
            case .truncated: return .failed(.truncated("truncated over TCP too"))
            }
        case .timeout: return .failed(.truncated("no answer over TCP"))
        case .networkError(let errno): return .failed(.truncated("TCP failed, errno \(errno)"))
        }
    }
}

/// What one attempt at one resolver came to.
private enum Attempt {
    case answered(Message)
    case failed(LookupStatus)
    case silent(LookupStatus)
    case dead

    var isDead: Bool {
        if case .dead = self { true } else { false }
    }

    var status: LookupStatus? {
        switch self {
        case .answered: nil
        case .dead: .resolverDown
        case .failed(let status), .silent(let status): status
        }
    }

    /// Of two failures, the one that says more about the name: SERVFAIL says that its servers were asked, silence does
    /// not, and a dead resolver says nothing.
    static func moreTelling(_ left: Attempt?, _ right: Attempt) -> Attempt {
        guard let left, left.rank <= right.rank else { return right }
        return left
    }

    private var rank: Int {
        guard let outcome = status?.outcome else { return 0 }
        return switch outcome {
        case .servfail: 1
        case .truncatedTcpFailed: 2
        case .notimp: 3
        case .formerr: 4
        case .refused: 5
        case .timeout: 6
        case .networkError: 7
        default: 8
        }
    }
}

extension LookupStatus {
    fileprivate static let resolverDown = LookupStatus(
        outcome: .resolverDown, security: .indeterminate, reason: "no resolver answers anything")

    fileprivate static func truncated(_ reason: String) -> LookupStatus {
        LookupStatus(outcome: .truncatedTcpFailed, security: .indeterminate, reason: reason)
    }
}

extension TransportReply {
    fileprivate var silence: LookupStatus {
        switch self {
        case .networkError(let errno):
            LookupStatus(outcome: .networkError, security: .indeterminate, reason: "errno \(errno)")
        case .timeout, .answer:
            LookupStatus(outcome: .timeout, security: .indeterminate, reason: "no answer in time")
        }
    }
}
