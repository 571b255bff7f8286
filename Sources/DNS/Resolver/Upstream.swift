// SPDX-License-Identifier: Apache-2.0

import Observations

/// One recursive resolver: how many questions it has, how fast they may come, and whether it is alive.
final class Upstream {
    let server: DNSServer
    var health: ServerHealth
    private(set) var inFlight = 0
    private(set) var queriesSent = 0
    private let options: ResolverOptions
    private let transport: any DNSTransport
    private let clock: () -> Int64
    private var queue = WaitingLine()
    private var probeWaiters: [CheckedContinuation<Bool, Never>]?
    /// When the next question is due if they come at exactly the permitted rate, in microseconds.
    private var due: Int64 = .min
    private static let burst: Int64 = 100_000

    init(server: DNSServer, options: ResolverOptions, transport: any DNSTransport, clock: @escaping () -> Int64) {
        self.server = server
        self.options = options
        self.transport = transport
        self.clock = clock
        health = ServerHealth(firstRest: options.firstRest, longestRest: options.longestRest)
    }

    /// Sends one query when the limits allow it.
    func exchange(_ query: [UInt8], over carrier: DNSCarrier, timeout: Int64) async -> TransportReply {
        if inFlight >= options.inFlightLimit {
            await withCheckedContinuation { queue.append($0) }
        } else {
            inFlight += 1
        }
        defer { if !queue.admitNext() { inFlight -= 1 } }
        await keepRate()
        queriesSent += 1
        let reply = await transport.exchange(query, with: server, over: carrier, timeoutMilliseconds: timeout)
        if case .answer = reply { health.answered(at: clock()) }
        return reply
    }

    /// Whether it answers at all: it did since `moment`, or it now answers what every resolver knows, the servers of
    /// the root. Asked once for all who want to know.
    func isAlive(since moment: Int64) async -> Bool {
        if let lastAnswer = health.lastAnswer, lastAnswer > moment { return true }
        if probeWaiters != nil { return await withCheckedContinuation { probeWaiters?.append($0) } }
        probeWaiters = []
        let query = Message.query(
            Question(name: .root, type: .ns), id: 0, udpPayloadSize: options.udpPayloadSize, dnssecOK: false,
            checkingDisabled: false, recursionDesired: true)
        queriesSent += 1
        let reply = await transport.exchange(
            query, with: server, over: .udp, timeoutMilliseconds: options.probeTimeout)
        // An answer to another question, arrived meanwhile, is a sign of life too.
        var alive = health.lastAnswer.map { $0 > moment } ?? false
        if case .answer = reply {
            alive = true
            health.answered(at: clock())
        }
        if !alive { health.died(at: clock()) }
        let waiters = probeWaiters ?? []
        probeWaiters = nil
        for waiter in waiters { waiter.resume(returning: alive) }
        return alive
    }

    /// Spaces questions evenly at the permitted rate, with a little room for bursts.
    private func keepRate() async {
        guard options.queriesPerSecond > 0 else { return }
        let now = clock() * 1_000
        due = max(due, now - Self.burst) + 1_000_000 / Int64(options.queriesPerSecond)
        if due > now { await transport.pause(milliseconds: (due - now + 999) / 1_000) }
    }
}

/// Those who wait for a place, in the order of their coming.
struct WaitingLine {
    private var places: [CheckedContinuation<Void, Never>] = []
    private var head = 0

    /// Adds one at the end.
    mutating func append(_ place: CheckedContinuation<Void, Never>) {
        places.append(place)
    }

    /// Admits the next one; false where nobody waits.
    mutating func admitNext() -> Bool {
        guard head < places.count else { return false }
        let next = places[head]
        head += 1
        if head == places.count || head > 256 {
            places.removeFirst(head)
            head = 0
        }
        next.resume()
        return true
    }
}
