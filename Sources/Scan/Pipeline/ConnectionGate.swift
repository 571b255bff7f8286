// SPDX-License-Identifier: Apache-2.0
import Observations

/// The budget for connections: one at a time for each address, so many at once and so many new ones a second in all.
///
/// Who may not go on waits in line; a freed place wakes the first of the line, and a scan that is told to stop sends
/// everybody in line away. Nothing is kept for an address once no connection to it is open or waited for.
@NetworkLoop
final class ConnectionGate {
    private let maximumOpen: Int
    private let interval: Int64
    private var open = 0
    private var nextStart: Int64 = 0
    private var waitingForPlace: [UnsafeContinuation<Void, Never>] = []
    private var waitingForAddress: [IPAddress: [UnsafeContinuation<Void, Never>]] = [:]

    private let stop: StopSignal

    /// `perSecond` nil means no limit on new connections, as in a lab.
    init(maximumOpen: Int, perSecond: Int?, stop: StopSignal) {
        self.maximumOpen = max(1, maximumOpen)
        interval = perSecond.map { 1_000_000 / Int64(max(1, $0)) } ?? 0
        self.stop = stop
        stop.onRaise { [weak self] in self?.sendAway() }
    }

    /// Connections open now.
    var openConnections: Int { open }

    /// Runs `body` while it holds the address and a place among all connections; nil, and nothing was begun, where the
    /// scan was told to stop before it was its turn.
    func withPlace<Value>(for address: IPAddress, _ body: () async throws -> Value) async rethrows -> Value? {
        guard await enter(address) else { return nil }
        defer { leave(address) }
        return try await body()
    }

    private func enter(_ address: IPAddress) async -> Bool {
        guard !stop.isRaised else { return false }
        if waitingForAddress[address] != nil {
            await withUnsafeContinuation { waitingForAddress[address]?.append($0) }
            guard !stop.isRaised else { return false }
        } else {
            waitingForAddress[address] = []
        }
        if open >= maximumOpen {
            await withUnsafeContinuation { waitingForPlace.append($0) }
            guard !stop.isRaised else { return false }
        } else {
            open += 1
        }
        guard await waitForTurn() else {
            leave(address)
            return false
        }
        return true
    }

    /// Whoever stands in line goes without what they stood for; nobody comes after them.
    private func sendAway() {
        let inLine = waitingForPlace + waitingForAddress.values.joined()
        waitingForPlace = []
        waitingForAddress = waitingForAddress.mapValues { _ in [] }
        for continuation in inLine { continuation.resume() }
    }

    private func leave(_ address: IPAddress) {
        if waitingForPlace.isEmpty {
            open -= 1
        } else {
            waitingForPlace.removeFirst().resume()
        }
        guard var line = waitingForAddress[address], !line.isEmpty else {
            waitingForAddress[address] = nil
            return
        }
        let first = line.removeFirst()
        waitingForAddress[address] = line
        first.resume()
    }

    /// New connections are spread evenly: each takes the next free tick. False when the scan was told to stop meanwhile.
    private func waitForTurn() async -> Bool {
        guard interval > 0 else { return true }
        var now = NetworkLoop.monotonicMilliseconds * 1_000
        let start = max(now, nextStart)
        nextStart = start + interval
        while start > now, !stop.isRaised {
            // In short pieces, so that a long line is gone soon after the scan was told to stop.
            await NetworkLoop.sleep(milliseconds: min(250, (start - now + 999) / 1_000))
            now = NetworkLoop.monotonicMilliseconds * 1_000
        }
        return !stop.isRaised
    }
}
