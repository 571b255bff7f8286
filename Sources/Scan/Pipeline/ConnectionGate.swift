// SPDX-License-Identifier: Apache-2.0
import Observations

/// The budget for connections: one at a time for each address, so many at once and so many new ones a second in all.
///
/// Who may not go on waits in line; a freed place wakes the first of the line. Nothing is kept for an address once no
/// connection to it is open or waited for.
@NetworkLoop
final class ConnectionGate {
    private let maximumOpen: Int
    private let interval: Int64
    private var open = 0
    private var nextStart: Int64 = 0
    private var waitingForPlace: [UnsafeContinuation<Void, Never>] = []
    private var waitingForAddress: [IPAddress: [UnsafeContinuation<Void, Never>]] = [:]

    /// `perSecond` nil means no limit on new connections, as in a lab.
    init(maximumOpen: Int, perSecond: Int?) {
        self.maximumOpen = max(1, maximumOpen)
        interval = perSecond.map { 1_000_000 / Int64(max(1, $0)) } ?? 0
    }

    /// Connections open now.
    var openConnections: Int { open }

    /// Runs `body` while it holds the address and a place among all connections.
    func withPlace<Value>(for address: IPAddress, _ body: () async -> Value) async -> Value {
        await enter(address)
        defer { leave(address) }
        return await body()
    }

    private func enter(_ address: IPAddress) async {
        if waitingForAddress[address] != nil {
            await withUnsafeContinuation { waitingForAddress[address]?.append($0) }
        } else {
            waitingForAddress[address] = []
        }
        if open >= maximumOpen {
            await withUnsafeContinuation { waitingForPlace.append($0) }
        } else {
            open += 1
        }
        await waitForTurn()
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

    /// New connections are spread evenly: each takes the next free tick.
    private func waitForTurn() async {
        guard interval > 0 else { return }
        let now = NetworkLoop.monotonicMilliseconds * 1_000
        let start = max(now, nextStart)
        nextStart = start + interval
        if start > now { await NetworkLoop.sleep(milliseconds: (start - now + 999) / 1_000) }
    }
}
